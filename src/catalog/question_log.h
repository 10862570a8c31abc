// What was asked most, and what after what: so that a later process can warm its caches.
#pragma once

#include <atomic>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "catalog/catalog.h"

namespace levee::catalog {

// A question as a user asked it, apart from the version: of the newest.
struct AskedQuestion {
  std::string uri;  // of the table
  FilesRequest request;
  bool count = false;
};

// Thread-safe. Remembers at most kQuestionsMax questions, of those asked twice or more; when threads ask at the same
// time some go unrecorded. docs/formats/questions.md has the file.
class QuestionLog {
 public:
  static constexpr std::size_t kQuestionsMax = 256;
  // A process that asked less often leaves the file alone.
  static constexpr std::uint64_t kAskedToSave = 64;

  // An empty path: nothing is recorded.
  explicit QuestionLog(std::string path) : path_(std::move(path)) {}
  // Saves, unless too little was asked. A file that cannot be written is left out.
  ~QuestionLog();
  QuestionLog(const QuestionLog&) = delete;
  QuestionLog& operator=(const QuestionLog&) = delete;

  bool enabled() const { return !path_.empty(); }
  void Record(const std::string& uri, const FilesRequest& request, bool count);

  // The order to warm in: the most asked first, each followed by what was usually asked after it.
  std::vector<AskedQuestion> InOrder() const;

  // Adds what the file has, with half of its counts, so that what nobody asks any more fades. kNotFound without a
  // file, kCorrupt when it is damaged.
  Status Load();
  // Replaces the file.
  Status Save() const;

 private:
  struct Entry {
    AskedQuestion question;
    std::uint64_t times = 0;
    // The question that followed most often of late, by majority vote; 0: none.
    std::uint64_t next = 0;
    std::uint64_t next_votes = 0;
  };

  bool SeenBefore(std::uint64_t id);
  void MakeRoom();
  void Follow(std::uint64_t id);
  Bytes Encode() const;
  Status Decode(ByteSpan body);

  const std::string path_;
  std::atomic<std::uint64_t> asked_{0};
  std::atomic<bool> loaded_{false};
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::unordered_map<std::uint64_t, Entry> entries_;  // by the hash of the question
  std::uint64_t last_ = 0;
  // Questions asked once, by hash: most are never asked again.
  std::bitset<8192> seen_;
  std::size_t seen_count_ = 0;
};

}  // namespace levee::catalog

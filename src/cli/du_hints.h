// What a person would do about a table's sizes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "store/summary.h"

namespace levee::cli {

// The size that compaction commonly aims at.
inline constexpr std::int64_t kCompactedFileBytes = 128 << 20;

// How many files compaction to kCompactedFileBytes leaves of one partition at most: its files of store::kSmallFileBytes and
// more stay. Exact where all are smaller; else a bound, since sums do not say how the bytes are shared out.
std::int64_t FilesAfterCompaction(const store::FileSums& sums);

// Hears of each group of files once and keeps little of it. For one thread.
class DuHints {
 public:
  // `partitions`: groups are partitions, within which files may be put together.
  explicit DuHints(bool partitions) : partitions_(partitions) {}

  // `key` is asked only when a hint may name the group.
  void Add(const store::FileSums& sums, const std::function<std::string()>& key);
  // A line each; none where there is nothing to gain.
  std::vector<std::string> Notes() const;

 private:
  // The sizes of more partitions than this are not kept, and nothing is said of their median.
  static constexpr std::size_t kPartitionsMax = 100'000;

  struct Named {
    store::FileSums sums;
    std::string key;
  };

  void AddSmallFileNotes(std::vector<std::string>& notes) const;
  void AddSkewNote(std::vector<std::string>& notes) const;

  const bool partitions_;
  std::int64_t groups_ = 0;
  store::FileSums total_;
  std::int64_t left_ = 0;           // of all groups, compacted
  Named gains_most_, largest_;
  std::vector<std::int64_t> bytes_;  // by partition, unsorted
};

}  // namespace levee::cli

// What a store keeps of the memory bank, in no database's words: batches in the order in which they were written, and
// segments that merging makes of them, whose parts are chunks. docs/formats/memory.md tells what stands in their bytes,
// which the memory layer alone reads and writes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"

namespace levee::store {

// Names a state of the bank. Neither number is ever used again.
struct BankState {
  std::int64_t position = 0;    // of the newest batch; 0: there was none yet
  std::int64_t generation = 0;  // of the layout: moves with each merge and each note
  friend bool operator==(const BankState&, const BankState&) = default;
};

struct BankBatch {
  std::int64_t number = 0;
  Bytes body;
};

struct BankSegment {
  std::int64_t id = 0;
  Bytes directory;
  Bytes ended;  // which of its rows are ended; as merges leave it
};

struct BankNote {
  std::string key, value;
};

// All but the batches.
struct BankLayout {
  std::int64_t merged_position = 0;  // the newest batch whose rows are in segments
  std::vector<BankSegment> segments; // ascending ids
  std::vector<BankNote> notes;       // by key
};

// What is new since a state that the reader knows, in one snapshot.
struct BankNews {
  BankState state;
  std::optional<BankLayout> layout;  // where the generation differs
  std::vector<BankBatch> batches;    // ascending numbers
};

// What a merge exchanges. Segments that are not named stay as they are.
struct BankMerge {
  std::int64_t generation = 0;             // on which it was built
  std::int64_t merged_position = 0;        // the batches up to it go
  struct NewSegment {
    Bytes directory, ended;
  };
  std::vector<NewSegment> added;
  std::vector<std::int64_t> dropped;       // segments
  std::vector<BankSegment> ended;          // segments that stay, with their new `ended`; directories are not looked at
  std::vector<std::int64_t> dropped_chunks; // deleted once no reader can want them any more
  std::int64_t staging = 0;                // whose chunks are in use from now on
  std::vector<BankBatch> replaced_batches; // new bodies
  std::vector<BankNote> notes;             // set
};

// A write transaction: no other writer of any process is at work while it stands. Rolls back unless committed. Used by
// one thread.
class BankWriter {
 public:
  virtual ~BankWriter() = default;
  virtual Result<BankNews> ReadNews(const BankState& known) = 0;
  // Its number. At most one.
  virtual Result<std::int64_t> Append(ByteSpan body) = 0;
  // Replaces a note, or deletes it.
  virtual Status SetNote(std::string_view key, std::optional<std::string_view> value) = 0;
  // The state afterwards.
  virtual Result<BankState> Commit() = 0;
};

// Thread-safe.
class BankStore {
 public:
  virtual ~BankStore() = default;

  // Another number than before means that something may have been committed since, by whomever; the same one that nothing
  // was. Costs no system call. Nothing: the database cannot tell, ask ReadNews.
  virtual std::optional<std::uint64_t> ChangeMark() = 0;
  virtual Result<BankNews> ReadNews(const BankState& known) = 0;
  // Waits for other writers within the busy budget: kUnavailable after it. `durable`: Commit returns after a sync.
  virtual Result<std::unique_ptr<BankWriter>> BeginWrite(bool durable) = 0;

  // Begins to put chunks aside that no state has yet; what was put aside and never merged is deleted later.
  virtual Result<std::int64_t> BeginStaging() = 0;
  // Their numbers, ascending without a gap.
  virtual Result<std::int64_t> StageChunks(std::int64_t staging, std::span<const Bytes> chunks) = 0;
  // False: the layout has moved on since `generation`, and nothing was done.
  virtual Result<bool> PublishMerge(const BankMerge& merge) = 0;
  // Deletes what merges dropped more than `lease_ms` ago, and staged chunks of those that never ended.
  virtual Status CollectGarbage(std::int64_t now_ms, std::int64_t lease_ms) = 0;

  // Lends the chunk to `visit`, which asks the store for nothing meanwhile. kNotFound: it was dropped, so the layout is old.
  virtual Status VisitChunk(std::int64_t chunk, const std::function<Status(ByteSpan bytes)>& visit) = 0;
  Result<Bytes> ReadChunk(std::int64_t chunk) {
    Bytes read;
    LEVEE_RETURN_IF_ERROR(VisitChunk(chunk, [&read](ByteSpan bytes) -> Status {
      read.assign(bytes.begin(), bytes.end());
      return {};
    }));
    return read;
  }

  virtual Result<std::int64_t> SizeBytes() = 0;
  // Everything, into a new file; other writers go on. kAlreadyExists.
  virtual Status CopyTo(const std::string& path) = 0;
  // Moves what was committed from the log into the database, as far as that keeps nobody waiting.
  virtual Status Checkpoint() = 0;
  // Gives free pages back to the file system: all, writing everything anew.
  virtual Status ShrinkFile() = 0;
  // The same of at most `bytes`, in one short transaction; how many bytes are still free. An older file, which knows no
  // such thing, has none.
  virtual Result<std::int64_t> ReleaseFreeBytes(std::int64_t bytes) = 0;
  virtual Result<std::int64_t> FreeBytes() = 0;
  virtual const std::string& uri() const = 0;
  virtual bool read_only() const = 0;
};

}  // namespace levee::store

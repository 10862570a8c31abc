// Replays the commits of a range to entries with a validity, before the base checkpoint is read.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/hash.h"
#include "base/status.h"
#include "columnar/batch.h"
#include "delta/commit_reader.h"
#include "delta/entry_batch_builder.h"

namespace levee::catalog {

// The end of an entry.
struct EntryEnd {
  std::int64_t version = 0;
  // From the remove action; absent when a later add of the same key replaced the entry.
  std::optional<delta::RemoveAction> remove;
};

// Commits are applied in version order; entries that begin in them are kept as typed batches of at most
// 65,536 rows, and handed out once their end is known. Not thread-safe.
class EntryTimeline {
 public:
  struct Options {
    // Commits below it are folded into the base: their entries get no added version and their ended
    // entries vanish.
    std::int64_t keep_versions_from = 0;
    bool has_base = true;  // false: the log starts at version 0, no entry can be older
  };
  explicit EntryTimeline(Options options) : options_(options) {}

  // The schema for the adds of the commits that follow.
  void SetSchema(const types::Schema& schema);
  void Apply(const delta::CommitContent& commit);

  // True when a base entry of that key may end in the commits: a cheap filter by the stored key hash.
  bool MayEndBase(std::int64_t key_hash) const { return base_hashes_.contains(key_hash); }
  // The end of the base entry with that key (WideFileKey), which is then no tombstone any more. Thread-safe
  // against itself through the caller's lock.
  const EntryEnd* FindBaseEnd(const Hash128& key);
  // Changes with the end of any of these base entries: whether an earlier import gave them the same ones.
  Hash128 HashBaseEnds(const std::vector<Hash128>& keys) const;

  // The batches of entries that begin in the commits, with kAddedVersion, kRemovedVersion and the
  // remove's columns; entries that a later action of the same commit replaced are left out.
  std::vector<columnar::Batch> TakeBatches();
  // Removes that met no entry; version beside each. Call after the base was read.
  std::vector<std::pair<std::int64_t, delta::RemoveAction>> TakeTombstones();

 private:
  struct KeyHasher {
    std::size_t operator()(const Hash128& hash) const { return hash.low; }
  };
  struct Pending {
    EntryEnd end;
    bool met_entry = false;
  };

  void End(const Hash128& key, std::int64_t key_hash, EntryEnd end);
  void CloseBatch();

  const Options options_;
  std::optional<delta::EntryBatchBuilder> builder_;
  std::vector<columnar::Batch> batches_;
  std::vector<std::int64_t> added_;                       // by entry, in order of addition
  std::unordered_map<std::size_t, EntryEnd> ends_;        // entry -> its end
  std::unordered_map<Hash128, std::size_t, KeyHasher> live_;   // key -> live entry
  std::unordered_map<Hash128, Pending, KeyHasher> base_ends_;  // keys that no commit added before
  std::unordered_set<std::int64_t> base_hashes_;  // their stored hashes
  // Removes of keys in base_ends_ that came after that end, by version.
  std::vector<std::pair<std::int64_t, delta::RemoveAction>> later_removes_;
};

// Writes an end's columns (kRemovedVersion, kDeletionTimestamp, kRemoveDataChange,
// kExtendedFileMetadata, kRemoveResidual) of the given rows; rows that are not named stay null.
void AddEndColumns(columnar::Batch& batch, const std::unordered_map<std::size_t, const EntryEnd*>& ends);

// The identity of a file within its table.
Hash128 WideFileKey(std::string_view path, const std::string& dv_unique_id);

}  // namespace levee::catalog

// What an entry says, in few bytes: enough to see that store and log agree.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "columnar/batch.h"
#include "delta/entry_batch_builder.h"
#include "delta/plain_replay.h"

namespace levee::catalog {

// Equal digests mean equal entries (but for chance, 2^-64); entries of unequal ones must be compared in full,
// since one value may be spelt in several ways.
struct EntryDigest {
  std::uint64_t fields = 0;  // all but the statistics
  std::uint64_t stats = 0;   // 0: there are none

  friend bool operator==(const EntryDigest&, const EntryDigest&) = default;
};

// A part of all keys, for what does not fit into memory at once.
struct KeySlice {
  std::uint64_t index = 0, count = 1;

  bool Has(std::uint64_t key) const { return count == 1 || key % count == index; }
};

struct DigestOptions {
  // Leaves out dataChange, which checkpoints set to false.
  bool without_data_change = false;
  KeySlice slice;  // of what is collected
};

// The digest of each row of a batch of entries, and the hash of its key (types::FileKeyHash).
struct KeyedDigest {
  std::uint64_t key = 0;
  EntryDigest digest;
};
std::vector<KeyedDigest> DigestsOf(const columnar::Batch& batch, const DigestOptions& options);

// Only the key hashes.
std::vector<std::uint64_t> KeysOf(const columnar::Batch& batch);

using EntryDigests = std::unordered_map<std::uint64_t, EntryDigest>;

// Collects the digests of the files that are alive at the end of a replay: kBytesAFile, whatever their
// statistics. Those are typed as an import would type them, so that both sides are written by one function.
class DigestCollector final : public delta::ReplayVisitor {
 public:
  DigestCollector(const types::Schema& schema, const DigestOptions& options)
      : options_(options), builder_(schema) {}

  void Start() override;
  void Add(const delta::AddAction& add) override;
  void Remove(const delta::RemoveAction& remove) override;
  EntryDigests Take();

  static constexpr std::uint64_t kBytesAFile = 60;

 private:
  void Flush();

  const DigestOptions options_;
  delta::EntryBatchBuilder builder_;
  EntryDigests digests_;
};

}  // namespace levee::catalog

// The rows of a segment by the hashes of their ids.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace levee::memory {

// Hashes are spread evenly: their highest bits name a bucket of about eight, which is a cache line or two. Immutable.
class SegmentKeys {
 public:
  SegmentKeys() = default;
  // `hashes` ascend; the row of each.
  SegmentKeys(std::vector<std::uint64_t> hashes, std::vector<std::uint32_t> rows);

  std::span<const std::uint64_t> hashes() const { return hashes_; }
  std::span<const std::uint32_t> rows() const { return rows_; }

  // Appends the rows whose id has that hash.
  void Find(std::uint64_t hash, std::vector<std::uint32_t>& rows) const;
  // Find will be called soon: who looks into many segments waits for memory once, not for each. Two steps, of which the
  // second needs what the first fetches.
  void PrefetchBucket(std::uint64_t hash) const { __builtin_prefetch(&begins_[BucketOf(hash)]); }
  void PrefetchHashes(std::uint64_t hash) const {
    // An empty bucket at the end begins behind the last one.
    const std::size_t begin = begins_[BucketOf(hash)];
    if (begin < hashes_.size()) __builtin_prefetch(&hashes_[begin]);
  }

 private:
  std::size_t BucketOf(std::uint64_t hash) const { return static_cast<std::size_t>(hash >> shift_); }

  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> rows_;
  std::vector<std::uint32_t> begins_ = {0, 0, 0};  // of each bucket; one more at the end
  int shift_ = 63;                                 // that leaves a bucket's number of a hash
};

}  // namespace levee::memory

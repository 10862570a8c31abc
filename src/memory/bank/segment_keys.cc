#include "memory/bank/segment_keys.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace levee::memory {

SegmentKeys::SegmentKeys(std::vector<std::uint64_t> hashes, std::vector<std::uint32_t> rows)
    : hashes_(std::move(hashes)), rows_(std::move(rows)) {
  constexpr std::size_t kBucket = 8;
  const std::size_t buckets = std::bit_ceil(std::max<std::size_t>(2, hashes_.size() / kBucket));
  shift_ = 64 - std::countr_zero(buckets);
  begins_.assign(buckets + 1, 0);
  for (const std::uint64_t hash : hashes_) ++begins_[BucketOf(hash) + 1];
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) begins_[bucket + 1] += begins_[bucket];
}

void SegmentKeys::Find(std::uint64_t hash, std::vector<std::uint32_t>& rows) const {
  const std::size_t bucket = BucketOf(hash);
  for (std::uint32_t at = begins_[bucket]; at < begins_[bucket + 1]; ++at) {
    if (hashes_[at] == hash) rows.push_back(rows_[at]);
  }
}

}  // namespace levee::memory

// The rows of a segment by hashes, against looking at every one.
#include "memory/bank/segment_keys.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace levee::memory_bank {
namespace {

TEST(SegmentKeys, FindsTheRowsOfAHashHoweverManyThereAre) {
  std::mt19937_64 random(7);
  for (const std::size_t size : {0u, 1u, 2u, 7u, 8u, 9u, 100u, 5'000u}) {
    std::vector<std::uint64_t> hashes(size);
    for (std::uint64_t& hash : hashes) hash = random() % 3 == 0 ? ~std::uint64_t{0} - random() % 4 : random() >> random() % 60;
    std::ranges::sort(hashes);
    std::vector<std::uint32_t> rows(size);
    for (std::size_t i = 0; i < size; ++i) rows[i] = static_cast<std::uint32_t>(size - i);
    const memory::SegmentKeys keys(hashes, rows);
    std::vector<std::uint64_t> asked = hashes;
    asked.insert(asked.end(), {0, 1, ~std::uint64_t{0}, std::uint64_t{1} << 63, random()});
    for (const std::uint64_t hash : asked) {
      std::vector<std::uint32_t> wanted, found;
      for (std::size_t i = 0; i < size; ++i) {
        if (hashes[i] == hash) wanted.push_back(rows[i]);
      }
      keys.PrefetchBucket(hash);
      keys.PrefetchHashes(hash);
      keys.Find(hash, found);
      EXPECT_EQ(found, wanted) << size << " rows, hash " << hash;
    }
  }
}

}  // namespace
}  // namespace levee::memory_bank

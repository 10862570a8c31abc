#include "base/hash_chains.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/hash.h"

namespace levee {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::uint32_t> Of(const HashChains& chains, std::uint64_t hash) {
  std::vector<std::uint32_t> found;
  chains.ForEach(hash, [&](std::uint32_t i) { found.push_back(i); });
  return found;
}

TEST(HashChainsTest, ChainsAscend) {
  const std::vector<std::uint64_t> hashes = {1, 2, 1, 1, 2};
  const HashChains chains(hashes.size(), [&](std::size_t i) { return hashes[i]; });
  EXPECT_THAT(Of(chains, 1), ElementsAre(0, 2, 3));
  EXPECT_THAT(Of(chains, 2), ElementsAre(1, 4));
  EXPECT_THAT(Of(chains, 3), IsEmpty());
}

TEST(HashChainsTest, NothingIsInAnEmptyOne) {
  EXPECT_THAT(Of(HashChains(), 7), IsEmpty());
  EXPECT_THAT(Of(HashChains(0, [](std::size_t) { return 0; }), 7), IsEmpty());
}

TEST(HashChainsTest, FindsEachOfMany) {
  std::vector<std::string> names;
  for (int i = 0; i < 5'000; ++i) names.push_back("c" + std::to_string(i));
  const HashChains chains(names.size(), [&](std::size_t i) { return Hash64(names[i]); });
  std::size_t looked_at = 0;
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    const auto found = Of(chains, Hash64(names[i]));
    looked_at += found.size();
    EXPECT_THAT(found, ::testing::Contains(i));
  }
  EXPECT_LT(looked_at, 2 * names.size());
}

}  // namespace
}  // namespace levee

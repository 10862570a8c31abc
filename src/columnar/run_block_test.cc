#include "columnar/run_block.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>
#include <vector>

namespace levee::columnar {
namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

void CheckIntegers(const std::vector<std::int64_t>& values, std::size_t bytes) {
  Bytes packed{7};  // blocks stand one after another
  PackIntegers(values, packed);
  EXPECT_EQ(packed.size(), 1 + 9 + bytes);
  packed.resize(packed.size() + kRunBlockSlack, 0xff);
  for (std::size_t first = 0; first < values.size(); ++first) {
    std::vector<std::int64_t> got(values.size() - first);
    UnpackIntegers(packed.data() + 1, first, got.size(), got.data());
    EXPECT_EQ(got, std::vector<std::int64_t>(values.begin() + static_cast<std::ptrdiff_t>(first), values.end()));
  }
}

TEST(RunBlock, IntegersTakeTheBytesThatTheirRangeNeeds) {
  CheckIntegers({5, 5, 5}, 0);
  CheckIntegers({-1, 254, 7}, 3);
  CheckIntegers({1'000'000'000'000, 1'000'000'000'256}, 4);
  CheckIntegers({0, (std::int64_t{1} << 56) - 1}, 14);
}

TEST(RunBlock, TheWholeRangeOfIntegersFits) {
  CheckIntegers({kLeast, kMost, 0, -1, 1}, 40);
  CheckIntegers({kMost, kMost - 1}, 2);
}

TEST(RunBlock, StringsComeBackFromAnyRowOn) {
  std::mt19937 random(7);
  std::vector<std::string> values = {"", "", "a", "ab", std::string(300, 'x'), std::string(400, 'x') + "y", "b"};
  for (int i = 0; i < 100; ++i) {
    values.push_back("date=2024-01-0" + std::to_string(random() % 3) + std::string(random() % 200, 'p') +
                     std::to_string(random()));
  }
  Bytes packed;
  StringPacker packer(packed);
  for (const std::string& value : values) packer.Add(value);
  for (std::size_t first = 0; first < values.size(); ++first) {
    StringValues got;
    got.PushBack("before");
    UnpackStrings(packed.data(), first, values.size() - first, got);
    ASSERT_EQ(got.size(), 1 + values.size() - first);
    for (std::size_t i = first; i < values.size(); ++i) EXPECT_EQ(got[1 + i - first], values[i]);
  }
}

}  // namespace
}  // namespace levee::columnar

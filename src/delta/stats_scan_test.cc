#include "delta/stats_scan.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>

#include "delta/stats_literal.h"

namespace levee::delta {
namespace {

// The characters that a scan takes of `text`, which ends in no token; -1 when it takes none.
template <typename Scan>
std::ptrdiff_t Taken(const std::string& text, Scan scan) {
  const char* const end = scan(text.data(), text.data() + text.size());
  return end == nullptr ? -1 : end - text.data();
}

std::ptrdiff_t String(const std::string& text) { return Taken(text, PlainStringEnd); }

TEST(StatsScan, StringsEndAtTheirQuote) {
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string text = '"' + std::string(size, 'x') + '"';
    EXPECT_EQ(String(text + ",\"next\":\"\\n\"}"), static_cast<std::ptrdiff_t>(text.size()));
    EXPECT_EQ(String(text), static_cast<std::ptrdiff_t>(text.size()));
    EXPECT_EQ(String(text.substr(0, text.size() - 1)), -1) << "no end";
    for (const char* odd : {"\\n", "\x1f", "\xff", "\xc3"}) {
      EXPECT_EQ(String('"' + std::string(size, 'x') + odd + "tail\"      "), -1) << size;
    }
    const std::string wide = '"' + std::string(size, 'x') + "\xc3\xa9" + std::string(9, 'y') + '"';
    EXPECT_EQ(String(wide + "}}}}}}}}"), static_cast<std::ptrdiff_t>(wide.size()));
  }
}

TEST(StatsScan, RealsAreTheNearestDoubles) {
  std::mt19937_64 random(11);
  int taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = i % 3 == 0 ? "-" : "";
    text += std::to_string(random() % (i % 2 == 0 ? 10 : 10'000'000));
    if (i % 5 != 0) {
      std::string fraction = std::to_string(random() >> (random() % 60));
      text += "." + std::string(random() % 4, '0') + fraction.substr(0, 1 + random() % 17);
    }
    double value = 0;
    const std::string ended = text + ",";
    const char* const end = ShortRealEnd(ended.data(), ended.data() + ended.size(), value);
    if (end == nullptr) continue;
    ++taken;
    ASSERT_EQ(end - ended.data(), static_cast<std::ptrdiff_t>(text.size())) << text;
    ASSERT_EQ(value, std::strtod(text.c_str(), nullptr)) << text;
  }
  EXPECT_GT(taken, 10'000);
}

TEST(StatsScan, OtherRealsAreLeft) {
  double value = 0;
  const auto taken = [&](const std::string& text) {
    return Taken(text, [&](const char* at, const char* end) { return ShortRealEnd(at, end, value); });
  };
  for (const char* text : {"1e5,", "1.5E5,", "01,", "-,", "1.,", ".5,", "1", "1.5", "NaN,", "\"1\",", "",
                           "9007199254740993,", "123456789012345678901,", "0.1234567890123456789,", "1.2.3,"}) {
    EXPECT_EQ(taken(text), -1) << text;
  }
  ASSERT_EQ(taken("-0.0}"), 4);
  EXPECT_TRUE(std::signbit(value));
}

TEST(StatsScan, WholeNumbersOfUpTo18Digits) {
  std::int64_t value = 0;
  const auto taken = [&](const std::string& text) {
    return Taken(text, [&](const char* at, const char* end) { return ShortWholeEnd(at, end, value); });
  };
  ASSERT_EQ(taken("-123456789012345678,"), 19);
  EXPECT_EQ(value, -123'456'789'012'345'678);
  for (const char* text : {"1234567890123456789,", "1.0,", "1e3,", "01,", "-,", "x,", "12"}) {
    EXPECT_EQ(taken(text), -1) << text;
  }
}

TEST(StatsLiteral, IsThereOnlyWhenEachByteIs) {
  const std::string whole = "},\"maxValues\":{\"id\":";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const StatsLiteral literal(std::string_view(whole).substr(0, size));
    for (const std::string& rest : {std::string(), std::string("12345678901234567890")}) {
      const std::string text = whole.substr(0, size) + rest;
      EXPECT_TRUE(literal.IsAt(text.data(), text.data() + text.size())) << size;
      for (std::size_t at = 0; at < size; ++at) {
        std::string changed = text;
        changed[at] ^= 1;
        EXPECT_FALSE(literal.IsAt(changed.data(), changed.data() + changed.size())) << size << " " << at;
      }
      if (size == 0) continue;
      EXPECT_FALSE(literal.IsAt(text.data(), text.data() + size - 1)) << size;
    }
  }
}

}  // namespace
}  // namespace levee::delta

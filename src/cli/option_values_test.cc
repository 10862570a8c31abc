#include "cli/option_values.h"

#include <gtest/gtest.h>

#include <array>

#include "cli/global_options.h"
#include "cli/registry.h"

namespace levee::cli {
namespace {

ParsedLine Line(std::vector<const char*> arguments) {
  return ParseLine(arguments, CommandSpecs(), GlobalOptionSpecs()).value_or(ParsedLine{});
}

TEST(IntegerOption, ReadsWholeNumbers) {
  EXPECT_EQ(IntegerOption(Line({"files", "t"}), "limit").value(), std::optional<std::int64_t>());
  EXPECT_EQ(IntegerOption(Line({"files", "t", "--limit", "0"}), "limit").value(), std::optional<std::int64_t>(0));
  for (const char* wrong : {"-1", "x", "1x", "", "1.5", "99999999999999999999"}) {
    EXPECT_FALSE(IntegerOption(Line({"files", "t", "--limit", wrong}), "limit")) << wrong;
  }
}

TEST(WordOption, TakesTheFirstByDefaultAndRefusesOthers) {
  constexpr std::array<std::string_view, 2> kWords{"table", "json"};
  EXPECT_EQ(WordOption(Line({"show", "t"}), "format", kWords), "table");
  EXPECT_EQ(WordOption(Line({"show", "t", "--format", "json"}), "format", kWords), "json");
  const auto wrong = WordOption(Line({"show", "t", "--format", "xml"}), "format", kWords);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().hint, "give one of table, json");
}

TEST(DurationOption, ReadsUnits) {
  EXPECT_EQ(DurationOption(Line({"add", "t", "--keep", "30d"}), "keep").value(), std::optional<std::int64_t>(2'592'000'000));
  EXPECT_FALSE(DurationOption(Line({"add", "t", "--keep", "soon"}), "keep"));
}

// 2024-01-31T00:00:00Z is 1706659200 s after the epoch.
TEST(ParseMoment, ReadsRfc3339AndDates) {
  constexpr std::int64_t kDay = 1'706'659'200'000;
  EXPECT_EQ(ParseMoment("2024-01-31", "UTC"), kDay);
  EXPECT_EQ(ParseMoment("2024-01-31T12:30:00Z", "UTC"), kDay + 45'000'000);
  EXPECT_EQ(ParseMoment("2024-01-31T12:30:00.5+02:00", "UTC"), kDay + 45'000'500 - 7'200'000);
  // Berlin is an hour ahead of UTC in winter.
  EXPECT_EQ(ParseMoment("2024-01-31 00:00:00", "Europe/Berlin"), kDay - 3'600'000);
  EXPECT_EQ(ParseMoment("2024-01-31", "+01:00"), kDay - 3'600'000);
}

TEST(ParseMoment, RoundsDown) {
  EXPECT_EQ(ParseMoment("1969-12-31T23:59:59.999999Z", "UTC"), -1);
}

TEST(ParseMoment, RefusesOtherTexts) {
  for (const std::string_view wrong : {"", "yesterday", "2024-13-01", "2024-01-31T25:00:00Z", "31.1.2024"}) {
    EXPECT_EQ(ParseMoment(wrong, "UTC"), std::nullopt) << wrong;
  }
}

TEST(ReadGlobalOptions, PrefersFlagsToTheEnvironment) {
  const Environment environment = [](const std::string& name) -> std::optional<std::string> {
    if (name == "LEVEE_STORE") return "from-environment.db";
    if (name == "LEVEE_FRESHNESS") return "bounded:5s";
    return std::nullopt;
  };
  const auto options = ReadGlobalOptions(Line({"--store", "flag.db", "tables"}), environment);
  ASSERT_TRUE(options);
  EXPECT_EQ(options->store_uri, "flag.db");
  EXPECT_EQ(options->freshness.mode, catalog::Freshness::Mode::kBounded);
  EXPECT_EQ(options->freshness.bound_ms, 5000);
  EXPECT_EQ(options->timezone, "UTC");
}

TEST(ReadGlobalOptions, TellsAWrongFlagFromAWrongVariable) {
  const Environment nothing = [](const std::string&) { return std::nullopt; };
  for (const auto& line : {Line({"--freshness", "stale", "tables"}), Line({"--timezone", "Mars/Olympus", "tables"}),
                           Line({"--memory-limit", "much", "tables"})}) {
    const auto options = ReadGlobalOptions(line, nothing);
    ASSERT_FALSE(options);
    EXPECT_EQ(options.error().exit_code, kExitUsage);
  }
  const Environment wrong = [](const std::string& name) -> std::optional<std::string> {
    if (name == "LEVEE_TIMEZONE") return "Mars/Olympus";
    return std::nullopt;
  };
  const auto options = ReadGlobalOptions(Line({"tables"}), wrong);
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().exit_code, kExitError);
  EXPECT_EQ(options.error().error.what, "LEVEE_TIMEZONE");
}

}  // namespace
}  // namespace levee::cli

#include "settings/settings.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "settings/byte_size.h"
#include "settings/duration.h"
#include "settings/freshness_text.h"
#include "settings/toml_file.h"

namespace levee::settings {
namespace {

using ::testing::HasSubstr;

TEST(DurationTest, ReadsNumbersWithUnits) {
  EXPECT_EQ(ParseDuration("250ms").value(), 250);
  EXPECT_EQ(ParseDuration("5s").value(), 5'000);
  EXPECT_EQ(ParseDuration("10m").value(), 600'000);
  EXPECT_EQ(ParseDuration("2h").value(), 7'200'000);
  EXPECT_EQ(ParseDuration("30d").value(), 2'592'000'000);
  EXPECT_EQ(ParseDuration("2w").value(), 1'209'600'000);
  EXPECT_EQ(FormatDuration(7'200'000), "2h");
  EXPECT_EQ(FormatDuration(90'000), "90s");
  EXPECT_EQ(FormatDuration(0), "0s");
  for (const char* wrong : {"", "5", "s", "-5s", "5 s", "5x", "1.5s", "100001d", "99999999999999999999s"}) {
    EXPECT_EQ(ParseDuration(wrong).error().code, ErrorCode::kInvalidArgument) << wrong;
  }
}

TEST(ByteSizeTest, ReadsNumbersWithUnits) {
  EXPECT_EQ(ParseByteSize("4096").value(), 4096);
  EXPECT_EQ(ParseByteSize("64KB").value(), 65'536);
  EXPECT_EQ(ParseByteSize("256 mb").value(), 268'435'456);
  EXPECT_EQ(ParseByteSize("2GiB").value(), 2'147'483'648);
  EXPECT_EQ(ParseByteSize("1T").value(), 1'099'511'627'776);
  for (const char* wrong : {"", "MB", "-1MB", "1.5GB", "1XB", "1MBx", "2048TB"}) {
    EXPECT_EQ(ParseByteSize(wrong).error().code, ErrorCode::kInvalidArgument) << wrong;
  }
}

TEST(FreshnessTextTest, ReadsTheThreeModes) {
  EXPECT_EQ(ParseFreshness("fresh").value().mode, FreshnessText::Mode::kFresh);
  EXPECT_EQ(ParseFreshness("cached").value().mode, FreshnessText::Mode::kCached);
  EXPECT_EQ(ParseFreshness("bounded:5s").value().bound_ms, 5'000);
  for (const char* wrong : {"", "Fresh", "bounded", "bounded:", "bounded:x"}) {
    EXPECT_EQ(ParseFreshness(wrong).error().code, ErrorCode::kInvalidArgument) << wrong;
  }
}

TEST(TomlTest, ReadsKeysAndValues) {
  const auto entries = ParseToml("# comment\n\nstore = \"a\\\"b # c\" # note\r\nthreads = 4\nzone = 'C:\\x'\n");
  ASSERT_TRUE(entries) << entries.error().ToString();
  ASSERT_EQ(entries->size(), 3u);
  EXPECT_EQ((*entries)[0].value, "a\"b # c");
  EXPECT_EQ((*entries)[0].line, 3);
  EXPECT_EQ((*entries)[1].value, "4");
  EXPECT_EQ((*entries)[2].value, "C:\\x");
}

TEST(TomlTest, RefusesTheRestByLine) {
  for (const char* wrong : {"\n[table]", "\nkey", "\nk = ", "\nk = \"open", "\nk = [1]", "\nk = 1 2", "\na b = 1",
                            "k = 1\nk = 2", "\nk = \"\\q\"", "\nk = \"a\" b"}) {
    const auto entries = ParseToml(wrong);
    ASSERT_FALSE(entries) << wrong;
    EXPECT_EQ(entries.error().what, "line 2") << wrong;
  }
}

class SettingsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("levee-settings-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_ / "levee");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = (folder_ / name).string();
    std::ofstream(path) << text;
    return path;
  }
  Result<Settings> Load(Inputs inputs) {
    inputs.environment = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = environment_.find(name);
      if (found == environment_.end()) return std::nullopt;
      return found->second;
    };
    return Settings::Load(inputs);
  }

  std::filesystem::path folder_;
  std::map<std::string, std::string> environment_;
};

TEST_F(SettingsTest, FlagsComeBeforeTheEnvironmentBeforeTheFileBeforeDefaults) {
  const std::string file = Write("own.toml", "threads = 2\nfreshness = \"cached\"\ntimezone = \"Europe/Berlin\"\n");
  environment_ = {{"LEVEE_FRESHNESS", "bounded:5s"}, {"LEVEE_TIMEZONE", "Asia/Tokyo"}, {"LEVEE_STORE", ""}};
  const auto settings = Load({.flags = {{"timezone", "UTC"}}, .config_file = file});
  ASSERT_TRUE(settings) << settings.error().ToString();
  EXPECT_EQ(settings->Integer("threads"), 2);
  EXPECT_EQ(settings->Get("threads").source, Source::kFile);
  EXPECT_EQ(settings->Text("freshness"), "bounded:5s");
  EXPECT_EQ(settings->Get("freshness").origin, "LEVEE_FRESHNESS");
  EXPECT_EQ(settings->Text("timezone"), "UTC");
  EXPECT_EQ(settings->Get("timezone").source, Source::kFlag);
  EXPECT_EQ(settings->Get("store").source, Source::kDefault);
  EXPECT_EQ(settings->ByteSize("cache_size"), 268'435'456);
  EXPECT_EQ(settings->ByteSize("memory_limit"), 0);
  EXPECT_EQ(settings->DurationMs("busy_timeout"), 10'000);
}

TEST_F(SettingsTest, FindsTheFileInTheConfigurationFolder) {
  Write("levee/levee.toml", "threads = 3\n");
  environment_ = {{"XDG_CONFIG_HOME", folder_.string()}};
  const auto settings = Load({});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->Integer("threads"), 3);
  EXPECT_EQ(settings->config_file(), (folder_ / "levee" / "levee.toml").string());
}

TEST_F(SettingsTest, WrongValuesAreNamed) {
  EXPECT_EQ(Load({.config_file = "/nowhere/levee.toml"}).error().code, ErrorCode::kNotFound);
  EXPECT_THAT(Load({.config_file = Write("a.toml", "\ncolour = 1")}).error().what, HasSubstr("a.toml: line 2"));
  EXPECT_THAT(Load({.config_file = Write("b.toml", "threads = \"x\"")}).error().what, HasSubstr("b.toml: line 1"));
  EXPECT_THAT(Load({.config_file = Write("c.toml", "threads")}).error().what, HasSubstr("c.toml: line 1"));
  EXPECT_THAT(Load({.flags = {{"memory_limit", "much"}}}).error().what, HasSubstr("--memory-limit"));
  EXPECT_EQ(Load({.flags = {{"colour", "1"}}}).error().code, ErrorCode::kInvalidArgument);
  environment_ = {{"LEVEE_THREADS", "-1"}};
  EXPECT_THAT(Load({}).error().what, HasSubstr("LEVEE_THREADS"));
}

}  // namespace
}  // namespace levee::settings

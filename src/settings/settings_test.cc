#include "settings/settings.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "settings/aliases.h"
#include "settings/byte_size.h"
#include "settings/duration.h"
#include "settings/freshness_text.h"
#include "settings/settings_file.h"
#include "settings/shown_value.h"
#include "settings/toml_file.h"

namespace levee::settings {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

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
  const auto entries =
      ParseToml("# comment\n\nstore = \"a\\\"b # c\" # note\r\nthreads = 4\nzone = 'C:\\x'\n");
  ASSERT_TRUE(entries) << entries.error().ToString();
  ASSERT_EQ(entries->size(), 3u);
  EXPECT_EQ((*entries)[0].value, "a\"b # c");
  EXPECT_EQ((*entries)[0].line, 3);
  EXPECT_EQ((*entries)[1].value, "4");
  EXPECT_EQ((*entries)[2].value, "C:\\x");
}

TEST(TomlTest, RefusesTheRestByLine) {
  for (const char* wrong : {"\n[table]", "\nkey", "\nk = ", "\nk = \"open", "\nk = [1]", "\nk = 1 2",
                            "\na b = 1", "k = 1\nk = 2", "\nk = \"\\q\"", "\nk = \"a\" b"}) {
    const auto entries = ParseToml(wrong);
    ASSERT_FALSE(entries) << wrong;
    EXPECT_EQ(entries.error().what, "line 2") << wrong;
  }
}

TEST(TomlTest, ReadsOnAfterAProblem) {
  const TomlContent content = ReadToml("a = 1\nb\nc = [1]\nd = 2\na = 3\n");
  ASSERT_EQ(content.entries.size(), 2u);
  EXPECT_EQ(content.entries[1].key, "d");
  ASSERT_EQ(content.problems.size(), 3u);
  EXPECT_EQ(content.problems[0].line, 2);
  EXPECT_EQ(content.problems[1].line, 3);
  EXPECT_EQ(content.problems[2].line, 5);
}

TEST(TomlTest, SetsAValueInItsPlace) {
  const std::string text = "# mine\n\nthreads =  4   # as many\nzone = 'a # b' # c\r\nlast = \"x\"";
  EXPECT_EQ(SetTomlValue(text, "threads", "16").value(),
            "# mine\n\nthreads =  16   # as many\nzone = 'a # b' # c\r\nlast = \"x\"");
  EXPECT_EQ(SetTomlValue(text, "zone", "UTC").value(),
            "# mine\n\nthreads =  4   # as many\nzone = \"UTC\" # c\r\nlast = \"x\"");
  EXPECT_EQ(SetTomlValue("a = 1", "b", "c\"\\d").value(), "a = 1\nb = \"c\\\"\\\\d\"\n");
  EXPECT_EQ(SetTomlValue("", "b", "").value(), "b = \"\"\n");
  EXPECT_EQ(SetTomlValue("a\n", "b", "1").error().what, "line 1");
  // What was written reads back.
  for (const char* value : {"12", "256MB", "a b # c", "C:\\x", "\"", "tab\tend", ""}) {
    const auto entries = ParseToml(SetTomlValue("k = 'old' # note\n", "k", value).value());
    ASSERT_TRUE(entries) << value;
    EXPECT_EQ((*entries)[0].value, value);
  }
}

TEST(DefinitionTest, EveryDefaultProfileValueAndBoundIsAValue) {
  for (const Definition& definition : Definitions()) {
    for (const std::string_view profile : kProfileNames) {
      EXPECT_TRUE(CheckValue(definition, DefaultUnder(definition, profile)))
          << definition.key << ' ' << profile;
    }
    for (const std::string_view text : {definition.minimum, definition.maximum, definition.switched_off}) {
      EXPECT_TRUE(CheckValue(definition, text)) << definition.key << ' ' << text;
    }
    EXPECT_EQ(definition.minimum.empty(), definition.maximum.empty()) << definition.key;
    std::string variable = "LEVEE_" + std::string(definition.key);
    for (char& c : variable) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    EXPECT_EQ(definition.environment, variable);
  }
}

TEST(DefinitionTest, BoundsAreChecked) {
  const auto error = [](std::string_view key, std::string_view text) {
    const Status checked = CheckValue(*FindDefinition(key), text);
    return checked ? std::string("none") : checked.error().why + "; " + checked.error().hint;
  };
  EXPECT_EQ(error("memory_limit", "15MB"), "'15MB' is less than 16MB; it goes from 16MB to 1024TB");
  EXPECT_EQ(error("threads", "1025"), "'1025' is more than 1024; it goes from 0 to 1024");
  EXPECT_EQ(error("busy_timeout", "25h"), "'25h' is more than 24h; it goes from 0s to 24h");
  EXPECT_EQ(error("cache_size", "2TB"), "'2TB' is more than 1TB; it goes from 0 to 1TB");
  EXPECT_EQ(error("cache_size", "0"), "none");
  EXPECT_THAT(error("profile", "prod"), HasSubstr("'prod' is no profile"));
  EXPECT_THAT(error("collect_metrics", "yes"), HasSubstr("neither on nor off"));
}

TEST(AliasTest, NamesStandForSettings) {
  for (const Alias& alias : Aliases()) {
    EXPECT_EQ(KeyOfName(alias.key), alias.key) << alias.name;  // no key is another's name
    ASSERT_NE(FindDefinition(alias.name), nullptr) << alias.name;
    EXPECT_EQ(FindDefinition(alias.name)->key, alias.key);
  }
  EXPECT_EQ(KeyOfName("nothing"), "nothing");
}

TEST(DefinitionTest, OtherJournalModesAreRefusedWithTheReason) {
  for (const char* mode : {"delete", "truncate", "persist", "memory", "off"}) {
    const Status checked = CheckValue(*FindDefinition("journalMode"), mode);
    ASSERT_FALSE(checked) << mode;
    EXPECT_THAT(checked.error().why, HasSubstr("would let readers wait for writers"));
  }
  EXPECT_TRUE(CheckValue(*FindDefinition("journalMode"), "wal"));
  EXPECT_THAT(CheckValue(*FindDefinition("journalMode"), "paper").error().why, HasSubstr("is not known"));
}

TEST(ShownValueTest, BlotsPasswordsOut) {
  const Definition& store = *FindDefinition("store");
  EXPECT_EQ(ShownValue(store, "sqlite:/a:b@c/levee.db"), "sqlite:/a:b@c/levee.db");
  EXPECT_EQ(ShownValue(store, "postgresql://u:hunter2@h:5432/d"), "postgresql://u:***@h:5432/d");
  EXPECT_EQ(ShownValue(store, "postgresql://u@h:5432/d"), "postgresql://u@h:5432/d");
  EXPECT_EQ(ShownValue(store, "postgresql://u:a@b/c?d@h/e"), "postgresql://u:***@h/e");
  EXPECT_EQ(ShownValue(store, "postgresql://h/d?user=u&PassWord=hunter2&x=1"),
            "postgresql://h/d?user=u&PassWord=***&x=1");
  EXPECT_EQ(ShownValue(store, "host=h password=hunter2 pwd=x"), "host=h password=*** pwd=***");
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
  const std::string file =
      Write("own.toml", "threads = 2\nfreshness = \"cached\"\ntimezone = \"Europe/Berlin\"\n");
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

TEST_F(SettingsTest, AProfileChangesDefaultsAndNothingElse) {
  const std::string file =
      Write("own.toml", "profile = \"constrained\"\ncache_size = \"32MB\"\nfreshness = \"\"\n");
  const auto settings = Load({.flags = {{"threads", "3"}}, .config_file = file});
  ASSERT_TRUE(settings) << settings.error().ToString();
  EXPECT_EQ(settings->ByteSize("memory_limit"), 64 << 20);
  EXPECT_EQ(settings->Get("memory_limit").source, Source::kProfile);
  EXPECT_EQ(settings->Get("memory_limit").origin, "constrained");
  EXPECT_EQ(settings->ByteSize("cache_size"), 32 << 20);
  EXPECT_EQ(settings->Get("cache_size").source, Source::kFile);
  EXPECT_EQ(settings->Integer("threads"), 3);
  EXPECT_EQ(settings->Text("collect_metrics"), "off");
  EXPECT_EQ(settings->Text("freshness"), "fresh");  // an empty text says nothing
  EXPECT_EQ(settings->Get("freshness").source, Source::kDefault);

  EXPECT_EQ(Load({.config_file = file})->Integer("threads"), 1);
  environment_ = {{"LEVEE_PROFILE", "production"}};
  EXPECT_EQ(Load({.config_file = file})->ByteSize("memory_limit"), 0);
  EXPECT_EQ(Load({})->ByteSize("cache_size"), 1 << 30);
  EXPECT_EQ(Load({.flags = {{"profile", "default"}}})->ByteSize("cache_size"), 256 << 20);
}

TEST_F(SettingsTest, LooksSayWhatEachSourceSays) {
  const std::string file = Write("own.toml", "threads = 3\n");
  environment_ = {{"LEVEE_THREADS", "5"}, {"LEVEE_PROFILE", "development"}};
  const auto settings = Load({.config_file = file});
  ASSERT_TRUE(settings);
  const std::vector<Look> looks = settings->Looks("threads");
  ASSERT_EQ(looks.size(), 5u);
  EXPECT_EQ(looks[0].origin, "--threads");
  EXPECT_EQ(looks[0].text, std::nullopt);
  EXPECT_EQ(looks[1].text, "5");
  EXPECT_TRUE(looks[1].won);
  EXPECT_EQ(looks[2].text, "3");
  EXPECT_EQ(looks[2].origin, file);
  EXPECT_FALSE(looks[2].won);
  EXPECT_EQ(looks[3].text, "2");
  EXPECT_EQ(looks[4].text, "0");
}

TEST_F(SettingsTest, WritesOneValueAndKeepsTheRest) {
  const auto read = [](const std::string& path) {
    std::ifstream stream(path);
    return std::string{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  };
  const Definition& threads = *FindDefinition("threads");
  const std::string made = (folder_ / "new" / "folder" / "levee.toml").string();
  ASSERT_TRUE(WriteSetting(made, threads, "4"));
  EXPECT_EQ(read(made), "threads = 4\n");
  struct stat entry{};
  ASSERT_EQ(::stat(made.c_str(), &entry), 0);
  EXPECT_EQ(entry.st_mode & 0777, 0600u);

  // A file that calls it otherwise goes on to.
  const std::string named = Write("named.toml", "mmapSize = 1GB\n");
  ASSERT_TRUE(WriteSetting(named, *FindDefinition("memory_mmap_size"), "2GB"));
  EXPECT_EQ(Load({.config_file = named})->Text("memory_mmap_size"), "2GB");
  EXPECT_FALSE(read(named).contains("memory_mmap_size"));

  const std::string file = Write("a.toml", "# why\nthreads = 1 # few\nstore = 'x'\n");
  ASSERT_EQ(::chmod(file.c_str(), 0640), 0);
  const std::string link = (folder_ / "link.toml").string();
  std::filesystem::create_symlink(file, link);
  ASSERT_TRUE(WriteSetting(link, threads, "2"));
  EXPECT_EQ(read(file), "# why\nthreads = 2 # few\nstore = 'x'\n");
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  ASSERT_EQ(::stat(file.c_str(), &entry), 0);
  EXPECT_EQ(entry.st_mode & 0777, 0640u);

  const std::string broken = Write("b.toml", "threads\n");
  EXPECT_THAT(WriteSetting(broken, threads, "2").error().what, HasSubstr("b.toml: line 1"));
  EXPECT_EQ(read(broken), "threads\n");
  EXPECT_EQ(WriteSetting(folder_.string(), threads, "2").error().code, ErrorCode::kIo);
  EXPECT_EQ(WriteSetting(file + "/below", threads, "2").error().code, ErrorCode::kIo);
}

TEST(SettingsFileTest, FindsEveryProblem) {
  const auto problems = CheckSettingsText(
      "threads = 9999\nstore \"postgresql://u:hunter2@h?a=b\"\n\ncolour = 1\nthreads = 1\ncache_size = "
      "\"1MB\"\n");
  std::vector<int> lines;
  for (const SettingsProblem& problem : problems) {
    lines.push_back(problem.line);
    EXPECT_THAT(problem.why + problem.hint, Not(HasSubstr("hunter2")));
  }
  EXPECT_THAT(lines, ElementsAre(1, 2, 4, 5));
  EXPECT_EQ(problems[2].unknown_key, "colour");
  // What a caller's own check says about such a setting may hold the value.
  const auto refused =
      CheckSettingsText("store = \"u:hunter2\"", [](const Definition&, std::string_view text) {
        return Status(Fail(ErrorCode::kInvalidArgument, "store", std::string(text)));
      });
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_THAT(refused[0].why, Not(HasSubstr("hunter2")));
}

TEST_F(SettingsTest, WrongValuesAreNamed) {
  EXPECT_EQ(Load({.config_file = "/nowhere/levee.toml"}).error().code, ErrorCode::kNotFound);
  EXPECT_THAT(Load({.config_file = Write("a.toml", "\ncolour = 1")}).error().what,
              HasSubstr("a.toml: line 2"));
  EXPECT_THAT(Load({.config_file = Write("b.toml", "threads = \"x\"")}).error().what,
              HasSubstr("b.toml: line 1"));
  EXPECT_THAT(Load({.config_file = Write("c.toml", "threads")}).error().what, HasSubstr("c.toml: line 1"));
  EXPECT_THAT(Load({.flags = {{"memory_limit", "much"}}}).error().what, HasSubstr("--memory-limit"));
  EXPECT_EQ(Load({.flags = {{"colour", "1"}}}).error().code, ErrorCode::kInvalidArgument);
  environment_ = {{"LEVEE_THREADS", "-1"}};
  EXPECT_THAT(Load({}).error().what, HasSubstr("LEVEE_THREADS"));
}

}  // namespace
}  // namespace levee::settings

#include "engine/engine.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "metrics/metrics.h"

namespace levee::engine {
namespace {

TEST(EngineTest, TheDefaultStoreStandsInTheDataFolder) {
  std::map<std::string, std::string> variables;
  const auto environment = [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
  EXPECT_EQ(DefaultStoreUri(environment).error().code, ErrorCode::kInvalidArgument);
  variables["HOME"] = "/home/u";
  EXPECT_EQ(DefaultStoreUri(environment).value(), "/home/u/.local/share/levee/levee.db");
  variables["XDG_DATA_HOME"] = "/data";
  EXPECT_EQ(DefaultStoreUri(environment).value(), "/data/levee/levee.db");
}

TEST(EngineTest, TakesItsOptionsFromSettings) {
  const auto settings = settings::Settings::Load(
      {.flags = {{"freshness", "bounded:2s"}, {"memory_limit", "1GB"}, {"busy_timeout", "3s"}, {"store", "x.db"}},
       .environment = [](const std::string&) { return std::optional<std::string>(); }});
  ASSERT_TRUE(settings);
  const auto options = OptionsFromSettings(*settings);
  ASSERT_TRUE(options);
  EXPECT_EQ(options->freshness.mode, catalog::Freshness::Mode::kBounded);
  EXPECT_EQ(options->freshness.bound_ms, 2'000);
  EXPECT_EQ(options->memory_limit_bytes, 1'073'741'824);
  EXPECT_EQ(options->busy_timeout_ms, 3'000);
  EXPECT_EQ(options->store_uri, "x.db");
}

TEST(EngineTest, TakesSettingsUpWhileItRuns) {
  const auto load = [](const std::string& collect_metrics) {
    return settings::Settings::Load(
        {.flags = {{"collect_metrics", collect_metrics}},
         .environment = [](const std::string&) { return std::optional<std::string>(); }});
  };
  TakeUpSettings(load("off").value());
  EXPECT_FALSE(metrics::Enabled());
  TakeUpSettings(load("on").value());
  EXPECT_TRUE(metrics::Enabled());
}

TEST(EngineTest, AnUnknownZoneIsRefused) {
  const auto engine = Engine::Open({.store_uri = "unused.db", .timezone = "Mars/Olympus"});
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(std::filesystem::exists("unused.db"));
}

TEST(EngineTest, OpensAStoreWithItsCatalog) {
  const auto folder = std::filesystem::temp_directory_path() / ("levee-engine-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  {
    const auto engine = Engine::Open({.store_uri = (folder / "levee.db").string()});
    ASSERT_TRUE(engine) << engine.error().ToString();
    const auto tables = (*engine)->catalog().Tables();
    ASSERT_TRUE(tables);
    EXPECT_TRUE(tables->empty());
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace levee::engine

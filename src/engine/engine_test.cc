#include "engine/engine.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <map>

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

#ifndef LEVEE_EMBEDDED
using Flags = std::map<std::string, std::string>;
Result<EngineOptions> OptionsOf(const Flags& flags) {
  const auto settings = settings::Settings::Load(
      {.flags = flags, .environment = [](const std::string&) { return std::optional<std::string>(); }});
  if (!settings) return std::unexpected(settings.error());
  return OptionsFromSettings(*settings);
}

TEST(EngineTest, EachSettingOfTheItemCacheIsTakenUp) {
  using memory::StoreBankOptions;
  struct Case {
    Flags flags;
    std::function<bool(const StoreBankOptions&)> holds;
  };
  const std::vector<Case> cases = {
      {{}, [](const StoreBankOptions& o) { return o.records.size_bytes == 32u << 20 && o.warm.items == 0; }},
      {{{"memory_cache_size", "5MB"}}, [](const StoreBankOptions& o) { return o.records.size_bytes == 5u << 20; }},
      {{{"memory_cache_size", "0"}}, [](const StoreBankOptions& o) { return o.records.size_bytes == 0; }},
      {{{"memory_cache_policy", "fifo"}}, [](const StoreBankOptions& o) { return o.records.policy == cache::PolicyKind::kFifo; }},
      {{{"memory_cache_ttl", "2s"}}, [](const StoreBankOptions& o) { return o.records.life_ns == 2'000'000'000; }},
      {{{"memory_cache_policy", "lfu"}, {"memory_cache_lfu_window", "500"}, {"memory_cache_lfu_decay", "25"}},
       [](const StoreBankOptions& o) { return o.records.tuning.lfu_window == 500 && o.records.tuning.lfu_decay == 0.25; }},
      {{{"memory_cache_learning_rate", "9"}, {"memory_cache_performance_threshold", "2"}},
       [](const StoreBankOptions& o) {
         return o.records.tuning.learning_rate == 9 && o.records.tuning.performance_threshold == 0.02;
       }},
      {{{"memory_cache_compression", "2KB"}}, [](const StoreBankOptions& o) { return o.records.compress_above_bytes == 2'048; }},
      {{{"memory_cache_warm_categories", "note, to do,"}, {"memory_cache_warm_items", "7"}},
       [](const StoreBankOptions& o) {
         return o.warm.categories == std::vector<std::string>{"note", "to do"} && o.warm.items == 7;
       }},
      {{{"memory_cache_load", "read-heavy"}},
       [](const StoreBankOptions& o) { return o.records.size_bytes == 128u << 20 && o.warm.items == 1'000; }},
      {{{"memory_cache_load", "write-heavy"}},
       [](const StoreBankOptions& o) { return o.records.policy == cache::PolicyKind::kLru && o.records.size_bytes == 8u << 20; }},
      {{{"memory_cache_load", "low-memory"}, {"memory_cache_size", "6MB"}},
       [](const StoreBankOptions& o) { return o.records.compress_above_bytes == 512 && o.records.size_bytes == 6u << 20; }},
  };
  for (const Case& each : cases) {
    const auto options = OptionsOf(each.flags);
    ASSERT_TRUE(options) << options.error().ToString();
    EXPECT_TRUE(each.holds(options->memory)) << (each.flags.empty() ? "defaults" : each.flags.begin()->first);
  }
}

TEST(EngineTest, WhatTunesAnotherPolicyOfTheItemCacheIsRefused) {
  for (const std::string key : {"memory_cache_lfu_window", "memory_cache_lfu_decay", "memory_cache_learning_rate",
                                "memory_cache_performance_threshold"}) {
    const auto options = OptionsOf({{"memory_cache_policy", "lru"}, {key, "8"}});
    ASSERT_FALSE(options) << key;
    EXPECT_EQ(options.error().what, key);
  }
  EXPECT_FALSE(OptionsOf({{"memory_cache_load", "idle"}}));
}
#endif

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

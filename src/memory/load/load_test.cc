#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "memory/load/bench.h"
#include "memory/load/stress.h"
#include "memory/load/stress_worker.h"
#include "tests/fakes/plain_bank/plain_bank.h"

namespace levee::memory {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(MadeItems, AreTheSameEachTimeAndTellWhatIsWrong) {
  const MadeItems kind{.name_space = "load", .content_bytes = 300};
  const Item item = MakeItem(kind, 12, 3);
  EXPECT_EQ(item, MakeItem(kind, 12, 3));
  EXPECT_NE(item.content, MakeItem(kind, 12, 4).content);
  EXPECT_NE(item.content, MakeItem(kind, 13, 3).content);
  EXPECT_GE(item.content.size(), 300U);
  EXPECT_LT(item.content.size(), 320U);
  EXPECT_EQ(item.category, "category-12");
  EXPECT_THAT(item.content, HasSubstr("own12 change3 "));
  EXPECT_EQ(WhatIsWrong(kind, item), std::nullopt);
  const auto wrong = [&](auto change) {
    Item other = item;
    change(other);
    return WhatIsWrong(kind, other).value_or("nothing");
  };
  EXPECT_EQ(wrong([](Item& other) { other.content.back() ^= 1; }), "the content of load-12 is not what was written");
  EXPECT_EQ(wrong([](Item& other) { other.content = "cut"; }), "the content of load-12 does not begin with its number and change");
  EXPECT_EQ(wrong([](Item& other) { other.id = "load-13"; }), "the content of load-13 is that of load-12");
  EXPECT_EQ(wrong([](Item& other) { other.tags.pop_back(); }),
            "category, tags, namespace or metadata of load-12 are not what was written");
}

TEST(Bench, AsksEveryKindAndFindsWhatItStored) {
  fakes::PlainBank bank({}, SystemClock());
  const BenchOptions options{.kind = {.content_bytes = 200}, .items = 90, .batch = 40, .writes = 8, .writers = 4, .reads = 20,
                             .queries = 5};
  const auto rows = RunBench(bank, SystemClock(), options, false).value();
  std::vector<std::string> operations;
  std::vector<std::int64_t> calls, done;
  for (const BenchRow& row : rows) {
    operations.push_back(row.operation);
    calls.push_back(row.times.durations.count);
    done.push_back(row.done);
    EXPECT_EQ(row.times.errors, 0) << row.operation << ": " << row.times.first_error;
    EXPECT_GT(row.seconds, 0);
    EXPECT_GT(row.per_s(), 0);
    EXPECT_LE(row.times.QuantileUs(0.5), row.times.QuantileUs(0.95));
    EXPECT_LE(row.times.QuantileUs(0.95), row.times.QuantileUs(0.99));
    EXPECT_LE(row.times.QuantileUs(0.99), static_cast<double>(row.times.max_ns) / 1e3);
    EXPECT_LE(row.times.mean_us() * 1e3, static_cast<double>(row.times.max_ns));
  }
  EXPECT_THAT(operations, ElementsAre("batch", "store", "writers", "retrieve", "query", "complex", "text"));
  EXPECT_THAT(calls, ElementsAre(3, 8, 8, 20, 5, 5, 5));
  EXPECT_THAT(done, ElementsAre(90, 8, 8, 20, 5, 5, 5));
  EXPECT_EQ(bank.Count({}).value(), 106);
  EXPECT_EQ(rows.front().goal.per_s, 10'000);
}

TEST(Bench, CountsWhatTheBankRefuses) {
  fakes::PlainBank bank({.content_limit = 50}, SystemClock());
  const auto rows = RunBench(bank, SystemClock(), {.items = 10, .batch = 10, .writes = 3, .writers = 1, .reads = 2, .queries = 1},
                             true).value();
  std::vector<std::int64_t> errors;
  errors.reserve(rows.size());
  for (const BenchRow& row : rows) errors.push_back(row.times.errors);
  EXPECT_THAT(errors, ElementsAre(1, 3, 3, 2, 1, 1, 1));
  EXPECT_THAT(rows[3].times.first_error, HasSubstr("was stored and is not there"));
  EXPECT_EQ(rows.front().goal.per_s, 1'000);
}

StressOptions Short(std::string_view weights) {
  return {.kind = {.name_space = "load", .content_bytes = 100}, .items = 30, .concurrency = 4, .duration_ms = 150,
          .weights = ParseStressWeights(weights).value()};
}

TEST(Stress, OfASoundBankIsAllRight) {
  fakes::PlainBank bank({}, SystemClock());
  const StressReport report = RunStress(bank, SystemClock(), Short("get=5,find=1,search=1,store=2,update=2,delete=1")).value();
  std::vector<std::string_view> operations;
  std::int64_t calls = 0, stored = 0, deleted = 0;
  for (const StressRow& row : report.rows) {
    operations.push_back(row.operation);
    calls += row.times.durations.count;
    if (row.operation == "store") stored = row.times.durations.count;
    if (row.operation == "delete") deleted = row.times.durations.count;
    EXPECT_GT(row.times.durations.count, 0) << row.operation;
    EXPECT_EQ(row.success, 1) << row.operation << ": " << row.times.first_error;
  }
  EXPECT_THAT(operations, ElementsAre("get", "find", "search", "store", "update", "delete"));
  EXPECT_EQ(report.first_wrong, "");
  EXPECT_EQ(report.all.times.durations.count, calls);
  EXPECT_GE(report.seconds, 0.15);
  EXPECT_NEAR(report.all.per_s, static_cast<double>(calls) / report.seconds, 1e-6);
  EXPECT_EQ(bank.Count({}).value(), 30 + stored - deleted);
}

TEST(Stress, SeesWhatSomebodyElseSpoils) {
  fakes::PlainBank bank({}, SystemClock());
  std::jthread spoiler([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      ItemChange change{.id = "load-3"};
      change.content = "own3 change0 but not what was made";
      bank.Update({change}, {}).value();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  const StressReport report = RunStress(bank, SystemClock(), Short("get=1,search=1")).value();
  EXPECT_GT(report.all.wrong, 0);
  EXPECT_LT(report.all.success, 1);
  EXPECT_THAT(report.first_wrong, HasSubstr("the content of load-3 is not what was written"));
  EXPECT_EQ(report.all.times.errors, 0);
}

TEST(Stress, SeesAnItemThatIsOlderThanWhatWasAcknowledged) {
  fakes::PlainBank bank({}, SystemClock());
  const StressOptions options = Short("get=1");
  bank.Store({{.item = MakeItem(options.kind, 0, 0)}}, {}).value();
  KnownVersions known(1);
  known.Told(0, 9);
  known.Told(0, 4);  // heard late
  StressWorker worker(bank, SystemClock(), options, known, 0);
  worker.RunUntil(SystemClock().MonotonicNanos() + 2'000'000);
  EXPECT_EQ(worker.first_wrong(), "get: load-0 came at version 1 after version 9 had been acknowledged");
}

TEST(StressWeights, AreReadOrRefused) {
  EXPECT_EQ(ParseStressWeights("get=7").value(), (StressWeights{7, 0, 0, 0, 0, 0}));
  EXPECT_EQ(ParseStressWeights("delete=1,find=2,store=0").value(), (StressWeights{0, 2, 0, 0, 0, 1}));
  for (const std::string_view text : {"", "get", "get=", "get=x", "get=-1", "get=1 ", "got=1", "get=0", "get=1,,find=1", "get=1000001"}) {
    const auto refused = ParseStressWeights(text);
    EXPECT_EQ(refused ? "none" : refused.error().detail, "VALIDATION_ERROR");
  }
}

}  // namespace
}  // namespace levee::memory

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "memory/statistics/alerts.h"
#include "memory/statistics/history.h"
#include "memory/statistics/operation_log.h"
#include "memory/statistics/record.h"

namespace levee::memory {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Moves on as it is told.
class TestClock final : public Clock {
 public:
  std::int64_t NowMicros() override { return ns_ / 1000; }
  std::int64_t MonotonicNanos() override { return ns_; }
  void Move(std::int64_t ns) { ns_ += ns; }

 private:
  std::int64_t ns_ = 1'000'000'000;
};

constexpr auto kGet = static_cast<std::size_t>(OperationKind::kGet);
constexpr auto kFind = static_cast<std::size_t>(OperationKind::kFind);

void Call(OperationLog& log, TestClock& clock, OperationKind kind, std::int64_t ns, bool fails = false) {
  OperationLog::Running running(log, kind, [] { return std::string("what was asked"); });
  clock.Move(ns);
  running.Examined(7);
  if (!fails) running.Succeed(2);
}

TEST(OperationLog, CountsSinceTheLastTakeAndInAll) {
  TestClock clock;
  OperationLog log(clock, 100);
  Call(log, clock, OperationKind::kGet, 1'000);
  Call(log, clock, OperationKind::kGet, 3'000, true);
  log.CountLockWait(500);
  std::vector<SlowOperation> slow;
  const Activity first = log.Take(slow);
  EXPECT_EQ(first.operations[kGet].durations.count, 2);
  EXPECT_EQ(first.operations[kGet].durations.sum_ns, 4'000);
  EXPECT_EQ(first.operations[kGet].max_ns, 3'000);
  EXPECT_EQ(first.operations[kGet].errors, 1);
  EXPECT_EQ(first.operations[kGet].items, 2);
  EXPECT_EQ(first.lock_waits, 1);
  EXPECT_THAT(slow, IsEmpty());
  Call(log, clock, OperationKind::kFind, 200'000);
  Call(log, clock, OperationKind::kFind, 300'000);
  const Activity second = log.Take(slow);
  EXPECT_EQ(second.operations[kGet].durations.count, 0);
  EXPECT_EQ(second.operations[kFind].durations.count, 2);
  EXPECT_EQ(second.lock_waits, 0);
  ASSERT_THAT(slow, SizeIs(2));
  EXPECT_EQ(slow[0].duration_us, 200);
  EXPECT_EQ(slow[1].duration_us, 300);
  EXPECT_EQ(slow[1].text, "what was asked");
  EXPECT_EQ(slow[1].rows_examined, 7);
  Call(log, clock, OperationKind::kGet, 1'000);
  const Activity total = log.Total();
  EXPECT_EQ(total.operations[kGet].durations.count, 3);
  EXPECT_EQ(total.calls(), 5);
  EXPECT_EQ(total.lock_wait_max_ns, 500);
  slow.clear();
  log.Take(slow);
  EXPECT_THAT(slow, IsEmpty());
  EXPECT_EQ(log.Slow().front().duration_us, 300);
  EXPECT_EQ(log.Total().calls(), 5);
}

TEST(OperationLog, LosesNothingBetweenThreadsAndTakes) {
  constexpr int kThreads = 4, kCalls = 5'000;
  OperationLog log(SystemClock(), 1'000'000);
  std::vector<SlowOperation> slow;
  Activity taken;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&log] {
        for (int call = 0; call < kCalls; ++call) OperationLog::Running(log, OperationKind::kGet).Succeed(1);
      });
    }
    for (int i = 0; i < 200; ++i) taken.Merge(log.Take(slow));
  }
  taken.Merge(log.Take(slow));
  EXPECT_EQ(taken.operations[kGet].durations.count, kThreads * kCalls);
  EXPECT_EQ(taken.operations[kGet].items, kThreads * kCalls);
  EXPECT_EQ(log.Total().calls(), kThreads * kCalls);
}

TEST(Activity, TellsRatesAndPercentiles) {
  Activity activity;
  for (int i = 1; i <= 100; ++i) activity.operations[kFind].durations.Record(i * 1'000'000);
  activity.operations[kFind].max_ns = 100'000'000;
  activity.operations[kFind].errors = 3;
  const auto stats = StatsOf(activity, 50);
  ASSERT_THAT(stats, SizeIs(1));
  EXPECT_EQ(stats[0].operation, "find");
  EXPECT_EQ(stats[0].calls_per_s, 2);
  EXPECT_EQ(stats[0].error_rate, 0.03);
  EXPECT_EQ(stats[0].mean_us, 50'500);
  // To an eighth, from above: of 50, 95 and 99 ms.
  EXPECT_GE(stats[0].p50_us, 50'000);
  EXPECT_LE(stats[0].p50_us, 50'000 * 1.25);
  EXPECT_GE(stats[0].p95_us, 95'000);
  EXPECT_LE(stats[0].p95_us, 100'000);
  EXPECT_EQ(stats[0].max_us, 100'000);
}

std::vector<std::string> TextsOf(const std::vector<Alert>& alerts) {
  std::vector<std::string> texts;
  texts.reserve(alerts.size());
  for (const Alert& alert : alerts) texts.push_back(alert.text);
  return texts;
}

TEST(Alerts, AreOfWhatPassesItsLimit) {
  Activity activity;
  auto& find = activity.operations[kFind];
  for (int i = 0; i < 100; ++i) find.durations.Record(100'000'000);
  find.errors = 1;
  activity.cache_hits = 800;
  activity.cache_misses = 200;
  activity.lock_waits = 2;
  activity.lock_wait_ns = 20'000'000;
  EXPECT_THAT(AlertsOf(activity, {}), IsEmpty());  // each is just at its limit
  find.durations.Record(200'000'000);
  find.errors = 2;
  ++activity.cache_misses;
  ++activity.lock_wait_ns;
  EXPECT_THAT(TextsOf(AlertsOf(activity, {})),
              ElementsAre("find: 101 ms on average, more than 100 ms", "find: 1.98 % of the calls failed, more than 1 %",
                          "cache: 79.9 % of the looks hit, fewer than 80 %",
                          "writers: wait 10 ms for each other on average, more than 10 ms"));
  EXPECT_THAT(AlertsOf(activity, {.latency_us = 0, .hit_rate = 0, .error_rate = 0, .lock_wait_us = 0}), IsEmpty());
  EXPECT_THAT(AlertsOf(activity, {.latency_us = 150'000, .hit_rate = 0.5, .error_rate = 0.1, .lock_wait_us = 20'000}), IsEmpty());
}

TEST(Alerts, AreNotOfTooLittle) {
  Activity activity;
  for (int i = 0; i < 19; ++i) activity.operations[kGet].durations.Record(1);
  activity.operations[kGet].errors = 19;
  activity.cache_misses = 999;
  EXPECT_THAT(AlertsOf(activity, {}), IsEmpty());
  activity.operations[kGet].durations.Record(1);
  ++activity.cache_misses;
  EXPECT_THAT(AlertsOf(activity, {}), SizeIs(2));
}

TEST(AlertCrossings, AreToldOnce) {
  AlertCrossings crossings;
  const Alert slow{"find latency", "slow"}, cache{"cache", "misses"};
  EXPECT_THAT(crossings.New({slow}), ElementsAre("slow"));
  EXPECT_THAT(crossings.New({{"find latency", "slower"}}), IsEmpty());
  EXPECT_THAT(crossings.New({slow, cache}), ElementsAre("misses"));
  EXPECT_THAT(crossings.New({}), IsEmpty());
  EXPECT_THAT(crossings.New({slow}), ElementsAre("slow"));
}

StatisticsRecord Record(std::int64_t until) {
  StatisticsRecord record{.from = until - 30, .until = until, .process = 42};
  for (int i = 1; i < 1'000; ++i) record.activity.operations[kFind].durations.Record(i * i * 1'000);
  record.activity.operations[kFind].errors = 5;
  record.activity.operations[kGet].durations.Record(7);
  record.activity.cache_misses = 1'234'567;
  record.store_bytes = std::int64_t{1} << 40;
  record.slow = {{.at = until, .operation = "find", .text = "räder", .duration_us = 1.5, .rows_examined = 9, .plan = "columns"}};
  return record;
}

TEST(StatisticsRecord, ComesBackFromItsBytes) {
  const StatisticsRecord record = Record(1'000'000);
  const auto decoded = DecodeRecords(EncodeRecord(record));
  ASSERT_THAT(decoded, SizeIs(1));
  const auto& find = decoded[0].activity.operations[kFind];
  EXPECT_EQ(find.durations.counts, record.activity.operations[kFind].durations.counts);
  EXPECT_EQ(find.durations.count, 999);
  EXPECT_EQ(find.durations.sum_ns, record.activity.operations[kFind].durations.sum_ns);
  EXPECT_EQ(find.errors, 5);
  EXPECT_EQ(decoded[0].activity.operations[kGet].durations.count, 1);
  EXPECT_EQ(decoded[0].activity.cache_misses, 1'234'567);
  EXPECT_EQ(decoded[0].store_bytes, std::int64_t{1} << 40);
  EXPECT_EQ(decoded[0].from, 999'970);
  EXPECT_EQ(decoded[0].process, 42);
  ASSERT_THAT(decoded[0].slow, SizeIs(1));
  EXPECT_EQ(decoded[0].slow[0].text, "räder");
  EXPECT_EQ(decoded[0].slow[0].plan, "columns");
  EXPECT_EQ(decoded[0].slow[0].duration_us, 1.5);
}

TEST(StatisticsRecord, BoundsWhatItKeepsOfSlowOperations) {
  StatisticsRecord record{.until = 1};
  for (int i = 0; i < 30; ++i) record.slow.push_back({.at = i, .text = std::string(499, 'x') + "ä and more"});
  const auto decoded = DecodeRecords(EncodeRecord(record));
  ASSERT_THAT(decoded, SizeIs(1));
  ASSERT_THAT(decoded[0].slow, SizeIs(20));
  EXPECT_EQ(decoded[0].slow.front().at, 10);
  EXPECT_EQ(decoded[0].slow.front().text, std::string(499, 'x'));
}

// Whatever byte is flipped or wherever the file ends, all other records are read, and nothing else.
TEST(StatisticsRecord, SurvivesDamageToAnother) {
  Bytes bytes;
  std::size_t second = 0, third = 0;
  for (std::int64_t until : {100, 200, 300}) {
    if (until == 200) second = bytes.size();
    if (until == 300) third = bytes.size();
    const Bytes frame = EncodeRecord(Record(until));
    bytes.insert(bytes.end(), frame.begin(), frame.end());
  }
  for (std::size_t at = second; at < third; ++at) {
    Bytes damaged = bytes;
    damaged[at] ^= 0x40;
    const auto decoded = DecodeRecords(damaged);
    ASSERT_THAT(decoded, SizeIs(2)) << at;
    EXPECT_EQ(decoded[0].until, 100);
    EXPECT_EQ(decoded[1].until, 300);
  }
  for (std::size_t size = third; size < bytes.size(); ++size) {
    EXPECT_THAT(DecodeRecords(ByteSpan(bytes).first(size)), SizeIs(2));
  }
}

class StatisticsHistoryTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "levee-statistics-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string path() const { return (folder_ / "levee.db-memory-statistics").string(); }
  static std::vector<std::int64_t> Ends(const StatisticsHistory& history, std::int64_t since) {
    std::vector<std::int64_t> ends;
    const auto records = history.Since(since);
    EXPECT_TRUE(records) << records.error().ToString();
    for (const StatisticsRecord& record : *records) ends.push_back(record.until);
    return ends;
  }

  fs::path folder_;
};

TEST_F(StatisticsHistoryTest, IsSharedByAllThatHaveTheFile) {
  StatisticsHistory one({.path = path()}), other({.path = path()});
  EXPECT_THAT(Ends(one, 0), IsEmpty());
  ASSERT_TRUE(one.Keep(Record(100)));
  ASSERT_TRUE(other.Keep(Record(300)));
  ASSERT_TRUE(one.Keep(Record(200)));
  EXPECT_THAT(Ends(one, 0), ElementsAre(100, 200, 300));
  EXPECT_THAT(Ends(other, 200), ElementsAre(200, 300));
  EXPECT_THAT(Ends(other, 301), IsEmpty());
}

TEST_F(StatisticsHistoryTest, KeepsNoMoreThanTwoFiles) {
  constexpr std::size_t kFileBytes = 20'000;
  StatisticsHistory history({.path = path(), .file_bytes = kFileBytes}), other({.path = path(), .file_bytes = kFileBytes});
  const std::size_t frame = EncodeRecord(Record(1'000)).size();
  constexpr std::int64_t kRecords = 300;
  for (std::int64_t i = 0; i < kRecords; ++i) ASSERT_TRUE((i % 2 == 0 ? history : other).Keep(Record(1'000 + i)));
  const std::vector<std::int64_t> ends = Ends(history, 0);
  EXPECT_EQ(ends.back(), 1'000 + kRecords - 1);
  EXPECT_EQ(ends.back() - ends.front() + 1, static_cast<std::int64_t>(ends.size()));  // without a gap
  EXPECT_GE(ends.size(), kFileBytes / frame);
  EXPECT_LE(fs::file_size(path() + ".1"), kFileBytes + 2 * frame);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 2);
}

TEST_F(StatisticsHistoryTest, WithoutAFileKeepsItsOwn) {
  StatisticsHistory history({.path = {}, .memory_records = 2});
  for (const std::int64_t until : {100, 200, 300}) ASSERT_TRUE(history.Keep(Record(until)));
  EXPECT_THAT(Ends(history, 0), ElementsAre(200, 300));
}

TEST_F(StatisticsHistoryTest, SaysWhereItCannotWrite) {
  StatisticsHistory history({.path = (folder_ / "none" / "file").string()});
  const Status kept = history.Keep(Record(1));
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().detail, "STORAGE_ERROR");
  EXPECT_THAT(Ends(history, 0), IsEmpty());
}

}  // namespace
}  // namespace levee::memory

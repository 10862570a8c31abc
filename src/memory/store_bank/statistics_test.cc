// Statistics of a bank over a store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "memory/store_bank/store_bank.h"
#include "store/open/open.h"

namespace levee::memory {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class BankStatisticsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "levee-statistics-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    store_ = store::OpenStore((folder_ / "levee.db").string(), {}).value();
    options_.statistics_path = (folder_ / "statistics").string();
    options_.statistics_ms = 3'600'000;
    options_.durable = false;
    options_.on_note = [this](const std::string& note) {
      const std::lock_guard lock(mutex_);
      notes_.push_back(note);
    };
  }
  void TearDown() override {
    store_.reset();
    fs::remove_all(folder_);
  }

  std::unique_ptr<StoreBank> Open() { return StoreBank::Open(store_->bank(), SystemClock(), options_).value(); }
  static void Put(MemoryBank& bank, const std::string& id) {
    ASSERT_TRUE(bank.Store({{.item = {.id = id, .category = "note", .content = "words of " + id}}}, {}));
  }
  std::vector<std::string> notes() {
    const std::lock_guard lock(mutex_);
    return notes_;
  }

  fs::path folder_;
  std::unique_ptr<store::Store> store_;
  StoreBankOptions options_;
  std::mutex mutex_;
  std::vector<std::string> notes_;
};

const OperationStats* Of(const std::vector<OperationStats>& operations, std::string_view name) {
  for (const OperationStats& each : operations) {
    if (each.operation == name) return &each;
  }
  return nullptr;
}

TEST_F(BankStatisticsTest, AreOfAllProcessesSinceATime) {
  const std::int64_t begin = SystemClock().NowMicros();
  {
    const auto bank = Open();
    Put(*bank, "a");
    Put(*bank, "b");
    ASSERT_TRUE(bank->Get("a", {}));
  }  // what it did is kept when it ends
  const std::int64_t between = SystemClock().NowMicros() + 1;
  const auto bank = Open();
  ASSERT_TRUE(bank->Get("b", {}));
  ASSERT_TRUE(bank->Find({.words = "words"}));
  const StatsHistory all = bank->StatsSince(begin).value();
  EXPECT_THAT(all.samples, SizeIs(2));
  ASSERT_NE(Of(all.all.operations, "store"), nullptr);
  EXPECT_EQ(Of(all.all.operations, "store")->calls, 2);
  EXPECT_EQ(Of(all.all.operations, "get")->calls, 2);
  EXPECT_EQ(Of(all.all.operations, "find")->items, 2);
  EXPECT_GT(Of(all.all.operations, "get")->calls_per_s, 0);
  EXPECT_EQ(all.all.lock_waits, 2);
  EXPECT_EQ(all.all.items, 2);
  EXPECT_EQ(all.all.content_bytes, 20);
  EXPECT_GT(all.all.store_bytes, 0);
  EXPECT_GT(all.all.process_bytes, 1 << 20);
  EXPECT_EQ(all.samples[1].process, ::getpid());
  EXPECT_GE(all.all.from, begin);
  EXPECT_LE(all.samples[0].until, all.samples[1].until);
  const StatsHistory late = bank->StatsSince(between).value();
  EXPECT_THAT(late.samples, SizeIs(1));
  EXPECT_EQ(Of(late.all.operations, "store"), nullptr);
  EXPECT_EQ(Of(late.all.operations, "get")->calls, 1);
  EXPECT_THAT(bank->StatsSince(SystemClock().NowMicros() + 1'000'000).value().samples, IsEmpty());
}

TEST_F(BankStatisticsTest, AreCollectedAtTheirInterval) {
  options_.statistics_ms = 5;
  const auto bank = Open();
  Put(*bank, "a");
  const auto samples = [&] {
    StatisticsHistory history({.path = options_.statistics_path});
    return history.Since(0).value().size();
  };
  for (int i = 0; i < 5'000 && samples() < 1; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  EXPECT_EQ(samples(), 1U);  // and none while nothing is asked
  ASSERT_TRUE(bank->Get("a", {}));
  for (int i = 0; i < 5'000 && samples() < 2; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  EXPECT_EQ(samples(), 2U);
}

TEST_F(BankStatisticsTest, SwitchedOffLeaveNothing) {
  options_.statistics_ms = 0;
  { Put(*Open(), "a"); }
  EXPECT_FALSE(fs::exists(options_.statistics_path));
}

TEST_F(BankStatisticsTest, TellOncePerCrossing) {
  options_.statistics_ms = 5;
  options_.alerts = {.latency_us = 0, .hit_rate = 0, .error_rate = 0.5, .lock_wait_us = 0};
  const auto bank = Open();
  const auto fail = [&] {
    for (int i = 0; i < 30; ++i) EXPECT_FALSE(bank->Store({{.item = {.category = "note"}}}, {}));  // without content
  };
  const auto wait_for = [&](std::size_t count) {
    for (int i = 0; i < 5'000 && notes().size() < count; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return notes().size();
  };
  fail();
  EXPECT_EQ(wait_for(1), 1U);
  EXPECT_THAT(notes()[0], HasSubstr("memory: store: 100 % of the calls failed, more than 50 %"));
  EXPECT_THAT(bank->Stats().value().warnings, ElementsAre(HasSubstr("100 % of the calls failed")));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));  // intervals in which nothing fails
  fail();
  EXPECT_EQ(wait_for(2), 2U);
}

TEST_F(BankStatisticsTest, NameWhatIsSlowAndWhatMemoryGoesTo) {
  options_.slow_us = 0;
  const auto bank = Open();
  for (int i = 0; i < 50; ++i) Put(*bank, "item" + std::to_string(i));
  ASSERT_TRUE(bank->Find({.words = "words", .categories = {"note"}}));
  const MemoryStats stats = bank->Stats().value();
  ASSERT_THAT(stats.slow, SizeIs(51));
  EXPECT_EQ(stats.slow[0].operation, "find");
  EXPECT_EQ(stats.slow[0].text, "words category:note");
  EXPECT_GE(stats.slow[0].rows_examined, 20);
  EXPECT_GT(stats.slow[0].duration_us, 0);
  std::map<std::string, std::int64_t> parts;
  std::int64_t sum = 0;
  for (const MemoryPartBytes& part : stats.memory) {
    parts[part.part] = part.bytes;
    sum += part.bytes;
  }
  EXPECT_GE(parts.at("tail"), 50 * 10);      // the contents at least
  EXPECT_GE(parts.at("columns"), 50 * 77);   // what a row takes in RowColumns
  EXPECT_GT(parts.at("texts"), 0);
  EXPECT_TRUE(parts.contains("cache"));
  EXPECT_LT(sum, stats.process_bytes);
  bank->StatsSince(0).value();
  EXPECT_EQ(bank->StatsSince(0).value().slow.size(), 20U);  // of one interval, the last ones
}

TEST_F(BankStatisticsTest, MeasureTheWaitForAnotherWriter) {
  const auto bank = Open();
  Put(*bank, "a");
  {
    auto writer = store_->bank().BeginWrite(false).value();
    std::jthread other([&] { Put(*bank, "b"); });
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    writer.reset();
  }
  const MemoryStats stats = bank->Stats().value();
  EXPECT_EQ(stats.lock_waits, 2);
  EXPECT_GE(stats.lock_wait_max_us, 40'000);
  EXPECT_GE(stats.lock_wait_mean_us, 20'000);
  EXPECT_THAT(stats.warnings, testing::Contains(HasSubstr("writers: wait")));
}

}  // namespace
}  // namespace levee::memory

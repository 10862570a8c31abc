// Equal questions asked at once are answered once, and nobody inherits another's end.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <latch>
#include <new>
#include <thread>

#include "base/cancellation.h"
#include "catalog/catalog_test_bed.h"
#include "metrics/metrics.h"
#include "tests/fakes/forwarding_store.h"

namespace levee::catalog {
namespace {

using columnar::ColumnRole;
using metrics::Metric;

// Counts what asks for entries, and calls `before` in each such call with its number, from 1.
class WatchedStore final : public fakes::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

  Result<std::unique_ptr<columnar::BatchStream>> Scan(const store::ScanRequest& request) override {
    LEVEE_RETURN_IF_ERROR(before(++asked));
    return ForwardingStore::Scan(request);
  }
  Result<std::int64_t> Count(const store::ScanRequest& request) override {
    LEVEE_RETURN_IF_ERROR(before(++asked));
    return ForwardingStore::Count(request);
  }
  Result<std::vector<store::ColumnSummary>> SummariseColumns(
      std::int64_t table_id, std::int64_t version, const std::vector<columnar::ColumnKey>& columns) override {
    LEVEE_RETURN_IF_ERROR(before(++asked));
    return ForwardingStore::SummariseColumns(table_id, version, columns);
  }

  std::atomic<int> asked{0};
  std::function<Status(int)> before = [](int) { return Status(); };
};

class SingleFlightTest : public CatalogTestBed {
 protected:
  // As text, to compare.
  using Question = std::function<Result<std::string>(const View&)>;

  void SetUp() override {
    CatalogTestBed::SetUp();
    CommitMany(6);
    watched_ = std::make_unique<WatchedStore>(*store_);
  }
  void TearDown() override {
    view_.reset();
    catalog_.reset();
    CatalogTestBed::TearDown();
  }

  void Open(const cache::CacheSetup& caches) {
    view_.reset();
    CatalogOptions options{.threads = 2, .spill_folder = folder_.string(), .caches = caches, .on_note = {}};
    catalog_ = MakeCatalog(
        *watched_, std::move(options),
        [this](std::string_view) -> Result<std::unique_ptr<objectstore::ObjectStore>> {
          return std::make_unique<SharedObjectStore>(log_);
        },
        [this]() -> Result<objectstore::ParquetSource*> { return &parquet_; }, clock_);
    view_ = std::move(*catalog_->Open(kTable, {}));
    watched_->asked = 0;
  }

  // Each thread's answer or error.
  std::vector<std::string> AskAtOnce(int threads, const Question& question) {
    std::vector<std::string> answers(static_cast<std::size_t>(threads));
    std::vector<std::jthread> asking;
    for (std::string& answer : answers) {
      asking.emplace_back([&] {
        auto got = question(*view_);
        answer = got ? *got : got.error().ToString();
      });
    }
    asking.clear();
    return answers;
  }

  // Whether so many questions came to wait for another within half a minute.
  static bool WaitForWaiters(int count) {
    for (int i = 0; i < 30'000; ++i) {
      if (metrics::ReadGauge(Metric::kAnswersAwaited) == count) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
  }

  static Result<std::string> List(const View& view, const std::string& where) {
    LEVEE_ASSIGN(auto stream, view.Files({.where = where, .columns = {columnar::PlainKey(ColumnRole::kPath)}}, nullptr));
    return PathsOf(*stream);
  }
  static Result<std::string> Count(const View& view, const std::string& where) {
    LEVEE_ASSIGN(const std::int64_t files, view.Count({.where = where}, nullptr));
    return std::to_string(files);
  }

  std::unique_ptr<WatchedStore> watched_;
  std::unique_ptr<View> view_;
};

TEST_F(SingleFlightTest, EqualQuestionsAtOnceAreAnsweredOnce) {
  // What each must come to, by the files f0 .. f5 with ids 10v to 10v+9 and 10 rows.
  const std::vector<std::pair<Question, std::string>> questions{
      {[](const View& view) { return List(view, "id >= 30"); }, "f3 f4 f5"},
      {[](const View& view) { return Count(view, "id >= 20"); }, "4"},
      {[](const View& view) -> Result<std::string> {
         LEVEE_ASSIGN(const auto sizes, view.Sizes({.where = "id < 20", .groups = {}}, nullptr));
         LEVEE_ASSIGN(const auto rows, sizes->Next());
         return std::to_string(rows->rows) + " " + std::to_string(SumsOf(*rows, 0).known_records);
       }, "1 20"},
      {[](const View& view) -> Result<std::string> {
         LEVEE_ASSIGN(const TableSummary summary, view.Summary());
         return std::to_string(summary.files) + " " + types::FormatValue(summary.columns[0].upper);
       }, "6 59"}};
  for (const bool results : {true, false}) {
    for (const auto& [question, expected] : questions) {
      Open({.results = results});
      watched_->before = [](int) -> Status {
        EXPECT_TRUE(WaitForWaiters(3));
        return {};
      };
      const std::int64_t shared = metrics::ReadCounter(Metric::kAnswersShared);
      EXPECT_EQ(AskAtOnce(4, question), std::vector<std::string>(4, expected));
      EXPECT_EQ(watched_->asked, 1) << expected << " with results " << results;
      EXPECT_EQ(metrics::ReadCounter(Metric::kAnswersShared) - shared, 3);
      watched_->before = [](int) { return Status(); };
      EXPECT_EQ(question(*view_).value(), expected);
    }
  }
}

TEST_F(SingleFlightTest, DifferentQuestionsDoNotWaitForEachOther) {
  Open({});
  watched_->before = [this](int number) -> Status {
    if (number > 1) return {};
    EXPECT_EQ(Count(*view_, "id >= 20").value(), "4");
    EXPECT_EQ(List(*view_, "id >= 30").value(), "f3 f4 f5");
    return {};
  };
  EXPECT_EQ(Count(*view_, "id >= 30").value(), "3");
  EXPECT_EQ(watched_->asked, 3);
}

TEST_F(SingleFlightTest, WhoWaitsObeysItsOwnDeadlineAndCancellation) {
  Open({});
  std::latch begun(1), go(1);
  watched_->before = [&](int) -> Status {
    begun.count_down();
    go.wait();
    return {};
  };
  std::string first;
  std::jthread leader([&] { first = Count(*view_, "id >= 20").value_or("failed"); });
  begun.wait();
  const auto ask = [&](const Cancellation& cancellation) {
    const CancellationScope scope(cancellation);
    return view_->Count({.where = "id >= 20"}, nullptr);
  };
  const std::int64_t start_ns = SystemClock().MonotonicNanos();
  const auto late = ask(Cancellation(SystemClock(), start_ns + 30'000'000));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kCancelled);
  EXPECT_LT(SystemClock().MonotonicNanos() - start_ns, 5'000'000'000);
  Cancellation by_hand(SystemClock());
  std::jthread canceller([&] {
    EXPECT_TRUE(WaitForWaiters(1));
    by_hand.Cancel();
  });
  EXPECT_EQ(ask(by_hand).error().code, ErrorCode::kCancelled);
  go.count_down();
  leader.join();
  EXPECT_EQ(first, "4");
  EXPECT_EQ(watched_->asked, 1);
}

TEST_F(SingleFlightTest, NobodyInheritsTheEndOfTheOneThatIsAsked) {
  const std::vector<std::pair<std::function<Status()>, std::string>> ends{
      {[]() -> Status { return Fail(ErrorCode::kCancelled, "work", "it was cancelled"); }, "cancelled"},
      {[]() -> Status { return Fail(ErrorCode::kIo, "disk", "gone"); }, "gone"},
      {[]() -> Status { throw std::bad_alloc(); }, "memory"}};
  for (const auto& [end, text] : ends) {
    for (const bool list : {true, false}) {
      Open({});
      watched_->before = [&](int number) -> Status {
        if (number > 1) return {};
        EXPECT_TRUE(WaitForWaiters(2));
        return end();
      };
      auto answers = AskAtOnce(3, [list](const View& view) {
        return list ? List(view, "id >= 40") : Count(view, "id >= 40");
      });
      const std::string expected = list ? "f4 f5" : "2";
      EXPECT_EQ(std::ranges::count(answers, expected), 2) << text;
      const auto failed = std::ranges::find_if(answers, [&](const std::string& each) { return each != expected; });
      ASSERT_NE(failed, answers.end());
      EXPECT_NE(failed->find(text), std::string::npos) << *failed;
      EXPECT_EQ(watched_->asked, 3);
    }
  }
}

TEST_F(SingleFlightTest, AnswersTooLargeToShareAreStreamedByEach) {
  std::string adds, expected;
  for (int i = 0; i < 6'000; ++i) {
    const std::string path = std::string(200, 'x') + std::to_string(10'000 + i);
    adds += AddLine({.path = path, .min = 1'000, .max = 1'001});
    expected += (i > 0 ? " " : "") + path;
  }
  Commit(6, adds);
  Open({});
  watched_->before = [](int number) -> Status {
    if (number == 1) {
      EXPECT_TRUE(WaitForWaiters(1));
    }
    return {};
  };
  const auto answers = AskAtOnce(2, [](const View& view) { return List(view, "id >= 1000"); });
  EXPECT_TRUE(answers[0] == expected);
  EXPECT_TRUE(answers[1] == expected);
  EXPECT_EQ(watched_->asked, 2);
}

TEST_F(SingleFlightTest, OffEachIsAnsweredByItself) {
  Open({.results = false, .single_flight = false});
  EXPECT_EQ(AskAtOnce(3, [](const View& view) { return Count(view, "id >= 20"); }), std::vector<std::string>(3, "4"));
  EXPECT_EQ(AskAtOnce(3, [](const View& view) { return List(view, "id >= 30"); }),
            std::vector<std::string>(3, "f3 f4 f5"));
  EXPECT_EQ(watched_->asked, 6);
  // A question may do without, too.
  Open({});
  watched_->before = [this](int number) -> Status {
    if (number > 1) return {};
    EXPECT_EQ(view_->Count({.where = "id >= 20", .use_results = false}, nullptr).value(), 4);
    return {};
  };
  EXPECT_EQ(view_->Count({.where = "id >= 20", .use_results = false}, nullptr).value(), 4);
}

}  // namespace
}  // namespace levee::catalog

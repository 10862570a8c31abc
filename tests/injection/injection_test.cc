// A question, sync or import that fails at a random point leaves nothing behind: each allocation of a few of them
// fails in turn, and each look at the cancellation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/cancellation.h"
#include "base/memory_budget.h"
#include "base/out_of_memory.h"
#include "base/pool.h"
#include "catalog/catalog_test_bed.h"
#include "columnar/arrow_export.h"
#include "delta/action_parser.h"
#include "tests/injection/failing_new.h"

namespace levee::injection {
namespace {

using catalog::FilesRequest;
using columnar::ColumnRole;

// What is asked, as text that tells answers apart.
using Question = std::function<Result<std::string>()>;

class Injection : public catalog::CatalogTestBed {
 protected:
  static constexpr std::int64_t kCommits = 12;

  void SetUp() override {
    CatalogTestBed::SetUp();
    CommitMany(kCommits);
    ASSERT_TRUE(catalog_->Sync(kTable, {}, false));
  }
  void TearDown() override {
    FailAllocation(0);
    FailChecksForTest(0);
    CatalogTestBed::TearDown();
  }

  Result<std::string> List(const FilesRequest& asked) {
    LEVEE_ASSIGN(const auto view, catalog_->Open(kTable, {}));
    FilesRequest request = asked;
    request.columns = {columnar::PlainKey(ColumnRole::kPath)};
    LEVEE_ASSIGN(const auto stream, view->Files(request, nullptr));
    std::string text;
    while (true) {
      LEVEE_ASSIGN(const auto batch, stream->Next());
      if (batch == nullptr) return text;
      const columnar::ColumnVector* paths = batch->Find(ColumnRole::kPath);
      for (std::size_t row = 0; row < batch->rows; ++row) text += std::string(paths->strings[row]) + " ";
    }
  }

  static Result<std::string> TextOf(columnar::BatchStream& stream, const columnar::ColumnKey& key) {
    std::string text;
    while (true) {
      LEVEE_ASSIGN(const auto batch, stream.Next());
      if (batch == nullptr) return text;
      const columnar::ColumnVector* values = batch->Find(key);
      for (std::size_t row = 0; row < batch->rows; ++row) text += std::string(values->strings[row]) + " ";
    }
  }

  // The table twice, in one list.
  Result<std::string> ListTwice() {
    const std::string_view tables[] = {kTable, kTable};
    const columnar::ColumnKey path = columnar::PlainKey(ColumnRole::kPath);
    LEVEE_ASSIGN(const auto view, catalog_->OpenUnion(tables, {}));
    catalog::UnionRequest request;
    request.files.where = "id > 15";
    request.files.columns.push_back(path);
    request.files.order.emplace_back(path);
    request.columns.resize(2);
    for (auto& columns : request.columns) columns.emplace_back(path, path);
    LEVEE_ASSIGN(const auto stream, view->Files(request, nullptr));
    return TextOf(*stream, path);
  }

  // Each path's files and bytes.
  Result<std::string> Groups() {
    const columnar::ColumnKey path = columnar::PlainKey(ColumnRole::kPath);
    LEVEE_ASSIGN(const auto view, catalog_->Open(kTable, {}));
    catalog::SizesRequest request;
    request.groups.emplace_back(path);
    LEVEE_ASSIGN(const auto stream, view->Sizes(request, nullptr));
    return TextOf(*stream, path);
  }

  Result<std::string> Count(const std::string& where) {
    LEVEE_ASSIGN(const auto view, catalog_->Open(kTable, {}));
    LEVEE_ASSIGN(const std::int64_t count, view->Count({.where = where}, nullptr));
    return std::to_string(count);
  }

  Result<std::string> Explain(const std::string& where) {
    LEVEE_ASSIGN(const auto view, catalog_->Open(kTable, {}));
    catalog::Explanation explanation;
    LEVEE_ASSIGN(const auto stream,
                 view->Files({.where = where, .columns = {columnar::PlainKey(ColumnRole::kPath)}}, &explanation));
    LEVEE_ASSIGN(const auto batch, stream->Next());
    return explanation.predicate + std::to_string(batch == nullptr ? 0 : batch->rows);
  }

  Result<std::string> Arrow() {
    LEVEE_ASSIGN(const auto view, catalog_->Open(kTable, {}));
    LEVEE_ASSIGN(const auto columns, view->Columns());
    LEVEE_ASSIGN(auto stream, view->Files({.columns = columns}, nullptr));
    std::vector<columnar::ArrowColumn> output;
    for (const columnar::ColumnKey& key : columns) {
      output.push_back({.name = "c" + std::to_string(output.size()), .key = key});
    }
    std::string bytes;
    LEVEE_RETURN_IF_ERROR(columnar::WriteArrowIpc(std::move(stream), std::move(output), [&](ByteSpan part) -> Status {
      bytes.append(reinterpret_cast<const char*>(part.data()), part.size());
      return {};
    }));
    return bytes;
  }

  // A commit more, and what a sync makes of it.
  Result<std::string> SyncOne() {
    LEVEE_ASSIGN(const catalog::SyncReport report, catalog_->Sync(kTable, {}, false));
    return std::to_string(report.to_version);
  }

  Result<std::string> Import() {
    LEVEE_ASSIGN(const catalog::SyncReport report, catalog_->Sync(kTable, {}, false));
    return std::to_string(report.files);
  }

  // Holds that questions should have given back, blobs that are damaged, files that nobody needs.
  void ExpectNothingLeft() {
    for (const MemoryPart part : {MemoryPart::kAnswers, MemoryPart::kSummaries, MemoryPart::kImports,
                                  MemoryPart::kSyncs, MemoryPart::kChecks}) {
      EXPECT_EQ(MemoryBudget::Process().UseOf(part).bytes, 0u) << MemoryPartName(part);
    }
    std::set<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) files.insert(entry.path().filename());
    EXPECT_THAT(files, testing::Each(testing::StartsWith("levee.db")));
  }
  void ExpectWholeStore() {
    const auto tables = catalog_->Tables();
    ASSERT_TRUE(tables);
    for (const auto& [record, commit] : *tables) {
      const auto damaged = store_->Verify(record.id);
      ASSERT_TRUE(damaged) << damaged.error().ToString();
      EXPECT_THAT(*damaged, testing::IsEmpty());
    }
  }

  // `fresh`: with a new catalog each time, so that nothing is remembered.
  void FailEachAllocation(const Question& ask, bool fresh) {
    const auto expected = ask();
    ASSERT_TRUE(expected) << expected.error().ToString();
    bool failed = true;
    for (std::int64_t nth = 1; failed; ++nth) {
      if (fresh) Reopen({});
      FailAllocation(nth);
      const auto answer = AskGuarded(ask);
      failed = AllocationFailed();
      FailAllocation(0);
      ExpectAnswerOrError(answer, *expected, ErrorCode::kResourceExhausted);
      if (nth % 16 == 1) ExpectAnswerOrError(ask(), *expected, ErrorCode::kInternal);
      if (HasFailure()) FAIL() << "at allocation " << nth;
      ASSERT_LT(nth, 1'000'000);
    }
    ExpectNothingLeft();
    ExpectWholeStore();
  }

  void CancelAtEachCheck(const Question& ask) {
    const auto expected = ask();
    ASSERT_TRUE(expected) << expected.error().ToString();
    std::int64_t cancelled = 0;
    for (std::int64_t nth = 1;; ++nth) {
      Reopen({});
      FailChecksForTest(nth);
      std::optional<Result<std::string>> answer;
      {
        const CancellationScope scope{Cancellation(SystemClock())};
        answer = ask();
      }
      const bool reached = ChecksCountedForTest() >= nth;
      FailChecksForTest(0);
      if (!reached) break;
      ExpectAnswerOrError(*answer, *expected, ErrorCode::kCancelled);
      cancelled += !*answer;
      ExpectAnswerOrError(ask(), *expected, ErrorCode::kInternal);
      if (HasFailure()) FAIL() << "at check " << nth;
    }
    EXPECT_GT(cancelled, 0);
    ExpectNothingLeft();
    ExpectWholeStore();
  }

  // The test's own parts of a question are outside of the engine's boundary.
  static Result<std::string> AskGuarded(const Question& ask) {
    return CatchOutOfMemory([&] { return ask(); });
  }

  static void ExpectAnswerOrError(const Result<std::string>& answer, const std::string& expected, ErrorCode code) {
    if (answer) {
      EXPECT_EQ(*answer, expected);
    } else {
      EXPECT_EQ(answer.error().code, code) << answer.error().ToString();
    }
  }
};

TEST_F(Injection, ListsSurviveEachAllocation) {
  FailEachAllocation([&] { return List({}); }, false);
  FailEachAllocation([&] { return List({.where = "id BETWEEN 15 AND 42"}); }, true);
}

TEST_F(Injection, CountsSurviveEachAllocation) {
  FailEachAllocation([&] { return Count("id > 30 AND Region = 'eu'"); }, true);
}

TEST_F(Injection, UnionsSurviveEachAllocation) {
  FailEachAllocation([&] { return ListTwice(); }, true);
}

TEST_F(Injection, GroupsSurviveEachAllocation) {
  FailEachAllocation([&] { return Groups(); }, false);
}

TEST_F(Injection, ExplanationsSurviveEachAllocation) {
  FailEachAllocation([&] { return Explain("id IN (1, 2, 55)"); }, true);
}

TEST_F(Injection, ArrowSurvivesEachAllocation) {
  FailEachAllocation([&] { return Arrow(); }, false);
}

TEST_F(Injection, ASyncSurvivesEachAllocation) {
  bool failed = true;
  std::int64_t version = kCommits;
  for (std::int64_t nth = 1; failed; ++nth, ++version) {
    CommitFile(version);
    Reopen({});
    FailAllocation(nth);
    const auto synced = AskGuarded([&] { return SyncOne(); });
    failed = AllocationFailed();
    FailAllocation(0);
    ExpectAnswerOrError(synced, std::to_string(version), ErrorCode::kResourceExhausted);
    const auto again = SyncOne();
    ASSERT_TRUE(again) << again.error().ToString() << ", allocation " << nth;
    EXPECT_EQ(*again, std::to_string(version));
    const auto count = Count("");
    ASSERT_TRUE(count) << count.error().ToString();
    EXPECT_EQ(*count, std::to_string(version + 1));
    if (HasFailure()) FAIL() << "at allocation " << nth;
  }
  ExpectNothingLeft();
  ExpectWholeStore();
}

TEST_F(Injection, AnImportSurvivesEachAllocation) {
  const auto expected = List({});
  ASSERT_TRUE(expected);
  bool failed = true;
  for (std::int64_t nth = 1; failed; ++nth) {
    ASSERT_TRUE(catalog_->Forget(kTable));
    Reopen({});
    FailAllocation(nth);
    const auto imported = AskGuarded([&] { return Import(); });
    failed = AllocationFailed();
    FailAllocation(0);
    ExpectAnswerOrError(imported, std::to_string(kCommits), ErrorCode::kResourceExhausted);
    const auto answer = List({});
    ASSERT_TRUE(answer) << answer.error().ToString() << ", allocation " << nth;
    EXPECT_EQ(*answer, *expected);
    if (HasFailure()) FAIL() << "at allocation " << nth;
  }
  ExpectNothingLeft();
  ExpectWholeStore();
}

// A parser is kept by each thread, so only the first line of a new thread makes one.
TEST_F(Injection, TheFirstLineOfAThreadSurvivesEachAllocation) {
  constexpr char kLine[] = R"({"remove":{"path":"a","dataChange":true}})";
  bool failed = true;
  for (std::int64_t nth = 1; failed; ++nth) {
    Status parsed;
    std::thread([&] {
      delta::CommitContent content;
      std::string text = kLine;
      FailAllocation(nth);
      parsed = CatchOutOfMemory([&] { return delta::ParseActions(std::move(text), content, nullptr); });
      failed = AllocationFailed();
      FailAllocation(0);
      if (!failed) {
        EXPECT_EQ(content.removes.size(), 1u);
      }
    }).join();
    EXPECT_EQ(parsed.has_value(), !failed);
    if (!parsed) {
      EXPECT_EQ(parsed.error().code, ErrorCode::kResourceExhausted) << parsed.error().ToString();
    }
    if (HasFailure()) FAIL() << "at allocation " << nth;
  }
}

TEST_F(Injection, QuestionsAreCancelledAtEachCheck) {
  CancelAtEachCheck([&] { return List({.where = "id BETWEEN 15 AND 42"}); });
  CancelAtEachCheck([&] { return Count("id > 30"); });
  CancelAtEachCheck([&] { return Arrow(); });
  CancelAtEachCheck([&] { return ListTwice(); });
  CancelAtEachCheck([&] { return Groups(); });
  CancelAtEachCheck([&]() -> Result<std::string> {
    LEVEE_ASSIGN(const catalog::CheckReport report, catalog_->Check(kTable));
    return std::to_string(static_cast<int>(report.status)) + " " + std::to_string(report.missing_count);
  });
}

TEST_F(Injection, ImportsAreCancelledAtEachCheck) {
  CancelAtEachCheck([&]() -> Result<std::string> {
    [[maybe_unused]] const Status forgotten = catalog_->Forget(kTable);
    return Import();
  });
}

TEST_F(Injection, ASyncIsCancelledAtEachCheck) {
  std::int64_t version = kCommits;
  for (std::int64_t nth = 1;; ++nth, ++version) {
    CommitFile(version);
    Reopen({});
    FailChecksForTest(nth);
    std::optional<Result<std::string>> synced;
    {
      const CancellationScope scope{Cancellation(SystemClock())};
      synced = SyncOne();
    }
    const bool reached = ChecksCountedForTest() >= nth;
    FailChecksForTest(0);
    ExpectAnswerOrError(*synced, std::to_string(version), ErrorCode::kCancelled);
    const auto again = SyncOne();
    ASSERT_TRUE(again) << again.error().ToString();
    EXPECT_EQ(*again, std::to_string(version));
    if (!reached) break;
    ASSERT_LT(nth, 10'000);
  }
  ExpectNothingLeft();
  ExpectWholeStore();
}

TEST_F(Injection, ADeadlineThatIsOverEndsAQuestion) {
  catalog::ManualClock clock;
  const CancellationScope scope{Cancellation(clock, clock.MonotonicNanos() + 1'000'000)};
  EXPECT_TRUE(List({}));
  clock.Advance(1);
  const auto over = List({});
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace levee::injection

#include "catalog/question_log.h"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "catalog/catalog_test_bed.h"

namespace levee::catalog {
namespace {

using ::testing::ElementsAre;

class QuestionLogTest : public CatalogTestBed {
 protected:
  std::string path() const { return (folder_ / "levee.db-questions").string(); }
  static std::vector<std::string> Texts(const QuestionLog& log) {
    std::vector<std::string> texts;
    for (const AskedQuestion& question : log.InOrder()) {
      texts.push_back(question.request.where + (question.count ? " count" : ""));
    }
    return texts;
  }
  static void Ask(QuestionLog& log, const std::string& where, int times) {
    for (int i = 0; i < times; ++i) log.Record("file:///t", {.where = where}, false);
  }
  // A catalog that remembers, as a process has it from its start to its end.
  std::unique_ptr<Catalog> Process(std::int64_t warm_ms = 10'000) {
    CatalogOptions options{.freshness = {.mode = Freshness::Mode::kCached}, .threads = 2,
                           .spill_folder = folder_.string(), .questions_path = path(), .warm_ms = warm_ms,
                           .on_note = [this](const std::string& note) { notes_.push_back(note); }};
    return MakeCatalog(
        *store_, std::move(options),
        [this](std::string_view) -> Result<std::unique_ptr<objectstore::ObjectStore>> {
          return std::make_unique<SharedObjectStore>(log_);
        },
        [this]() -> Result<objectstore::ParquetSource*> { return &parquet_; }, clock_);
  }
  static cache::CacheCounters Results(Catalog& catalog) {
    for (const cache::CacheUse& use : catalog.Caches()) {
      if (use.name == "results") return use.counters;
    }
    return {};
  }
};

TEST_F(QuestionLogTest, OrdersByTimesAndByWhatFollows) {
  QuestionLog log(path());
  Ask(log, "seldom", 3);
  // "after" always comes after "before"; the pair is asked less than "often" and more than "seldom".
  for (int i = 0; i < 5; ++i) {
    Ask(log, "before", 1);
    Ask(log, "after", 1);
  }
  Ask(log, "once", 1);
  Ask(log, "often", 9);
  const auto texts = Texts(log);
  EXPECT_EQ(texts.front(), "often");
  EXPECT_EQ(texts.back(), "seldom");
  const auto before = std::ranges::find(texts, "before"), after = std::ranges::find(texts, "after");
  ASSERT_NE(before, texts.end());
  EXPECT_EQ(texts.size(), 4u);
  EXPECT_EQ(std::abs(after - before), 1);
}

TEST_F(QuestionLogTest, ComesBackFromItsFileAndFades) {
  {
    QuestionLog log(path());
    Ask(log, "a", 40);
    log.Record("file:///t", {.where = "b", .columns = {columnar::PlainKey(columnar::ColumnRole::kSize)}, .limit = 7}, true);
    for (int i = 0; i < 30; ++i) {
      log.Record("file:///t", {.where = "b", .columns = {columnar::PlainKey(columnar::ColumnRole::kSize)}, .limit = 7}, true);
    }
  }
  QuestionLog log(path());
  ASSERT_TRUE(log.Load());
  EXPECT_THAT(Texts(log), ElementsAre("a", "b count"));
  const AskedQuestion b = log.InOrder()[1];
  EXPECT_EQ(b.uri, "file:///t");
  EXPECT_EQ(b.request.limit, 7);
  EXPECT_EQ(b.request.rows, std::nullopt);
  EXPECT_EQ(b.request.columns, std::vector{columnar::PlainKey(columnar::ColumnRole::kSize)});
  // Half of forty is less than thirty anew.
  Ask(log, "c", 30);
  EXPECT_EQ(Texts(log).front(), "c");
}

TEST_F(QuestionLogTest, KeepsWhatEarlierProcessesAsked) {
  for (const char* where : {"first", "second"}) {
    QuestionLog log(path());
    Ask(log, where, 100);
  }
  QuestionLog log(path());
  ASSERT_TRUE(log.Load());
  EXPECT_THAT(Texts(log), ElementsAre("second", "first"));
}

TEST_F(QuestionLogTest, AProcessThatAskedLittleLeavesNoFile) {
  {
    QuestionLog log(path());
    Ask(log, "a", static_cast<int>(QuestionLog::kAskedToSave) - 1);
  }
  EXPECT_FALSE(std::filesystem::exists(path()));
  QuestionLog log(path());
  EXPECT_EQ(log.Load().error().code, ErrorCode::kNotFound);
}

TEST_F(QuestionLogTest, IsBounded) {
  QuestionLog log(path());
  Ask(log, "kept", 1000);
  for (int i = 0; i < 3000; ++i) Ask(log, "other " + std::to_string(i), 2);
  const auto texts = Texts(log);
  EXPECT_LE(texts.size(), QuestionLog::kQuestionsMax);
  EXPECT_GE(texts.size(), QuestionLog::kQuestionsMax / 2);
  Ask(log, std::string(100'000, 'x'), 100);
  for (const std::string& text : Texts(log)) EXPECT_LT(text.size(), 1000u);
}

TEST_F(QuestionLogTest, RefusesADamagedFile) {
  {
    QuestionLog log(path());
    Ask(log, "a", 100);
  }
  std::string content;
  {
    std::ifstream file(path(), std::ios::binary);
    content.assign(std::istreambuf_iterator<char>(file), {});
  }
  const auto load = [&](const std::string& bytes) {
    std::ofstream(path(), std::ios::binary | std::ios::trunc) << bytes;
    QuestionLog log(path());
    const Status loaded = log.Load();
    return loaded ? ErrorCode::kInternal : loaded.error().code;
  };
  for (std::size_t at = 0; at < content.size(); ++at) {
    std::string flipped = content;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    const ErrorCode code = load(flipped);
    EXPECT_TRUE(code == ErrorCode::kCorrupt || (code == ErrorCode::kUnsupported && at >= 4 && at < 8)) << at;
  }
  EXPECT_EQ(load(content.substr(0, content.size() - 1)), ErrorCode::kCorrupt);
  EXPECT_EQ(load(""), ErrorCode::kCorrupt);
}

TEST_F(QuestionLogTest, WarmingAnswersBeforeAnybodyAsks) {
  CommitMany(4);
  ASSERT_TRUE(catalog_->Sync(kTable, {}, false));
  const FilesRequest request{.where = "id >= 20", .columns = {columnar::PlainKey(columnar::ColumnRole::kPath)}};
  {
    const auto first = Process();
    for (int i = 0; i < 70; ++i) {
      const auto view = std::move(*first->Open(kTable, {}));
      EXPECT_EQ(PathsOf(**view->Files(request, nullptr)), "f2 f3");
      EXPECT_EQ(view->Count(request, nullptr).value(), 2);
    }
  }
  ASSERT_TRUE(std::filesystem::exists(path()));
  CommitFile(4);
  ASSERT_TRUE(catalog_->Sync(kTable, {}, false));
  const auto next = Process();
  EXPECT_EQ(next->Warm(), 2);
  EXPECT_EQ(Results(*next).entries, 2u);
  EXPECT_EQ(Results(*next).hits, 0u);
  // What was warmed is what the table holds now.
  const auto view = std::move(*next->Open(kTable, {}));
  EXPECT_EQ(PathsOf(**view->Files(request, nullptr)), "f2 f3 f4");
  EXPECT_EQ(view->Count(request, nullptr).value(), 3);
  EXPECT_EQ(Results(*next).hits, 2u);
  // No time, no questions; no file, no failure.
  EXPECT_EQ(Process(0)->Warm(), 0);
  std::filesystem::remove(path());
  EXPECT_EQ(Process()->Warm(), 0);
  // A table that is gone is passed over.
  {
    QuestionLog log(path());
    for (int i = 0; i < 100; ++i) log.Record("file:///gone", {}, true);
  }
  notes_.clear();
  EXPECT_EQ(Process()->Warm(), 0);
  EXPECT_THAT(notes_, testing::IsEmpty());
}

}  // namespace
}  // namespace levee::catalog

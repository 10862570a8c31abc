// Kept answers are those that would have been found anew: across syncs, catalogs and clocks.
#include <gmock/gmock.h>

#include "catalog/catalog_test_bed.h"

namespace levee::catalog {
namespace {

using columnar::ColumnRole;

class ResultCacheTest : public CatalogTestBed {
 protected:
  void TearDown() override {
    other_store_.reset();
    CatalogTestBed::TearDown();
  }
  // Over a store of its own on the same file, as another process has it.
  std::unique_ptr<Catalog> OtherCatalog(bool results) {
    other_store_ = std::move(*store::OpenStore((folder_ / "levee.db").string(), {}));
    CatalogOptions options{.threads = 2, .spill_folder = folder_.string(), .on_note = {}};
    options.caches.results = results;
    return MakeCatalog(
        *other_store_, std::move(options),
        [this](std::string_view) -> Result<std::unique_ptr<objectstore::ObjectStore>> {
          return std::make_unique<SharedObjectStore>(log_);
        },
        [this]() -> Result<objectstore::ParquetSource*> { return &parquet_; }, clock_);
  }
  std::unique_ptr<store::Store> other_store_;
  // Whether the answer was kept before, and the paths.
  std::pair<bool, std::string> Ask(const FilesRequest& question) {
    auto view = catalog_->Open(kTable, {});
    EXPECT_TRUE(view);
    FilesRequest request = question;
    request.columns = {columnar::PlainKey(ColumnRole::kPath)};
    Explanation explanation;
    auto stream = (*view)->Files(request, &explanation);
    EXPECT_TRUE(stream);
    std::string paths = PathsOf(**stream);
    return {explanation.from_results, paths};
  }
  cache::CacheCounters Counters() {
    for (const cache::CacheUse& use : catalog_->Caches()) {
      if (use.name == "results") return use.counters;
    }
    ADD_FAILURE() << "no results";
    return {};
  }
};

TEST_F(ResultCacheTest, AnswersTheSameQuestionFromMemoryUntilTheTableMoves) {
  CommitMany(3);
  EXPECT_EQ(Ask({.where = "id >= 10"}), std::pair(false, std::string("f1 f2")));
  EXPECT_EQ(Ask({.where = "id >= 10"}), std::pair(true, std::string("f1 f2")));
  // Another text of the same meaning.
  EXPECT_EQ(Ask({.where = "NOT (ID < 5 + 5)"}), std::pair(true, std::string("f1 f2")));
  CommitFile(3);
  EXPECT_EQ(Ask({.where = "id >= 10"}), std::pair(false, std::string("f1 f2 f3")));
  Commit(4, RemoveLine("f2"));
  EXPECT_EQ(Ask({.where = "id >= 10"}), std::pair(false, std::string("f1 f3")));
  EXPECT_EQ(Ask({.where = "id >= 10"}), std::pair(true, std::string("f1 f3")));
}

TEST_F(ResultCacheTest, SeesWhatAnotherCatalogSynced) {
  CommitMany(2);
  Reopen({.mode = Freshness::Mode::kCached});
  EXPECT_EQ(Ask({}).second, "f0 f1");
  EXPECT_TRUE(Ask({}).first);
  const auto other = OtherCatalog(true);
  CommitFile(2);
  ASSERT_TRUE(other->Sync(kTable, {}, false));
  EXPECT_EQ(Ask({}), std::pair(false, std::string("f0 f1 f2")));
  // Forgotten and added again with another log: the same version, another incarnation.
  ASSERT_TRUE(other->Forget(kTable));
  Commit(2, AddLine({.path = "g2"}));
  ASSERT_TRUE(other->Add(kTable, {}));
  EXPECT_EQ(Ask({}), std::pair(false, std::string("f0 f1 g2")));
}

TEST_F(ResultCacheTest, TellsQuestionsApart) {
  CommitMany(3);
  const auto view = std::move(*catalog_->Open(kTable, {}));
  const auto columns_of = [&](const FilesRequest& request) {
    auto stream = std::move(*view->Files(request, nullptr));
    std::size_t columns = 0, rows = 0;
    for (auto batch = std::move(*stream->Next()); batch; batch = std::move(*stream->Next())) {
      columns = batch->columns.size();
      rows += batch->rows;
    }
    return std::pair(columns, rows);
  };
  const columnar::ColumnKey path = columnar::PlainKey(ColumnRole::kPath), size = columnar::PlainKey(ColumnRole::kSize);
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(columns_of({.columns = {path}}), std::pair(std::size_t{1}, std::size_t{3}));
    EXPECT_EQ(columns_of({.columns = {path, size}}), std::pair(std::size_t{2}, std::size_t{3}));
    EXPECT_EQ(columns_of({.columns = {path}, .limit = 1}), std::pair(std::size_t{1}, std::size_t{1}));
    EXPECT_EQ(columns_of({.columns = {path}, .limit = 0}).second, std::size_t{0});
    EXPECT_EQ(columns_of({.columns = {path}, .rows = 11}), std::pair(std::size_t{1}, std::size_t{2}));
    EXPECT_EQ(columns_of({.columns = {}}).second, std::size_t{3});
    EXPECT_EQ(view->Count({}, nullptr).value(), 3);
    EXPECT_EQ(view->Count({.limit = 2}, nullptr).value(), 2);
    EXPECT_EQ(view->Count({.where = "id > 15"}, nullptr).value(), 2);
  }
  EXPECT_GE(Counters().hits, 9u);
}

TEST_F(ResultCacheTest, AReaderMayChangeWhatItGets) {
  CommitMany(2);
  const auto view = std::move(*catalog_->Open(kTable, {}));
  for (int again = 0; again < 3; ++again) {
    auto stream = std::move(*view->Files({.columns = {columnar::PlainKey(ColumnRole::kPath)}}, nullptr));
    auto batch = std::move(*stream->Next());
    ASSERT_EQ(batch->columns.size(), 1u);
    EXPECT_EQ(batch->columns[0].values.strings[0], "f0");
    batch->columns[0].values.strings = {};
    batch->columns.clear();
    EXPECT_EQ(std::move(*stream->Next()), nullptr);
  }
}

TEST_F(ResultCacheTest, KeepsNoAnswerThatWasPartlyRead) {
  CommitMany(2);
  const auto view = std::move(*catalog_->Open(kTable, {}));
  Explanation explanation;
  { const auto unread = std::move(*view->Files({}, &explanation)); }
  EXPECT_EQ(Counters().entries, 0u);
  EXPECT_EQ(Ask({}).first, false);
  EXPECT_EQ(Counters().entries, 1u);
  // An answer that may be shared is read to its end before anybody gets it.
  { const auto unread = std::move(*view->Files({.where = "id > 5"}, nullptr)); }
  EXPECT_EQ(Counters().entries, 2u);
}

TEST_F(ResultCacheTest, ReadsTheClockAnew) {
  const std::string schema =
      R"({\"type\":\"struct\",\"fields\":[{\"name\":\"at\",\"type\":\"timestamp\",\"nullable\":true,\"metadata\":{}},)"
      R"({\"name\":\"Region\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}]})";
  // The clock stands at 2023-11-14T22:13:20Z.
  Commit(0, ProtocolLine() + MetadataLine("", schema) +
                R"({"add":{"path":"old","partitionValues":{"Region":"eu"},"size":1,"modificationTime":1,"dataChange":true,)"
                R"("stats":"{\"numRecords\":1,\"minValues\":{\"at\":\"2023-11-14T22:13:30.000Z\"},)"
                R"(\"maxValues\":{\"at\":\"2023-11-14T22:13:30.000Z\"},\"nullCount\":{\"at\":0}}"}})" "\n");
  EXPECT_EQ(Ask({.where = "at > CURRENT_TIMESTAMP"}).second, "old");
  clock_.Advance(60'000);
  EXPECT_EQ(Ask({.where = "at > CURRENT_TIMESTAMP"}), std::pair(false, std::string()));
}

TEST_F(ResultCacheTest, OffItKeepsNothingAndAnswersTheSame) {
  CommitMany(4);
  const auto off = OtherCatalog(false);
  for (const char* where : {"", "id > 12", "region = 'eu' AND id < 30", "1 = 2"}) {
    for (int again = 0; again < 2; ++again) {
      const auto plain = std::move(*off->Open(kTable, {}));
      auto stream = plain->Files({.where = where, .columns = {columnar::PlainKey(ColumnRole::kPath)}}, nullptr);
      EXPECT_EQ(PathsOf(**stream), Ask({.where = where}).second) << where;
      const auto kept = std::move(*catalog_->Open(kTable, {}));
      EXPECT_EQ(plain->Count({.where = where}, nullptr).value(), kept->Count({.where = where}, nullptr).value());
    }
  }
  EXPECT_GE(Counters().hits, 4u);
  for (const cache::CacheUse& use : off->Caches()) {
    if (use.name == "results") {
      EXPECT_EQ(use.counters.hits + use.counters.misses + use.counters.entries, 0u);
    }
  }
  // A question may do without.
  const std::uint64_t before = Counters().hits;
  const auto view = std::move(*catalog_->Open(kTable, {}));
  EXPECT_EQ(view->Count({.where = "id > 12", .use_results = false}, nullptr).value(), 3);
  EXPECT_EQ(Counters().hits, before);
}

}  // namespace
}  // namespace levee::catalog

// Custom indexes as segments keep them: there for the next process, whatever came in between.
#include <gmock/gmock.h>

#include "memory/bank/index_notes.h"
#include "memory/bank/segment_directory.h"
#include "memory/store_bank/store_bank.h"
#include "store/sealed_blob.h"
#include "tests/memory_bank/bank_under_test.h"
#include "tests/memory_bank/stored_bank.h"

namespace levee::memory_bank {
namespace {

using memory::SegmentDirectory;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class StoredIndexTest : public testing::Test {
 protected:
  static memory::StoreBankOptions Options() {
    memory::StoreBankOptions options;
    options.author = "suite";
    options.replica = "here";
    options.run_limits.rows = 200;  // merged in the background
    return options;
  }
  void Reopen() { bank_.Open(Options()); }

  void SetUp() override {
    Add(0, 600);
    ASSERT_TRUE(bank_->Maintain({}));
  }
  void Add(int first, int count) {
    std::vector<ItemWrite> writes;
    for (int i = first; i < first + count; ++i) {
      clock_.Move(1'000);
      Item item = Note("i" + std::to_string(i), "content " + std::to_string(i));
      item.metadata = "{\"n\": " + std::to_string(i % 50) + ", \"s\": \"v" + std::to_string(i % 7) + "\"}";
      item.updated = clock_.NowMicros();
      writes.push_back({.item = std::move(item), .expected_version = {}});
    }
    ASSERT_TRUE(bank_->Store(std::move(writes), {}));
  }

  std::vector<std::pair<std::int64_t, SegmentDirectory>> Directories() {
    std::vector<std::pair<std::int64_t, SegmentDirectory>> directories;
    const auto news = bank_.store().ReadNews({});
    EXPECT_TRUE(news && news->layout);
    for (const store::BankSegment& segment : news->layout->segments) {
      directories.emplace_back(segment.id, memory::DecodeSegmentDirectory(segment.directory, "it").value());
    }
    return directories;
  }
  // The indexes that each segment has, by what names their keys.
  std::vector<std::vector<std::string>> Kept() {
    std::vector<std::vector<std::string>> kept;
    for (const auto& [id, directory] : Directories()) {
      auto& names = kept.emplace_back();
      for (const memory::IndexChunks& index : directory.indexes) names.push_back(index.name);
    }
    return kept;
  }
  // What a process leaves that is killed when it has noted an index and before it builds it.
  void NoteIndex(const IndexSpec& index) {
    const auto writer = bank_.store().BeginWrite(true).value();
    ASSERT_TRUE(writer->SetNote(memory::IndexNote(index.name), memory::IndexText(index)));
    ASSERT_TRUE(writer->Commit());
  }

  static std::string Explained(MemoryBank& bank, const ItemQuery& query) {
    return bank.Explain(query, ExplainFormat::kText, true).value();
  }
  std::string Explained(const ItemQuery& query) { return Explained(*bank_, query); }

  StandingClock clock_;
  StoredBank bank_{clock_, Options()};
  const ItemQuery question_{.metadata = "n = 7", .limit = 100};  // twelve in 600
};

TEST_F(StoredIndexTest, TheFirstQuestionOfANewProcessUsesIt) {
  ASSERT_TRUE(bank_->AddIndex({.name = "by n", .keys = {"metadata.n"}}));
  EXPECT_THAT(Kept(), ElementsAre(ElementsAre("metadata.n\n")));
  Reopen();
  EXPECT_THAT(Explained(question_), HasSubstr("> index by n"));
  EXPECT_EQ(bank_->Count(question_).value(), 12);
  Reopen();
  EXPECT_THAT(Explained({.order = "metadata.n desc", .limit = 3}), HasSubstr("> index by n in order"));
}

TEST_F(StoredIndexTest, MergesWriteIt) {
  ASSERT_TRUE(bank_->AddIndex({.name = "by n", .keys = {"metadata.n"}}));
  ASSERT_TRUE(bank_->AddIndex({.name = "by s", .keys = {"metadata.s", "category"}}));
  Add(600, 300);
  Reopen();  // which ends the merge in the background
  EXPECT_THAT(Kept(), Each(ElementsAre("metadata.n\n", "metadata.s\ncategory\n")));
  ASSERT_TRUE(bank_->Delete({{.id = "i7", .expected_version = {}}}, {}));
  ASSERT_TRUE(bank_->Maintain({}));
  EXPECT_THAT(Kept(), SizeIs(2));  // one of what has ended
  EXPECT_THAT(Kept(), Each(ElementsAre("metadata.n\n", "metadata.s\ncategory\n")));
  Reopen();
  EXPECT_THAT(Explained(question_), HasSubstr("> index by n"));
  EXPECT_EQ(bank_->Count(question_).value(), 17);
  EXPECT_EQ(bank_->Count({.metadata = "s = 'v3'"}).value(), 129);  // of 900, where i % 7 == 3
}

TEST_F(StoredIndexTest, AnotherOfTheSameNameTakesItsPlace) {
  ASSERT_TRUE(bank_->AddIndex({.name = "mine", .keys = {"metadata.n"}}));
  const std::vector<std::int64_t> chunks = Directories().front().second.indexes.front().chunks;
  ASSERT_THAT(chunks, Not(IsEmpty()));
  ASSERT_TRUE(bank_->DropIndex("mine"));
  EXPECT_THAT(Kept(), ElementsAre(IsEmpty()));
  ASSERT_TRUE(bank_->AddIndex({.name = "mine", .keys = {"metadata.s"}}));
  EXPECT_THAT(Kept(), ElementsAre(ElementsAre("metadata.s\n")));
  EXPECT_THAT(Explained(question_), Not(HasSubstr("index mine")));
  EXPECT_THAT(Explained({.metadata = "s = 'v2'"}), HasSubstr("> index mine"));
  EXPECT_EQ(bank_->Count(question_).value(), 12);
  // Chunks of an index that was dropped go with the lease, and nothing else does.
  ASSERT_TRUE(bank_.store().CollectGarbage(SystemClock().NowMicros() / 1'000 + 1'000, 0));
  for (const std::int64_t chunk : chunks) EXPECT_EQ(bank_.store().ReadChunk(chunk).error().code, ErrorCode::kNotFound);
  Reopen();
  EXPECT_THAT(bank_->Verify()->problems, IsEmpty());
  EXPECT_EQ(bank_->Count(question_).value(), 12);
  EXPECT_EQ(bank_->Count({.words = "content"}).value(), 600);
}

TEST_F(StoredIndexTest, KeysThatTwoIndexesShareAreKeptOnce) {
  ASSERT_TRUE(bank_->AddIndex({.name = "one", .keys = {"metadata.n"}}));
  ASSERT_TRUE(bank_->AddIndex({.name = "two", .keys = {"metadata.n"}}));
  EXPECT_THAT(Kept(), ElementsAre(ElementsAre("metadata.n\n")));
  ASSERT_TRUE(bank_->DropIndex("one"));
  EXPECT_THAT(Kept(), ElementsAre(ElementsAre("metadata.n\n")));
  Reopen();
  EXPECT_THAT(Explained(question_), HasSubstr("> index two"));
  ASSERT_TRUE(bank_->AddIndex({.name = "tags", .keys = {"tags"}}));
  EXPECT_THAT(Kept(), ElementsAre(ElementsAre("metadata.n\n")));
}

TEST_F(StoredIndexTest, OtherProcessesUseItAtOnce) {
  const auto other_store = store::OpenStore(bank_.folder() + "/levee.db", {}).value();
  const auto other = memory::StoreBank::Open(other_store->bank(), clock_, Options()).value();
  EXPECT_EQ(other->Count(question_).value(), 12);
  Add(600, 50);  // in the tail of both
  ASSERT_TRUE(bank_->AddIndex({.name = "by n", .keys = {"metadata.n"}}));
  EXPECT_THAT(Explained(*other, question_), HasSubstr("> index by n"));
  EXPECT_EQ(other->Count(question_).value(), 13);
  ASSERT_TRUE(other->Delete({{.id = "i7", .expected_version = {}}}, {}));
  ASSERT_TRUE(other->DropIndex("by n"));
  EXPECT_THAT(Explained(question_), Not(HasSubstr("index by n")));
  EXPECT_EQ(bank_->Count(question_).value(), 12);
  EXPECT_EQ(bank_->Stats()->items, 649);
}

TEST_F(StoredIndexTest, WhatReadersHaveLoadedOfRowsStaysWithThem) {
  memory::RecordCache records({.size_bytes = 0}, MemoryBudget::Process(), clock_);
  memory::SegmentPages pages(bank_.store(), records, {.name = "test", .budget = 1u << 20});
  memory::View view(bank_.store(), pages);
  ASSERT_TRUE(view.Apply(bank_.store().ReadNews(view.state()).value()));
  const auto segment = view.segments().front();
  const memory::RowColumns* const columns = segment->Columns().value();
  ASSERT_TRUE(bank_->AddIndex({.name = "by n", .keys = {"metadata.n"}}));
  ASSERT_TRUE(view.Apply(bank_.store().ReadNews(view.state()).value()));
  EXPECT_NE(view.segments().front(), segment);
  EXPECT_EQ(view.segments().front()->Columns().value(), columns);
  EXPECT_EQ(columns->rows(), 600u);
  EXPECT_TRUE(view.FindNewest("i7").value());
  // Merges make other rows.
  Add(600, 50);
  ASSERT_TRUE(bank_->Maintain({}));
  ASSERT_TRUE(view.Apply(bank_.store().ReadNews(view.state()).value()));
  EXPECT_NE(view.segments().front()->Columns().value(), columns);
}

TEST_F(StoredIndexTest, RowsThatEndedSinceStayEnded) {
  clock_.Move(1'000'000);
  ASSERT_TRUE(bank_->Delete({{.id = "i7", .expected_version = {}}}, {}));
  Item brief = Note("brief", "content");
  brief.metadata = R"({"n": 7})";
  brief.expires = clock_.NowMicros() + 5'000'000;
  ASSERT_TRUE(bank_->Store({{.item = brief, .expected_version = {}}}, {}));
  EXPECT_EQ(bank_->Count(question_).value(), 12);
  ASSERT_TRUE(bank_->AddIndex({.name = "by n", .keys = {"metadata.n"}}));
  EXPECT_EQ(bank_->Count(question_).value(), 12);
  clock_.Move(10'000'000);
  EXPECT_EQ(bank_->Count(question_).value(), 11);
  Reopen();
  EXPECT_EQ(bank_->Count(question_).value(), 11);
  EXPECT_EQ(bank_->Stats()->items, 599);
  EXPECT_THAT(bank_->Verify()->problems, IsEmpty());
}

TEST_F(StoredIndexTest, MaintenanceCompletesWhatAKilledProcessLeft) {
  NoteIndex({.name = "by n", .keys = {"metadata.n"}});
  EXPECT_THAT(Kept(), ElementsAre(IsEmpty()));
  EXPECT_EQ(bank_->Count(question_).value(), 12);
  ASSERT_TRUE(bank_->Maintain({}));
  EXPECT_THAT(Kept(), ElementsAre(ElementsAre("metadata.n\n")));
  EXPECT_EQ(bank_->Count(question_).value(), 12);
}

TEST_F(StoredIndexTest, TheNextMergeInTheBackgroundCompletesItToo) {
  Add(600, 1'000);
  Reopen();
  NoteIndex({.name = "by n", .keys = {"metadata.n"}});
  Add(1'600, 201);
  Reopen();
  EXPECT_THAT(Kept(), Each(ElementsAre("metadata.n\n")));
}

TEST_F(StoredIndexTest, ANoteThatIsNoneKeepsNobodyFromMerging) {
  NoteIndex({.name = "none", .keys = {"nothing"}});
  Add(600, 400);
  Reopen();
  EXPECT_EQ(bank_->Stats()->tail_items, 0);
  EXPECT_FALSE(bank_->Count(question_));
  ASSERT_TRUE(bank_->DropIndex("none"));
  EXPECT_EQ(bank_->Count(question_).value(), 20);
}

TEST_F(StoredIndexTest, OneThatNoSegmentHasIsBuiltWhenQuestionsHavePaidForIt) {
  NoteIndex({.name = "by n", .keys = {"metadata.n"}});
  const std::int64_t before = bank_->Stats()->index_bytes;
  const ItemQuery cheap{.ids = {"i1"}, .metadata = "n = 1"};
  for (int i = 0; i < 100; ++i) EXPECT_EQ(bank_->Count(cheap).value(), 1);
  EXPECT_EQ(bank_->Stats()->index_bytes, before);
  // One that finds its page early pays little, one that reads all records in vain as much as building costs.
  EXPECT_EQ(bank_->Find({.metadata = "n >= 0", .limit = 5})->items.size(), 5u);
  EXPECT_EQ(bank_->Stats()->index_bytes, before);
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(bank_->Find({.metadata = "n = 7 AND s = 'none'", .limit = 5})->items.empty());
  EXPECT_GT(bank_->Stats()->index_bytes, before);
}

TEST_F(StoredIndexTest, OneThatTheStoreHasIsReadWhenQuestionsHavePaidForThat) {
  ASSERT_TRUE(bank_->AddIndex({.name = "by n", .keys = {"metadata.n"}}));
  const std::int64_t before = bank_->Stats()->index_bytes;
  EXPECT_EQ(bank_->Find({.metadata = "n >= 0", .limit = 1})->items.size(), 1u);
  EXPECT_EQ(bank_->Stats()->index_bytes, before);
  EXPECT_TRUE(bank_->Find({.metadata = "n = 7 AND s = 'none'", .limit = 5})->items.empty());
  EXPECT_GT(bank_->Stats()->index_bytes, before);
}

TEST_F(StoredIndexTest, AQuestionThatReadsMoreThanWasExpectedGoesOnWithIt) {
  ASSERT_TRUE(bank_->AddIndex({.name = "by n", .keys = {"metadata.n"}}));
  Reopen();
  // Two of the newest seven were expected. Reading the index is worth eleven records; then it names twelve.
  const std::string plan = Explained({.metadata = "n = 7 AND s = 'none'", .limit = 1});
  EXPECT_THAT(plan, HasSubstr("> index by n"));
  EXPECT_THAT(plan, HasSubstr("23 records read"));
  Reopen();
  const auto found = bank_->Find({.metadata = "n = 7 AND s = 'v2'", .limit = 1});  // of 7, 57, ... 557: 107 and 457
  ASSERT_TRUE(found) << found.error().ToString();
  ASSERT_THAT(found->items, SizeIs(1));
  EXPECT_EQ(found->items.front().item.id, "i457");
}

TEST_F(StoredIndexTest, ASegmentOfBeforeThereWereAnyIsRead) {
  // As it was written then: the directory ends before its indexes, of which there are none.
  constexpr std::uint32_t kMagic = store::BlobMagic("LVbd");
  const auto news = bank_.store().ReadNews({}).value();
  ASSERT_TRUE(news.layout && news.layout->segments.size() == 1);
  const store::BankSegment& segment = news.layout->segments.front();
  Bytes payload = store::OpenBlob(kMagic, segment.directory, "it").value();
  ASSERT_EQ(payload.back(), 0);
  payload.pop_back();
  store::BankMerge merge{.generation = news.state.generation, .merged_position = news.layout->merged_position};
  merge.dropped.push_back(segment.id);
  merge.added.push_back({store::SealBlob(kMagic, payload, store::Compression::kNever), segment.ended});
  ASSERT_TRUE(bank_.store().PublishMerge(merge).value());
  Reopen();
  EXPECT_EQ(bank_->Count(question_).value(), 12);
  EXPECT_THAT(bank_->Verify()->problems, IsEmpty());
  ASSERT_TRUE(bank_->AddIndex({.name = "by n", .keys = {"metadata.n"}}));
  EXPECT_THAT(Kept(), ElementsAre(ElementsAre("metadata.n\n")));
  Reopen();
  EXPECT_THAT(Explained(question_), HasSubstr("> index by n"));
  EXPECT_EQ(bank_->Count(question_).value(), 12);
  EXPECT_EQ(bank_->Count({.words = "content"}).value(), 600);
}

TEST_F(StoredIndexTest, ACopyHasIt) {
  ASSERT_TRUE(bank_->AddIndex({.name = "by n", .keys = {"metadata.n"}}));
  const std::string path = bank_.folder() + "/copy.db";
  ASSERT_TRUE(bank_->Backup(path));
  const auto store = store::OpenStore(path, {}).value();
  const auto copy = memory::StoreBank::Open(store->bank(), clock_, Options()).value();
  EXPECT_THAT(Explained(*copy, question_), HasSubstr("> index by n"));
  EXPECT_EQ(copy->Count(question_).value(), 12);
  EXPECT_THAT(copy->Verify()->problems, IsEmpty());
}

}  // namespace
}  // namespace levee::memory_bank

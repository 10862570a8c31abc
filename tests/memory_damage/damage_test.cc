// A bit is flipped in each kind of bytes that a bank keeps. Verify finds it, repair makes anew what follows from the items, and
// then the bank answers as a plain one does; what is lost is named, and nothing else is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <set>

#include "memory/bank/segment_directory.h"
#include "memory/store_bank/store_bank.h"
#include "store/open/open.h"
#include "tests/fakes/plain_bank/plain_bank.h"
#include "tests/memory_bank/random_input.h"

namespace levee::memory {
namespace {

using testing::IsEmpty;
using testing::Not;

// Moves with each look, so that every write has a time of its own; two of them move alike.
class TickingClock final : public Clock {
 public:
  std::int64_t NowMicros() override { return now_; }
  std::int64_t MonotonicNanos() override { return now_ * 1000; }
  void Move(std::int64_t micros) { now_ += micros; }

 private:
  std::int64_t now_ = 1'700'000'000'000'000;
};

// The database, from beside.
class Database {
 public:
  explicit Database(const std::string& path) { EXPECT_EQ(sqlite3_open(path.c_str(), &database_), SQLITE_OK); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() { sqlite3_close(database_); }

  std::vector<std::pair<std::int64_t, Bytes>> Blobs(const std::string& sql) {
    std::vector<std::pair<std::int64_t, Bytes>> blobs;
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr), SQLITE_OK) << sqlite3_errmsg(database_);
    while (sqlite3_step(statement) == SQLITE_ROW) {
      const auto* const bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement, 1));
      blobs.emplace_back(sqlite3_column_int64(statement, 0), Bytes(bytes, bytes + sqlite3_column_bytes(statement, 1)));
    }
    sqlite3_finalize(statement);
    return blobs;
  }

  void FlipBit(const std::string& table, const char* column, std::int64_t row, std::mt19937& random) {
    sqlite3_blob* blob = nullptr;
    ASSERT_EQ(sqlite3_blob_open(database_, "main", table.c_str(), column, row, 1, &blob), SQLITE_OK) << sqlite3_errmsg(database_);
    const int at = static_cast<int>(random() % static_cast<unsigned>(sqlite3_blob_bytes(blob)));
    std::uint8_t byte = 0;
    sqlite3_blob_read(blob, &byte, 1, at);
    byte = static_cast<std::uint8_t>(byte ^ 1u << random() % 8);
    sqlite3_blob_write(blob, &byte, 1, at);
    sqlite3_blob_close(blob);
  }

 private:
  sqlite3* database_ = nullptr;
};

// What is damaged, of which column where it is one.
struct Kind {
  const char* name;
  bool lossless;
  SegmentColumn column = SegmentColumn::kOperation;
};
void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

class DamageTest : public ::testing::TestWithParam<Kind> {
 protected:
  DamageTest() : input_(7), plain_({.replica = "here", .author = "suite", .content_limit = 100'000}, clock_) {
    std::string pattern = (std::filesystem::temp_directory_path() / "levee-damage-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~DamageTest() override {
    Close();
    std::filesystem::remove_all(folder_);
  }

  std::string Path() const { return folder_ + "/memory.db"; }
  void Close() {
    bank_.reset();
    store_.reset();
  }
  void Open() {
    auto store = store::OpenStore(Path(), {});
    ASSERT_TRUE(store) << store.error().ToString();
    store_ = std::move(*store);
    StoreBankOptions options;
    options.author = "suite";
    options.replica = "here";
    options.limits.content_bytes_max = 100'000;
    options.run_limits.rows = 40;
    auto bank = StoreBank::Open(store_->bank(), clock_, options);
    ASSERT_TRUE(bank) << bank.error().ToString();
    bank_ = std::move(*bank);
  }

  // Several segments, and a tail.
  void Fill() {
    Open();
    ASSERT_TRUE(bank_->AddIndex({.name = "by n", .keys = {"metadata.n"}}));
    ASSERT_TRUE(bank_->AddIndex({.name = "by kind", .keys = {"category", "metadata.s"}}));
    for (int step = 0; step < 160; ++step) {
      clock_.Move(1'000);
      if (step % 5 == 3) {
        std::vector<ItemChange> changes{input_.Change(clock_.NowMicros())};
        ASSERT_TRUE(plain_.Update(changes, {}));
        ASSERT_TRUE(bank_->Update(changes, {}));
      } else if (step % 5 == 4) {
        std::vector<ItemRemoval> removals{input_.Removal()};
        ASSERT_TRUE(plain_.Delete(removals, {}));
        ASSERT_TRUE(bank_->Delete(removals, {}));
      } else {
        std::vector<ItemWrite> writes{input_.Write(clock_.NowMicros()), input_.Write(clock_.NowMicros())};
        for (ItemWrite& write : writes) {
          write.item.embedding = {1, 2, static_cast<float>(step)};
          if (GetParam().name == std::string_view("dictionary")) write.item.content += LongWords(step);
        }
        ASSERT_TRUE(plain_.Store(writes, {}));
        ASSERT_TRUE(bank_->Store(writes, {}));
      }
      // So that merging ends where it begins: the same segments each time.
      if (step % 20 == 19) {
        Close();
        Open();
      }
    }
    Close();
  }

  // So much of them that segments keep a dictionary.
  static std::string LongWords(int step) {
    std::string text;
    for (int i = 0; i < 300; ++i) text += " vocabulary" + std::to_string((i * 7 + step * 13) % 900);
    return text;
  }

  // Row numbers of the table that has this kind, by their number.
  std::vector<std::int64_t> Places() const {
    const std::string_view kind = GetParam().name;
    Database database(Path());
    std::vector<std::int64_t> places;
    if (kind == "batch") {
      for (const auto& [id, body] : database.Blobs("SELECT batch_id, body FROM bank_batches")) places.push_back(id);
      return places;
    }
    for (const auto& [id, bytes] : database.Blobs("SELECT segment_id, directory FROM bank_segments")) {
      const auto directory = DecodeSegmentDirectory(bytes, "directory");
      EXPECT_TRUE(directory);
      if (kind == "directory" || kind == "ended") places.push_back(id);
      if (kind == "keys") places.push_back(directory->keys);
      if (kind == "names") places.push_back(directory->names);
      if (kind == "postings") places.insert(places.end(), directory->text_chunks.begin(), directory->text_chunks.end());
      if (kind == "page") places.insert(places.end(), directory->pages.begin(), directory->pages.end());
      if (kind == "dictionary") places.insert(places.end(), directory->dictionaries.begin(), directory->dictionaries.end());
      if (kind == "embeddings") places.insert(places.end(), directory->embedding_pages.begin(), directory->embedding_pages.end());
      for (const IndexChunks& index : directory->indexes) {
        if (kind == "index") places.insert(places.end(), index.chunks.begin(), index.chunks.end());
      }
      const ColumnChunks* const column = kind.starts_with("column") ? directory->Find(GetParam().column) : nullptr;
      if (column != nullptr) places.insert(places.end(), column->chunks.begin(), column->chunks.end());
    }
    return places;
  }

  void Damage(std::int64_t place, std::mt19937& random) const {
    const std::string_view kind = GetParam().name;
    Database database(Path());
    if (kind == "batch") return database.FlipBit("bank_batches", "body", place, random);
    if (kind == "directory" || kind == "ended") return database.FlipBit("bank_segments", GetParam().name, place, random);
    database.FlipBit("bank_chunks", "data", place, random);
  }

  void ExpectSound() {
    const auto report = bank_->Verify();
    ASSERT_TRUE(report) << report.error().ToString();
    EXPECT_THAT(report->problems, IsEmpty());
  }

  // Before repair: an index that cannot be read is told, and answers no question wrongly.
  void ExpectSameOrAnError() {
    std::int64_t errors = 0;
    for (const char* metadata : {"n = 1", "n > 2", "n IS NOT NULL", "n < 0", "n IS NULL"}) {
      const ItemQuery query{.metadata = metadata, .limit = 1'000};
      const auto got = bank_->Find(query), wanted = plain_.Find(query);
      ASSERT_TRUE(wanted);
      if (!got) {
        ++errors;
        EXPECT_EQ(got.error().code, ErrorCode::kCorrupt);
        EXPECT_THAT(got.error().ToString(), testing::HasSubstr("chunk"));
        continue;
      }
      ASSERT_EQ(got->items.size(), wanted->items.size()) << metadata;
      for (std::size_t at = 0; at < got->items.size(); ++at) EXPECT_EQ(got->items[at].item.id, wanted->items[at].item.id);
    }
    index_errors_ += errors;
  }

  // Every item, version, name and word as the plain bank has them.
  void ExpectSame() {
    for (int i = 0; i < 50; ++i) {
      const std::string id = "i" + std::to_string(i);
      SCOPED_TRACE(id);
      const auto got = bank_->Get(id, {}), wanted = plain_.Get(id, {});
      ASSERT_TRUE(got) << got.error().ToString();
      EXPECT_EQ(*got, *wanted);
      const auto versions = bank_->History(id, {}), expected = plain_.History(id, {});
      ASSERT_TRUE(versions) << versions.error().ToString();
      ASSERT_EQ(versions->size(), expected->size());
      for (std::size_t v = 0; v < versions->size(); ++v) {
        EXPECT_EQ((*versions)[v].item, (*expected)[v].item);
        EXPECT_EQ((*versions)[v].operation, (*expected)[v].operation);
        EXPECT_EQ((*versions)[v].written, (*expected)[v].written);
        EXPECT_EQ((*versions)[v].author, (*expected)[v].author);
      }
    }
    memory_bank::RandomInput questions(11);
    for (int i = 0; i < 60; ++i) {
      ItemQuery query = questions.Query(clock_.NowMicros(), {clock_.NowMicros()});
      query.after.clear();
      const auto got = bank_->Find(query), wanted = plain_.Find(query);
      ASSERT_EQ(got.has_value(), wanted.has_value()) << query.words;
      if (!got) continue;
      EXPECT_EQ(got->items.size(), wanted->items.size()) << query.words;
      for (std::size_t at = 0; at < std::min(got->items.size(), wanted->items.size()); ++at) {
        EXPECT_EQ(got->items[at].item.id, wanted->items[at].item.id) << query.words;
      }
    }
    EXPECT_EQ(bank_->Stats()->items, plain_.Stats()->items);
    EXPECT_EQ(bank_->Stats()->content_bytes, plain_.Stats()->content_bytes);
  }

  // What is there is a version that was written, and at least `items` are there.
  void ExpectNothingMadeUp(std::int64_t items) {
    for (int i = 0; i < 50; ++i) {
      const std::string id = "i" + std::to_string(i);
      const auto got = bank_->Get(id, {});
      ASSERT_TRUE(got) << got.error().ToString();
      if (!*got) continue;
      std::set<std::string> contents;
      const auto versions = plain_.History(id, {});
      for (const ItemVersion& version : *versions) contents.insert(version.item.content);
      EXPECT_TRUE(contents.contains((*got)->content)) << id;
    }
    EXPECT_GE(*bank_->Count({}), items);
    const auto all = bank_->Find({.limit = 10'000});
    ASSERT_TRUE(all) << all.error().ToString();
    EXPECT_EQ(std::ssize(all->items), *bank_->Count({}));
  }

  std::string folder_;
  std::int64_t index_errors_ = 0;
  TickingClock clock_;
  memory_bank::RandomInput input_;
  fakes::PlainBank plain_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<StoreBank> bank_;
};

TEST_P(DamageTest, IsFoundAndMadeAnew) {
  Fill();
  std::mt19937 random(3);
  const std::vector<std::int64_t> places = Places();
  ASSERT_THAT(places, Not(IsEmpty()));
  const std::string sound = folder_ + "/sound.db";
  std::filesystem::copy_file(Path(), sound);
  for (const std::int64_t place : places) {
    SCOPED_TRACE(place);
    std::filesystem::copy_file(sound, Path(), std::filesystem::copy_options::overwrite_existing);
    Damage(place, random);
    Open();
    const auto found = bank_->Verify();
    ASSERT_TRUE(found) << found.error().ToString();
    EXPECT_THAT(found->problems, Not(IsEmpty()));
    if (GetParam().name == std::string_view("index")) ExpectSameOrAnError();
    const auto repaired = bank_->Maintain({.merge = false, .purge = false, .repair = true});
    ASSERT_TRUE(repaired) << repaired.error().ToString();
    ExpectSound();
    if (GetParam().lossless) {
      EXPECT_THAT(repaired->lost, IsEmpty());
      EXPECT_THAT(repaired->repaired, Not(IsEmpty()));
      ExpectSame();
    } else {
      // A segment may have a dictionary of its sources that none of its records needs.
      const bool may_lose_nothing = GetParam().name == std::string_view("dictionary") && !repaired->repaired.empty();
      if (!may_lose_nothing) EXPECT_THAT(repaired->lost, Not(IsEmpty()));
      // Of a column the values are lost, not the items.
      const std::string_view kind = GetParam().name;
      const bool keeps_items = kind == "names" || kind == "embeddings" || kind == "column_categories" ||
                               kind == "column_tags" || kind == "column_updated";
      ExpectNothingMadeUp(keeps_items ? *plain_.Count({}) : 1);
    }
    // It lasts, and is mended once.
    Close();
    Open();
    const auto again = bank_->Maintain({.repair = true});
    ASSERT_TRUE(again) << again.error().ToString();
    EXPECT_THAT(again->repaired, IsEmpty());
    EXPECT_THAT(again->lost, IsEmpty());
    ExpectSound();
    if (GetParam().lossless) ExpectSame();
    Close();
  }
  EXPECT_EQ(index_errors_ > 0, GetParam().name == std::string_view("index"));
}

INSTANTIATE_TEST_SUITE_P(Kinds, DamageTest,
                         testing::Values(Kind{"keys", true}, Kind{"postings", true}, Kind{"index", true}, Kind{"ended", true},
                                         Kind{"column_lengths", true, SegmentColumn::kContentBytes}, Kind{"names", false},
                                         Kind{"page", false}, Kind{"dictionary", false}, Kind{"embeddings", false},
                                         Kind{"column_categories", false, SegmentColumn::kCategory},
                                         Kind{"column_tags", false, SegmentColumn::kTags},
                                         Kind{"column_updated", false, SegmentColumn::kUpdated},
                                         Kind{"column_places", false, SegmentColumn::kLocation}, Kind{"directory", false},
                                         Kind{"batch", false}),
                         [](const auto& info) { return std::string(info.param.name); });

class RebuildTest : public DamageTest {};

TEST_P(RebuildTest, OnDemandChangesNoAnswer) {
  Fill();
  Open();
  ExpectSame();
  const auto report = bank_->Maintain({.merge = false, .purge = false, .rebuild = true});
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_THAT(report->repaired, IsEmpty());
  EXPECT_THAT(report->lost, IsEmpty());
  ExpectSound();
  ExpectSame();
  ASSERT_TRUE(bank_->Maintain({}));
  ExpectSound();
  ExpectSame();
}

INSTANTIATE_TEST_SUITE_P(Whole, RebuildTest, testing::Values(Kind{"whole", true}),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace levee::memory

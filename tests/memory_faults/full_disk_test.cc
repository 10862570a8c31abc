// A disk that is full while a process has the bank open, and has room again later. A limit on the size of its files, which a
// process may lower and raise itself, ends writes the same way.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "memory/store_bank/store_bank.h"
#include "store/open/open.h"

namespace levee::memory {
namespace {

// While it stands, no file of the process may grow beyond `bytes`.
class FullDisk {
 public:
  explicit FullDisk(std::uint64_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

class FullDiskTest : public ::testing::Test {
 protected:
  FullDiskTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "levee-full-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    auto store = store::OpenStore(folder_ + "/memory.db", {});
    EXPECT_TRUE(store) << store.error().ToString();
    store_ = std::move(*store);
    auto bank = StoreBank::Open(store_->bank(), SystemClock(), {.background_merge = false, .drop_lease_ms = 0});
    EXPECT_TRUE(bank) << bank.error().ToString();
    bank_ = std::move(*bank);
  }
  ~FullDiskTest() override {
    bank_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  static std::vector<ItemWrite> Batch(int first, int count) {
    std::vector<ItemWrite> batch;
    for (int i = first; i < first + count; ++i) {
      Item item{.id = "item-" + std::to_string(i), .category = "note"};
      item.content = "all have this; word" + std::to_string(i) + std::string(static_cast<std::size_t>(i % 900), '.');
      item.tags = {"t" + std::to_string(i % 7)};
      batch.push_back({.item = std::move(item), .expected_version = {}});
    }
    return batch;
  }

  // Of the file that a write makes grow: nothing more fits but `room`.
  std::uint64_t LogAnd(std::uint64_t room) const { return std::filesystem::file_size(folder_ + "/memory.db-wal") + room; }

  void ExpectSound(std::int64_t items) {
    EXPECT_EQ(bank_->Count({}), items);
    EXPECT_EQ(bank_->Count({.words = "all"}), items);
    EXPECT_EQ(bank_->Count({.tags = {"t3"}}), (items + 3) / 7);
    const auto report = bank_->Verify();
    ASSERT_TRUE(report) << report.error().ToString();
    EXPECT_EQ(report->problems, std::vector<std::string>());
    EXPECT_EQ(report->items, items);
  }

  // Others read it, too.
  void ExpectSoundElsewhere(std::int64_t items) {
    auto store = store::OpenStore(folder_ + "/memory.db", {});
    ASSERT_TRUE(store) << store.error().ToString();
    const auto bank = StoreBank::Open((*store)->bank(), SystemClock(), {.background_merge = false});
    EXPECT_EQ((*bank)->Count({.words = "all"}), items);
    EXPECT_EQ((*bank)->Verify()->problems, std::vector<std::string>());
  }

  template <typename T>
  static void ExpectRefused(const Result<T>& result) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().detail, "STORAGE_ERROR");
    EXPECT_NE(result.error().ToString().find("no room on the disk"), std::string::npos) << result.error().ToString();
  }

  std::string folder_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<StoreBank> bank_;
};

TEST_F(FullDiskTest, OfABatchNothingIsThere) {
  ASSERT_TRUE(bank_->Store(Batch(0, 700), {}));
  for (const std::uint64_t room : {0, 8'192, 20'000, 60'000, 300'000}) {
    {
      const FullDisk full(LogAnd(room));
      ExpectRefused(bank_->Store(Batch(700, 1'400), {}));
      ExpectSound(700);
    }
    ExpectSoundElsewhere(700);
  }
  ASSERT_TRUE(bank_->Store(Batch(700, 1'400), {}));
  ExpectSound(2'100);
}

TEST_F(FullDiskTest, OfSingleWritesAsManyAsFit) {
  std::int64_t stored = 0;
  ASSERT_TRUE(bank_->Store(Batch(0, 700), {}));
  {
    const FullDisk full(LogAnd(100'000));
    while (bank_->Store(Batch(700 + static_cast<int>(stored), 1), {})) ++stored;
    EXPECT_GT(stored, 0);
  }
  {
    const FullDisk full(1);  // the log has room beyond its last transaction, where a smaller write would fit
    ExpectRefused(bank_->Delete({{.id = "item-0", .expected_version = {}}}, {}));
    ExpectRefused(bank_->Update({{.id = "item-0", .content = "other"}}, {}));
    EXPECT_EQ((*bank_->Get("item-0", {}))->version, 1);
    ExpectSound(700 + stored);
  }
  ASSERT_TRUE(bank_->Store(Batch(700 + static_cast<int>(stored), 1), {}));
  ExpectSound(701 + stored);
}

TEST_F(FullDiskTest, QuotasAndIndexesStayAsTheyWere) {
  ASSERT_TRUE(bank_->Store(Batch(0, 10), {}));
  {
    const FullDisk full(LogAnd(0));
    ExpectRefused(bank_->SetQuota("default", {.max_items = 3, .max_bytes = {}}));
    ExpectRefused(bank_->AddIndex({.name = "one", .keys = {"category"}}));
  }
  EXPECT_TRUE(bank_->Indexes()->empty());
  EXPECT_TRUE(bank_->Store(Batch(10, 10), {}));
}

TEST_F(FullDiskTest, OfAnIndexNothingIsThere) {
  for (int batch = 0; batch < 6; ++batch) ASSERT_TRUE(bank_->Store(Batch(batch * 1'000, 1'000), {}));
  ASSERT_TRUE(bank_->Maintain({}));
  const IndexSpec by_id{.name = "by id", .keys = {"id"}};
  int noted = 0;
  for (const std::uint64_t room : {0, 8'192, 20'000, 40'000, 60'000}) {
    const FullDisk full(LogAnd(room));
    ExpectRefused(bank_->AddIndex(by_id));
    ExpectSound(6'000);
    // Where not even dropping it has room, it is there, and segments are without.
    noted += static_cast<int>(bank_->Indexes()->size());
    if (!bank_->Indexes()->empty()) break;
  }
  ExpectSoundElsewhere(6'000);
  if (noted > 0) {
    ASSERT_TRUE(bank_->DropIndex("by id"));
  }
  ASSERT_TRUE(bank_->AddIndex(by_id));
  ExpectSound(6'000);
  ExpectSoundElsewhere(6'000);
}

TEST_F(FullDiskTest, AMergeChangesNothing) {
  for (int batch = 0; batch < 6; ++batch) ASSERT_TRUE(bank_->Store(Batch(batch * 1'000, 1'000), {}));
  for (const std::uint64_t room : {0, 20'000, 200'000, 700'000}) {
    const FullDisk full(LogAnd(room));
    ExpectRefused(bank_->Maintain({}));
    ExpectSound(6'000);
  }
  ExpectSoundElsewhere(6'000);
  const auto report = bank_->Maintain({});
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_EQ(report->merged_items, 6'000);
  ExpectSound(6'000);
  ExpectSoundElsewhere(6'000);
}

}  // namespace
}  // namespace levee::memory

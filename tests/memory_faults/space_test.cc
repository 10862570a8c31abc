// What merging leaves behind in the file goes back to the file system without being asked.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <thread>

#include "memory/store_bank/store_bank.h"
#include "store/open/open.h"

namespace levee::memory {
namespace {

class SpaceTest : public ::testing::Test {
 protected:
  SpaceTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "levee-space-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    Open();
  }
  ~SpaceTest() override {
    Close();
    std::filesystem::remove_all(folder_);
  }

  void Open() {
    store_ = store::OpenStore(folder_ + "/memory.db", {}).value();
    bank_ = StoreBank::Open(store_->bank(), SystemClock(), {.durable = false, .drop_lease_ms = 50}).value();
  }
  void Close() {
    bank_.reset();
    store_.reset();
  }

  // Contents that no compression makes much of.
  void Fill(int batches) {
    std::mt19937_64 random(5);
    for (int batch = 0; batch < batches; ++batch) {
      std::vector<ItemWrite> items;
      for (int i = 0; i < 1'000; ++i) {
        Item item{.id = "item-" + std::to_string(batch * 1'000 + i), .category = "note"};
        for (int word = 0; word < 60; ++word) item.content += std::to_string(random() % 1'000'000'000) + " ";
        items.push_back({.item = std::move(item), .expected_version = {}});
      }
      ASSERT_TRUE(bank_->Store(std::move(items), {}));
    }
  }

  std::int64_t FileBytes() const { return static_cast<std::int64_t>(std::filesystem::file_size(folder_ + "/memory.db")); }

  std::string folder_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<StoreBank> bank_;
};

TEST_F(SpaceTest, AClosedFileHasLittleToGive) {
  Fill(20);
  Close();
  const std::int64_t closed = FileBytes();
  Open();
  ASSERT_TRUE(bank_->Maintain({.merge = false, .purge = false, .compact_file = true}));
  Close();
  EXPECT_LT(closed, FileBytes() + FileBytes() / 5);
  Open();
  EXPECT_EQ(bank_->Count({}), 20'000);
}

TEST_F(SpaceTest, WhileItRestsAnOpenBankGivesBack) {
  Fill(20);
  store::BankStore& store = store_->bank();
  std::int64_t free = 1, size = 1;
  for (int look = 0; look < 200 && (free * 8 > size || look < 5); ++look) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    free = store.FreeBytes().value();
    size = FileBytes();
  }
  EXPECT_LE(free * 8, size);
  EXPECT_TRUE(bank_->Verify()->problems.empty());
}

}  // namespace
}  // namespace levee::memory

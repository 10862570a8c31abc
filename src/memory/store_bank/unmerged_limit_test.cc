// Writers that are faster than merging.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "memory/store_bank/store_bank.h"
#include "store/open/open.h"

namespace levee::memory {
namespace {

namespace fs = std::filesystem;

TEST(UnmergedLimit, WritersWaitSoThatMemoryIsBounded) {
  std::string folder = (fs::temp_directory_path() / "levee-unmerged-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  {
    const auto store = store::OpenStore(folder + "/levee.db", {}).value();
    constexpr std::int64_t kBatch = 200, kBatches = 60;
    StoreBankOptions options;
    options.durable = false;
    options.run_limits.rows = kBatch;
    options.unmerged_bytes = 2'000'000;  // of which each batch has a tenth and more
    const auto bank = StoreBank::Open(store->bank(), SystemClock(), options).value();
    std::int64_t most = 0;
    for (std::int64_t batch = 0; batch < kBatches; ++batch) {
      std::vector<ItemWrite> writes;
      for (std::int64_t i = 0; i < kBatch; ++i) {
        writes.push_back({.item = {.category = "note", .content = std::to_string(batch) + std::string(1'000, 'x') + std::to_string(i)}});
      }
      ASSERT_TRUE(bank->Store(std::move(writes), {}));
      most = std::max(most, bank->Stats()->tail_items);
    }
    EXPECT_LE(most, 3'000);  // of 12,000: two megabytes and a batch, and what merging has at hand
    EXPECT_EQ(bank->Stats()->items, kBatch * kBatches);
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace levee::memory

#include "catalog/import_memory.h"

#include <gtest/gtest.h>

namespace levee::catalog {
namespace {

constexpr std::int64_t kMegabyte = 1 << 20;

TEST(ImportMemory, SharesKeepWithinTheLimit) {
  std::size_t batch_before = 0;
  int threads_before = 0;
  for (const std::int64_t megabytes : {128, 256, 512, 1'024, 4'096}) {
    const ImportMemory memory = ShareMemory(megabytes * kMegabyte, 8);
    const auto limit = static_cast<std::size_t>(megabytes * kMegabyte);
    EXPECT_LT(memory.batch_bytes * static_cast<std::size_t>(memory.read_threads), limit) << megabytes;
    EXPECT_LT(memory.merge_bytes, limit) << megabytes;
    EXPECT_GE(memory.read_threads, threads_before);
    if (memory.read_threads == threads_before) {
      EXPECT_GT(memory.batch_bytes, batch_before);
    }
    threads_before = memory.read_threads;
    batch_before = memory.batch_bytes;
  }
  EXPECT_EQ(threads_before, 8);
}

TEST(ImportMemory, HasAFloor) {
  for (const std::int64_t bytes : {std::int64_t{1}, kMegabyte, 32 * kMegabyte}) {
    const ImportMemory memory = ShareMemory(bytes, 8);
    EXPECT_EQ(memory.read_threads, 1);
    EXPECT_EQ(memory.batch_bytes, std::size_t{4} << 20);
  }
}

TEST(ImportMemory, MuchOfItBoundsNothing) {
  EXPECT_EQ(ShareMemory(std::int64_t{64} << 30, 2).batch_bytes, 0u);
  EXPECT_EQ(ShareMemory(std::int64_t{64} << 30, 2).read_threads, 2);
  EXPECT_GE(ShareMemory(0, 1).read_threads, 1);
}

TEST(ImportMemory, TakesWhatOthersLeave) {
  MemoryBudget& budget = MemoryBudget::Process();
  budget.SetLimit(256 * kMegabyte);
  MemoryHold first(budget, MemoryPart::kImports), second(budget, MemoryPart::kImports);
  // Three quarters of what the program leaves, then half and half again of that.
  EXPECT_EQ(HoldImportMemory(256 * kMegabyte, first), 200 * kMegabyte);
  EXPECT_EQ(first.bytes(), 168u * kMegabyte);
  EXPECT_EQ(HoldImportMemory(256 * kMegabyte, second), 116 * kMegabyte);
  EXPECT_EQ(budget.used_bytes(), 252u * kMegabyte);
  MemoryHold third(budget, MemoryPart::kImports);
  HoldImportMemory(256 * kMegabyte, third);  // something, even so
  EXPECT_GT(third.bytes(), 0u);
  budget.SetLimit(0);
}

}  // namespace
}  // namespace levee::catalog

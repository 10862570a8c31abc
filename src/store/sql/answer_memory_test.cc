#include "store/sql/answer_memory.h"

#include <gtest/gtest.h>

#include <vector>

namespace levee::store {
namespace {

using columnar::ColumnRole;

// A row of 9 bytes and the quarter on top: 11.25.
const std::vector<columnar::ColumnKey>& OneNumber() {
  static const std::vector<columnar::ColumnKey> columns{columnar::PlainKey(ColumnRole::kSize)};
  return columns;
}

columnar::Batch Numbers(std::size_t rows) {
  columnar::Batch batch;
  batch.rows = rows;
  auto& values = batch.FindOrAdd(columnar::PlainKey(ColumnRole::kSize));
  values = {};
  values.ints.assign(rows, 7);
  values.rows = rows;
  return batch;
}

TEST(AnswerMemory, GivesAllRowsWhereThereIsRoom) {
  MemoryBudget budget(64 << 20);
  const AnswerMemory memory(budget, OneNumber());
  MemoryHold hold = memory.NewHold();
  EXPECT_EQ(memory.Fit(65'536, hold).value(), 65'536u);
  EXPECT_EQ(budget.UseOf(MemoryPart::kAnswers).bytes, 65'536u * 9 * 5 / 4);
}

TEST(AnswerMemory, ABatchIsASmallPartOfTheLimit) {
  MemoryBudget budget(8 << 20);
  const AnswerMemory memory(budget, OneNumber());
  MemoryHold hold = memory.NewHold();
  // 8 MiB / 24 is 31,068 rows of 11.25 bytes: two halvings of 65,536.
  EXPECT_EQ(memory.Fit(65'536, hold).value(), 16'384u);
  EXPECT_EQ(memory.FitAhead(40'000, hold), 20'480u);  // whole blocks
}

TEST(AnswerMemory, ShortAnswersAreNotCounted) {
  MemoryBudget budget(1);
  const AnswerMemory memory(budget, OneNumber());
  MemoryHold hold = memory.NewHold();
  EXPECT_EQ(memory.Fit(1000, hold).value(), 1000u);
  EXPECT_EQ(hold.bytes(), 0u);
}

TEST(AnswerMemory, EvictsForASmallBatchAndRefusesWhenNothingHelps) {
  MemoryBudget budget(2 << 20);
  std::vector<columnar::ColumnKey> columns(20, columnar::PlainKey(ColumnRole::kPath));  // 1,600 bytes a row
  const AnswerMemory memory(budget, columns);
  MemoryHold cache(budget, MemoryPart::kCaches), hold = memory.NewHold();
  ASSERT_TRUE(cache.Grow(1 << 20));
  auto evictor = budget.AddEvictor([&](std::uint64_t wanted) {
    const std::uint64_t freed = std::min(wanted, cache.bytes());
    cache.Shrink(freed);
    return freed;
  });
  EXPECT_EQ(memory.FitAhead(65'536, hold), 0u);  // ahead nothing is evicted
  EXPECT_EQ(memory.Fit(65'536, hold).value(), 1024u);
  EXPECT_LT(cache.bytes(), 1u << 20);
  evictor.reset();
  const auto refused = memory.Fit(65'536, hold);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kResourceExhausted);
}

TEST(AnswerMemory, LearnsWhatARowTakes) {
  MemoryBudget budget(256 << 20);
  AnswerMemory memory(budget, std::vector<columnar::ColumnKey>(100, columnar::PlainKey(ColumnRole::kPath)));
  MemoryHold hold = memory.NewHold();
  ASSERT_EQ(memory.Fit(16'384, hold).value(), 1024u);
  memory.Settle(Numbers(16'384), hold);
  EXPECT_EQ(hold.bytes(), columnar::SizeBytes(Numbers(16'384)));
  hold.Release();
  EXPECT_EQ(memory.Fit(65'536, hold).value(), 65'536u);
  EXPECT_EQ(hold.bytes(), 65'536u * 8 * 5 / 4);
  memory.Settle(columnar::Batch(), hold);
  EXPECT_EQ(budget.used_bytes(), 0u);
}

}  // namespace
}  // namespace levee::store

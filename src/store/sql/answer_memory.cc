#include "store/sql/answer_memory.h"

#include <algorithm>

namespace levee::store {
namespace {

// Paths and partition values; shorter ones leave room, longer ones are told by the first batch.
constexpr std::uint64_t kStringBytes = 64;
constexpr std::uint64_t kNumberBytes = 9;
// A vector that grows has up to half as much again in hand.
constexpr std::uint64_t kSpareNumerator = 5, kSpareDenominator = 4;
// A batch is at most such a part of the limit: several are under way, and each is copied as it is written.
constexpr std::uint64_t kLimitParts = 24;
// Smaller batches cost more time than they save memory.
constexpr std::size_t kRowsWorthwhile = 4 * AnswerMemory::kRowsMin;

// Halves are whole blocks, so that no block is decoded twice.
std::size_t Half(std::size_t rows) {
  const std::size_t blocks = (rows / 2 + AnswerMemory::kRowsMin - 1) / AnswerMemory::kRowsMin;
  return std::min(rows, blocks * AnswerMemory::kRowsMin);
}

}  // namespace

AnswerMemory::AnswerMemory(MemoryBudget& budget, const std::vector<columnar::ColumnKey>& columns) : budget_(budget) {
  for (const columnar::ColumnKey& key : columns) {
    row_bytes_ += types::PhysicalTypeOf(key.type) == types::PhysicalType::kString ? kStringBytes : kNumberBytes;
  }
}

std::uint64_t AnswerMemory::BytesOf(std::size_t rows) const {
  const std::uint64_t bytes = rows * row_bytes_ * kSpareNumerator / kSpareDenominator;
  return bytes < kSmallBytes ? 0 : bytes;
}

std::size_t AnswerMemory::RowsAtMost(std::size_t rows) const {
  while (rows > kRowsMin && BytesOf(rows) > budget_.limit_bytes() / kLimitParts) rows = Half(rows);
  return rows;
}

std::size_t AnswerMemory::FitAhead(std::size_t rows, MemoryHold& hold) const {
  for (rows = RowsAtMost(rows);; rows = Half(rows)) {
    if (hold.TryGrowIdle(BytesOf(rows))) return rows;
    if (rows <= kRowsWorthwhile) return 0;
  }
}

Result<std::size_t> AnswerMemory::Fit(std::size_t rows, MemoryHold& hold) const {
  if (const std::size_t free = FitAhead(rows, hold); free > 0) return free;
  const std::size_t large = std::min(RowsAtMost(rows), kRowsWorthwhile);
  if (hold.TryGrow(BytesOf(large))) return large;
  const std::size_t least = std::min(rows, kRowsMin);
  LEVEE_RETURN_IF_ERROR(hold.Grow(BytesOf(least)));
  return least;
}

void AnswerMemory::Settle(const columnar::Batch& batch, MemoryHold& hold) {
  if (batch.rows == 0) return hold.Release();
  const std::uint64_t bytes = columnar::SizeBytes(batch);
  // The last batch of a stream may be of a few rows; they tell little.
  if (batch.rows >= kRowsMin) row_bytes_ = std::max<std::uint64_t>(bytes / batch.rows, 1);
  if (bytes < kSmallBytes) return hold.Release();
  hold.Shrink(hold.bytes() > bytes ? hold.bytes() - bytes : 0);
  hold.GrowAnyway(bytes - hold.bytes());
}

}  // namespace levee::store

// What an answer keeps in memory on its way out: how much of it fits, and how much it came to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/memory_budget.h"
#include "columnar/batch.h"

namespace levee::store {

// For one stream; not thread-safe.
class AnswerMemory {
 public:
  // The bytes of a row are guessed from the columns until a batch has told.
  AnswerMemory(MemoryBudget& budget, const std::vector<columnar::ColumnKey>& columns);

  // How many of the next `rows` fit, with `hold` grown for them: fewer where there is little left, or a batch would be
  // a large part of the limit, as whoever writes it copies it. Caches are evicted for a small batch, not for a large
  // one. kResourceExhausted where not even kRowsMin fit. Fewer is a multiple of kRowsMin.
  Result<std::size_t> Fit(std::size_t rows, MemoryHold& hold) const;
  // The same for batches that are fetched ahead, out of what is free alone; 0: none.
  std::size_t FitAhead(std::size_t rows, MemoryHold& hold) const;
  // Makes `hold` what the batch really takes, and learns from it.
  void Settle(const columnar::Batch& batch, MemoryHold& hold);

  MemoryHold NewHold() const { return {budget_, MemoryPart::kAnswers}; }

  // Below it nothing is counted: a short answer costs nothing more.
  static constexpr std::uint64_t kSmallBytes = 64 << 10;
  // A batch is never cut below that.
  static constexpr std::size_t kRowsMin = 1024;

 private:
  std::uint64_t BytesOf(std::size_t rows) const;
  // The next smaller piece; equal pieces of a segment where that is possible.
  std::size_t RowsAtMost(std::size_t rows) const;

  MemoryBudget& budget_;
  std::uint64_t row_bytes_ = 0;
};

}  // namespace levee::store

#include "arrow/budgeted_pool.h"

#include <algorithm>

namespace levee::arrow {

::arrow::Status BudgetedPool::Allocate(std::int64_t size, std::int64_t alignment, std::uint8_t** out) {
  ARROW_RETURN_NOT_OK(pool_.Allocate(size, alignment, out));
  Count(size);
  return ::arrow::Status::OK();
}

::arrow::Status BudgetedPool::Reallocate(std::int64_t old_size, std::int64_t new_size, std::int64_t alignment,
                                         std::uint8_t** buffer) {
  ARROW_RETURN_NOT_OK(pool_.Reallocate(old_size, new_size, alignment, buffer));
  Count(new_size - old_size);
  return ::arrow::Status::OK();
}

void BudgetedPool::Free(std::uint8_t* buffer, std::int64_t size, std::int64_t alignment) {
  pool_.Free(buffer, size, alignment);
  Count(-size);
}

void BudgetedPool::Count(std::int64_t bytes) {
  const std::int64_t now = allocated_ += bytes;
  if (now <= set_aside_bytes_ && !is_beyond_) return;
  const std::lock_guard lock(mutex_);
  // Before the sum is read again: whoever counts down after that sees it and comes here.
  is_beyond_ = true;
  const auto beyond = static_cast<std::uint64_t>(std::max<std::int64_t>(0, allocated_ - set_aside_bytes_));
  if (beyond > beyond_.bytes()) {
    beyond_.GrowAnyway(beyond - beyond_.bytes());
  } else {
    beyond_.Shrink(beyond_.bytes() - beyond);
  }
  is_beyond_ = beyond > 0;
}

}  // namespace levee::arrow

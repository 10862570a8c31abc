// libarrow's memory, counted against the budget of the process that loaded the module.
#pragma once

#include <arrow/memory_pool.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "base/memory_budget.h"

namespace levee::arrow {

// Thread-safe. Who asks holds `set_aside_bytes` anyway, as an import does for its decoders; what is taken beyond that is
// counted under `part` as it comes. It is never refused - a decoder in the middle of a page could only fail, which would look like a
// corrupt file - but caches make room for it, and whoever asks next sees that it is there.
class BudgetedPool final : public ::arrow::MemoryPool {
 public:
  BudgetedPool(MemoryBudget& budget, std::int64_t set_aside_bytes, MemoryPart part)
      : pool_(*::arrow::default_memory_pool()), set_aside_bytes_(set_aside_bytes), beyond_(budget, part) {}

  using MemoryPool::Allocate;
  using MemoryPool::Free;
  using MemoryPool::Reallocate;
  ::arrow::Status Allocate(std::int64_t size, std::int64_t alignment, std::uint8_t** out) override;
  ::arrow::Status Reallocate(std::int64_t old_size, std::int64_t new_size, std::int64_t alignment,
                             std::uint8_t** buffer) override;
  void Free(std::uint8_t* buffer, std::int64_t size, std::int64_t alignment) override;
  void ReleaseUnused() override { pool_.ReleaseUnused(); }
  std::int64_t bytes_allocated() const override { return allocated_; }
  std::int64_t total_bytes_allocated() const override { return pool_.total_bytes_allocated(); }
  std::int64_t num_allocations() const override { return pool_.num_allocations(); }
  std::string backend_name() const override { return pool_.backend_name(); }

 private:
  void Count(std::int64_t bytes);

  ::arrow::MemoryPool& pool_;
  const std::int64_t set_aside_bytes_;
  std::atomic<std::int64_t> allocated_{0};
  std::atomic<bool> is_beyond_{false};
  std::mutex mutex_;
  MemoryHold beyond_;  // guarded by mutex_
};

}  // namespace levee::arrow

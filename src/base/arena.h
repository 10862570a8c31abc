// Memory for what one question allocates in many small pieces: it is taken in blocks and goes all at once.
#pragma once

#include <cstddef>
#include <memory>
#include <memory_resource>
#include <optional>

#include "base/memory_budget.h"

namespace levee {

// For one thread at a time; it may be destroyed by another one than made it. What is given back to `resource()` before is
// not used again, so it is for what grows and then goes. Its first block, of kFirstBytes, is the one that the thread's last
// arena left; further blocks are held of the budget under `answers`, and std::bad_alloc says that there is no room.
class Arena {
 public:
  explicit Arena(MemoryBudget& budget = MemoryBudget::Process());
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena();

  std::pmr::memory_resource* resource() { return &*pieces_; }

  static constexpr std::size_t kFirstBytes = 64 << 10;

 private:
  // Where further blocks come from.
  class Blocks final : public std::pmr::memory_resource {
   public:
    explicit Blocks(MemoryBudget& budget) : held_(budget, MemoryPart::kAnswers) {}

   private:
    void* do_allocate(std::size_t bytes, std::size_t alignment) override;
    void do_deallocate(void* block, std::size_t bytes, std::size_t alignment) override;
    bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

    MemoryHold held_;
  };

  std::unique_ptr<std::byte[]> first_;
  Blocks blocks_;
  std::optional<std::pmr::monotonic_buffer_resource> pieces_;  // goes before what it is made of
};

}  // namespace levee

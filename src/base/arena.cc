#include "base/arena.h"

#include <new>
#include <utility>

namespace levee {
namespace {

// The first block of the thread's last arena, until the next one takes it.
thread_local std::unique_ptr<std::byte[]> left_block;

}  // namespace

Arena::Arena(MemoryBudget& budget)
    : first_(left_block != nullptr ? std::move(left_block) : std::make_unique_for_overwrite<std::byte[]>(kFirstBytes)),
      blocks_(budget) {
  pieces_.emplace(first_.get(), kFirstBytes, &blocks_);
}

Arena::~Arena() {
  pieces_.reset();
  left_block = std::move(first_);
}

void* Arena::Blocks::do_allocate(std::size_t bytes, std::size_t alignment) {
  if (!held_.Grow(bytes)) throw std::bad_alloc();
  try {
    return std::pmr::new_delete_resource()->allocate(bytes, alignment);
  } catch (...) {
    held_.Shrink(bytes);
    throw;
  }
}

void Arena::Blocks::do_deallocate(void* block, std::size_t bytes, std::size_t alignment) {
  std::pmr::new_delete_resource()->deallocate(block, bytes, alignment);
  held_.Shrink(bytes);
}

}  // namespace levee

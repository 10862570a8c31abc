#include "tests/injection/failing_new.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace levee::injection {
namespace {

constinit std::atomic<std::int64_t> to_go{0};
constinit std::atomic<bool> failed{false};

bool IsTheOne() {
  if (to_go.load(std::memory_order_relaxed) <= 0) return false;
  if (to_go.fetch_sub(1, std::memory_order_relaxed) != 1) return false;
  failed = true;
  return true;
}

void* Allocate(std::size_t size) {
  if (IsTheOne()) throw std::bad_alloc();
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void FailAllocation(std::int64_t nth) {
  failed = false;
  to_go = nth;
}

bool AllocationFailed() { return failed; }

}  // namespace levee::injection

void* operator new(std::size_t size) { return levee::injection::Allocate(size); }
void* operator new[](std::size_t size) { return levee::injection::Allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

// The rows of the tail by the hashes of their ids, over all its runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "memory/bank/part.h"

namespace levee::memory {

// A row, wherever it is; good until the view changes.
struct RowRef {
  Part* part = nullptr;
  std::uint32_t row = 0;
};

// Open addressing: looking a row up costs a cache line whatever the runs are. Not thread-safe.
class TailKeys {
 public:
  void Clear() {
    slots_.clear();
    size_ = 0;
  }
  void Add(std::uint64_t hash, const RowRef& row) {
    if ((size_ + 1) * 2 > slots_.size()) Grow();
    Put(Slot{hash, row});
    ++size_;
  }
  // Appends the rows that have the hash, in no order.
  void Find(std::uint64_t hash, std::vector<RowRef>& rows) const {
    if (slots_.empty()) return;
    for (std::size_t at = hash & mask(); slots_[at].row.part != nullptr; at = (at + 1) & mask()) {
      if (slots_[at].hash == hash) rows.push_back(slots_[at].row);
    }
  }
  std::size_t memory_bytes() const { return slots_.capacity() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    RowRef row;  // of no part: free
  };
  std::size_t mask() const { return slots_.size() - 1; }
  void Put(const Slot& slot) {
    std::size_t at = slot.hash & mask();
    while (slots_[at].row.part != nullptr) at = (at + 1) & mask();
    slots_[at] = slot;
  }
  void Grow() {
    constexpr std::size_t kLeast = 64;
    std::vector<Slot> old(slots_.empty() ? kLeast : slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.row.part != nullptr) Put(slot);
    }
  }

  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace levee::memory

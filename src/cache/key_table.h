// Finds the slot of a key: an open-addressing table of four bytes a cell.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "cache/slot_array.h"

namespace levee::cache {

// A cell holds a slot (24 bits) and eight bits of its hash, so that a look-up rarely touches an entry that is
// not the one sought. Linear probing, at most 4/5 full, deletion by shifting back: no tombstones. The keys
// themselves, and so the hashes of slots (`hash_of(slot)`), are the caller's.
class KeyTable {
 public:
  // kNoSlot when no slot of that hash satisfies `is_it(slot)`.
  template <typename IsIt>
  Slot Find(std::uint64_t hash, IsIt&& is_it) const {
    if (cells_.empty()) return kNoSlot;
    const std::uint32_t tag = TagOf(hash);
    for (std::size_t at = HomeOf(hash); cells_[at] != kEmpty; at = After(at)) {
      if (cells_[at] >> 24 == tag && is_it(cells_[at] & kNoSlot)) return cells_[at] & kNoSlot;
    }
    return kNoSlot;
  }

  // The slot must not be in the table.
  template <typename HashOfSlot>
  void Insert(std::uint64_t hash, Slot slot, HashOfSlot&& hash_of) {
    if ((count_ + 1) * 5 > cells_.size() * 4) Grow(hash_of);
    Place(hash, slot);
    ++count_;
  }

  // The slot must be in the table, with this hash.
  template <typename HashOfSlot>
  void Erase(std::uint64_t hash, Slot slot, HashOfSlot&& hash_of) {
    std::size_t hole = HomeOf(hash);
    while ((cells_[hole] & kNoSlot) != slot) hole = After(hole);
    for (std::size_t at = After(hole); cells_[at] != kEmpty; at = After(at)) {
      // A cell may fill the hole unless its home lies behind the hole, on the way to where it is.
      const std::size_t home = HomeOf(hash_of(cells_[at] & kNoSlot));
      if (Distance(home, at) >= Distance(hole, at)) {
        cells_[hole] = cells_[at];
        hole = at;
      }
    }
    cells_[hole] = kEmpty;
    --count_;
  }

  void Clear() {
    cells_ = {};
    count_ = 0;
  }

 private:
  static constexpr std::uint32_t kEmpty = 0xffffffff;
  static constexpr std::size_t kLeastCells = 16;

  static std::uint32_t TagOf(std::uint64_t hash) { return static_cast<std::uint32_t>(hash) & 0xff; }
  std::size_t HomeOf(std::uint64_t hash) const { return ((hash >> 32) * cells_.size()) >> 32; }
  std::size_t After(std::size_t at) const { return at + 1 == cells_.size() ? 0 : at + 1; }
  std::size_t Distance(std::size_t from, std::size_t to) const {
    return to >= from ? to - from : to + cells_.size() - from;
  }

  void Place(std::uint64_t hash, Slot slot) {
    std::size_t at = HomeOf(hash);
    while (cells_[at] != kEmpty) at = After(at);
    cells_[at] = TagOf(hash) << 24 | slot;
  }

  template <typename HashOfSlot>
  void Grow(HashOfSlot&& hash_of) {
    // By half, not to the double: the table is then at least 53 % full.
    std::vector<std::uint32_t> old(std::max(kLeastCells, cells_.size() + cells_.size() / 2), kEmpty);
    std::swap(old, cells_);
    for (const std::uint32_t cell : old) {
      if (cell != kEmpty) Place(hash_of(cell & kNoSlot), cell & kNoSlot);
    }
  }

  // The tag 0xff with slot kNoSlot is no cell, since slots end below it.
  std::vector<std::uint32_t> cells_;
  std::size_t count_ = 0;
};

}  // namespace levee::cache

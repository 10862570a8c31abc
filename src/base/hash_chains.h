// Finds the elements of a list by the hash of what they are called, where the list itself keeps the names: two numbers an
// element, built in one pass.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace levee {

// Over a list that does not change. Thread-safe once built.
class HashChains {
 public:
  HashChains() = default;

  // `hash_of(i)` of each of `count` elements, fewer than 2^32 - 1; of good low bits, as Hash64 has.
  template <typename HashOf>
  HashChains(std::size_t count, HashOf&& hash_of) : heads_(std::bit_ceil(count + count / 2 + 1), kNone), next_(count) {
    // From the last to the first, so that each chain ascends.
    for (std::size_t i = count; i-- > 0;) {
      std::uint32_t& head = heads_[hash_of(i) & (heads_.size() - 1)];
      next_[i] = head;
      head = static_cast<std::uint32_t>(i);
    }
  }

  // Calls visit(i), ascending, for every element of that hash, and for some of others.
  template <typename Visit>
  void ForEach(std::uint64_t hash, Visit&& visit) const {
    if (heads_.empty()) return;
    for (std::uint32_t i = heads_[hash & (heads_.size() - 1)]; i != kNone; i = next_[i]) visit(i);
  }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  std::vector<std::uint32_t> heads_;
  std::vector<std::uint32_t> next_;
};

}  // namespace levee

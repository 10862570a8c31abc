// How often a key was used of late, in four bits a counter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace levee::cache {

// A count-min sketch with conservative halving (the "aging" of TinyLFU, Einziger, Friedman and Manes, 2017).
// The four counters of a key lie in one cache line. Eight bytes for each entry of the capacity that it is told at
// the start; four to eight for those of one that grew.
class FrequencySketch {
 public:
  // In entries. Counts stay when it grows; it doubles once it is exceeded twofold, and never shrinks.
  void EnsureCapacity(std::uint64_t entries);
  void Increment(std::uint64_t hash);
  void Prefetch(std::uint64_t hash) const { __builtin_prefetch(&words_[BlockOf(hash) * kBlockWords], 1); }
  // At most 15, and never below the true count since counters were last halved.
  std::uint32_t Frequency(std::uint64_t hash) const;

 private:
  static constexpr std::size_t kBlockWords = 8;
  static constexpr std::size_t kLeastBlocks = 16;

  struct Place {
    std::size_t word;
    int shift;
  };
  std::size_t BlockOf(std::uint64_t hash) const {
    return ((hash & 0xffffffff) * (words_.size() / kBlockWords)) >> 32;
  }
  static Place PlaceIn(std::size_t block, std::uint64_t spread, int row);
  static std::uint64_t SpreadOf(std::uint64_t hash);
  void Halve();

  std::vector<std::uint64_t> words_;
  std::uint64_t capacity_ = 0;
  std::uint64_t additions_ = 0;  // since counters were last halved
};

}  // namespace levee::cache

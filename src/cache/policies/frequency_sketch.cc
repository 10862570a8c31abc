#include "cache/policies/frequency_sketch.h"

#include <algorithm>
#include <bit>

namespace levee::cache {

void FrequencySketch::EnsureCapacity(std::uint64_t entries) {
  if (words_.empty()) {
    capacity_ = std::max<std::uint64_t>(entries, kLeastBlocks * kBlockWords);
    words_.assign((capacity_ + kBlockWords - 1) / kBlockWords * kBlockWords, 0);
    return;
  }
  if (entries <= 2 * capacity_) return;
  const std::size_t old_blocks = words_.size() / kBlockWords;
  // Doubling keeps the estimates: a key's new block is one of the two copies of its old one.
  std::size_t blocks = old_blocks;
  while (2 * blocks * kBlockWords < entries) blocks *= 2;
  capacity_ = blocks * kBlockWords;
  std::vector<std::uint64_t> grown(blocks * kBlockWords);
  for (std::size_t block = 0; block < blocks; ++block) {
    const std::size_t from = block * old_blocks / blocks;
    std::copy_n(words_.begin() + static_cast<std::ptrdiff_t>(from * kBlockWords), kBlockWords,
                grown.begin() + static_cast<std::ptrdiff_t>(block * kBlockWords));
  }
  words_ = std::move(grown);
}

void FrequencySketch::Increment(std::uint64_t hash) {
  const std::size_t block = BlockOf(hash);
  const std::uint64_t spread = SpreadOf(hash);
  bool added = false;
  for (int row = 0; row < 4; ++row) {
    const Place place = PlaceIn(block, spread, row);
    if (((words_[place.word] >> place.shift) & 15) == 15) continue;
    words_[place.word] += std::uint64_t{1} << place.shift;
    added = true;
  }
  if (added && ++additions_ >= 10 * capacity_) Halve();
}

std::uint32_t FrequencySketch::Frequency(std::uint64_t hash) const {
  const std::size_t block = BlockOf(hash);
  const std::uint64_t spread = SpreadOf(hash);
  std::uint32_t least = 15;
  for (int row = 0; row < 4; ++row) {
    const Place place = PlaceIn(block, spread, row);
    least = std::min(least, static_cast<std::uint32_t>((words_[place.word] >> place.shift) & 15));
  }
  return least;
}

// Each row has two words of the block, 32 counters.
FrequencySketch::Place FrequencySketch::PlaceIn(std::size_t block, std::uint64_t spread, int row) {
  const auto bits = static_cast<std::uint32_t>(spread >> (row * 8));
  const std::size_t word = block * kBlockWords + static_cast<std::size_t>(row) * 2 + (bits & 1);
  return {word, static_cast<int>((bits >> 1) & 15) * 4};
}

std::uint64_t FrequencySketch::SpreadOf(std::uint64_t hash) {
  const std::uint64_t spread = (hash ^ (hash >> 31)) * 0x7fb5d329728ea185ULL;
  return spread >> 32;
}

void FrequencySketch::Halve() {
  std::uint64_t odd = 0;
  for (std::uint64_t& word : words_) {
    odd += static_cast<std::uint64_t>(std::popcount(word & 0x1111111111111111ULL));
    word = (word >> 1) & 0x7777777777777777ULL;
  }
  // An addition raised four counters; what halving rounded away is no addition any more.
  additions_ = (additions_ - std::min(additions_, odd / 4)) / 2;
}

}  // namespace levee::cache

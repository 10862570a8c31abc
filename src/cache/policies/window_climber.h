// Moves the border between the window and the main part towards the better hit rate.
#pragma once

#include <cstdint>

#include "cache/eviction_policy.h"
#include "cache/policies/frequency_sketch.h"
#include "cache/policies/ghost_queue.h"

namespace levee::cache {

// Hill climbing on the two slopes themselves, as Cliffhanger does (Cidon et al., NSDI 2016): beyond each part
// stands the shadow of an extension of it, keys only. What hits the shadow of the window would have been a hit
// with a larger window, what hits that of the main part with a larger main part. Each hint moves the border;
// it rests where both parts would gain alike. Comparing hit rates of successive periods, as Caffeine does,
// needs long periods to tell the slope from noise; these hints come with the misses themselves.
class WindowClimber {
 public:
  WindowClimber(const FrequencySketch& sketch, const PolicyTuning& tuning)
      : sketch_(sketch), learning_rate_(tuning.learning_rate), threshold_(tuning.performance_threshold) {}

  // A key that lost its contest for the main part; `from_window`: it was the candidate, not the victim.
  void Lost(std::uint64_t hash, bool from_window, std::uint64_t held);
  // The change of the window's size, in the unit of the charges, that this newcomer asks for.
  double HintOf(std::uint64_t hash, std::uint32_t charge, std::uint64_t held, std::uint64_t budget);

 private:
  // An extension is an eighth of the cache, but no more than this many keys; its hints then weigh more.
  static constexpr std::uint64_t kMostKeys = 128;
  static constexpr std::uint64_t kLeastKeys = 4;
  // How many hints the balance looks back on: hints that agree move the border fast, mixed ones hardly.
  static constexpr double kMemory = 8;

  static std::uint64_t KeysOf(std::uint64_t held);

  const FrequencySketch& sketch_;
  const double learning_rate_;
  const double threshold_;
  GhostQueue beyond_window_;  // a longer window would hold these: the last to leave it
  GhostQueue beyond_main_;    // a larger main part would hold these: admitted by frequency, as there
  double balance_ = 0;        // of the last hints: -1 all for the main part, 1 all for the window
  double pending_ = 0;        // moves not yet made
};

}  // namespace levee::cache

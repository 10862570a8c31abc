// Sees gains of a much larger window that a slightly larger one would not show.
#pragma once

#include <cstdint>

#include "cache/policies/ghost_queue.h"

namespace levee::cache {

// Where every key comes back after the same number of others, a window a little too small hits nothing and a
// little more of it gains nothing: the slope is flat up to the cliff. So a sample of the keys that left the
// window unadmitted is remembered for as many departures as the cache has entries. At the end of each period
// their returns are compared with what the main part would lose; if they are clearly more, the border leaps,
// and leaps back when the hit rate fell.
class FarSight {
 public:
  struct Border {
    double window = 0;  // goal, in the unit of the charges
    double budget = 0;
  };

  void Left(std::uint64_t hash, std::uint64_t held);
  void Hit(bool in_main) {
    ++hits_;
    main_hits_ += in_main ? 1 : 0;
  }
  // The leap of the border at this miss, mostly 0.
  double Miss(std::uint64_t hash, std::uint64_t held, const Border& border);

 private:
  static constexpr std::uint64_t kMostKeys = 64;
  static constexpr std::uint64_t kLeastPeriod = 256;   // accesses; else four times the entries
  static constexpr double kMargin = 1.25;              // by which returns must outweigh the loss
  static constexpr double kLeastGain = 0.01;           // of the accesses
  static constexpr double kFarthest = 0.99;            // the window's largest part
  static constexpr int kRestPeriods = 16;              // after a leap that was wrong

  static std::uint64_t EveryOf(std::uint64_t held) { return (held + kMostKeys - 1) / kMostKeys; }
  static bool IsSampled(std::uint64_t hash, std::uint64_t every) { return (hash >> 20) % every == 0; }
  double Judge(const Border& border, double every) const;
  double EndPeriod(const Border& border, double every);

  GhostQueue left_;                // stamped with the number of the departure
  std::uint32_t departures_ = 0;
  // Of this period.
  std::uint64_t hits_ = 0, main_hits_ = 0, misses_ = 0;
  std::uint64_t near_returns_ = 0, returns_ = 0;  // within half the entries; all
  // Of the last leap.
  double leap_ = 0;
  double rate_before_ = 0;
  int periods_since_leap_ = 0;
  int rest_ = 0;
};

}  // namespace levee::cache

#include "cache/policies/far_sight.h"

#include <algorithm>
#include <utility>

namespace levee::cache {

void FarSight::Left(std::uint64_t hash, std::uint64_t held) {
  ++departures_;
  if (!IsSampled(hash, EveryOf(held))) return;
  left_.Push(hash, departures_);
  while (departures_ - left_.oldest_stamp() > held) left_.PopOldest();
}

double FarSight::Miss(std::uint64_t hash, std::uint64_t held, const Border& border) {
  ++misses_;
  const std::uint64_t every = EveryOf(held);
  if (const auto stamp = left_.StampOf(hash)) {
    const std::uint32_t distance = departures_ - *stamp;
    returns_ += distance <= held ? 1 : 0;
    near_returns_ += distance <= held / 2 ? 1 : 0;
    left_.Remove(hash);
  }
  if (hits_ + misses_ < std::max(kLeastPeriod, 4 * held)) return 0;
  const double leap = EndPeriod(border, static_cast<double>(every));
  hits_ = main_hits_ = misses_ = near_returns_ = returns_ = 0;
  return leap;
}

double FarSight::EndPeriod(const Border& border, double every) {
  const double rate = static_cast<double>(hits_) / static_cast<double>(hits_ + misses_);
  // The first period after a leap is that of the change itself.
  if (leap_ != 0 && ++periods_since_leap_ == 2) {
    const double leap = std::exchange(leap_, 0);
    if (rate >= rate_before_) return 0;
    rest_ = kRestPeriods;
    return -leap;
  }
  if (rest_ > 0) --rest_;
  if (leap_ != 0 || rest_ > 0) return 0;
  leap_ = Judge(border, every);
  rate_before_ = rate;
  periods_since_leap_ = 0;
  return leap_;
}

double FarSight::Judge(const Border& border, double every) const {
  const double window_part = border.window / border.budget;
  const double least_gain = kLeastGain * static_cast<double>(hits_ + misses_);
  for (const bool is_near : {true, false}) {
    const double part = std::min(is_near ? 0.5 : 1.0, kFarthest - window_part);
    if (part < 0.1) continue;
    const double gain = static_cast<double>(is_near ? near_returns_ : returns_) * every;
    const double loss = static_cast<double>(main_hits_) * part / (1 - window_part);
    if (gain > kMargin * loss + least_gain) return part * border.budget;
  }
  return 0;
}

}  // namespace levee::cache

#include "base/adaptive_batch.h"

#include <algorithm>

namespace levee {
namespace {

// How much of what is known a new batch replaces.
constexpr double kNews = 0.5;

}  // namespace

void AdaptiveBatch::Took(std::size_t items, std::int64_t duration_ns) {
  if (options_.target_ns <= 0 || items == 0) return;
  if (items < size_ / 2 && duration_ns <= options_.target_ns) return;
  const double now_ns = static_cast<double>(std::max<std::int64_t>(duration_ns, 1)) / static_cast<double>(items);
  item_ns_ = item_ns_ == 0 ? now_ns : item_ns_ + kNews * (now_ns - item_ns_);
  const double fitting = static_cast<double>(options_.target_ns) / item_ns_;
  const double largest = static_cast<double>(std::min(options_.most, 2 * size_));
  size_ = std::max(options_.least, static_cast<std::size_t>(std::min(fitting, largest)));
}

}  // namespace levee

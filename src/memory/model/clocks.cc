// Vector clocks (Fidge and Mattern, 1988): a count for each replica, missing ones are 0.
#include "levee/memory.h"

namespace levee {

ClockOrder CompareClocks(const VectorClock& left, const VectorClock& right) {
  bool less = false, greater = false;
  auto a = left.begin();
  auto b = right.begin();
  while (a != left.end() || b != right.end()) {
    const bool only_a = b == right.end() || (a != left.end() && a->first < b->first);
    const bool only_b = a == left.end() || (b != right.end() && b->first < a->first);
    const std::uint64_t count_a = only_b ? 0 : a->second;
    const std::uint64_t count_b = only_a ? 0 : b->second;
    less = less || count_a < count_b;
    greater = greater || count_a > count_b;
    if (!only_b) ++a;
    if (!only_a) ++b;
  }
  if (less && greater) return ClockOrder::kConcurrent;
  if (less) return ClockOrder::kBefore;
  return greater ? ClockOrder::kAfter : ClockOrder::kEqual;
}

}  // namespace levee

#include "store/repair.h"

#include <algorithm>

namespace levee::store {

bool TableDamage::sound() const {
  return columns.empty() && record.empty() && std::ranges::all_of(ranges, [](const RangeDamage& r) { return r.sound(); });
}

VersionInterval LongestInterval(const std::vector<VersionInterval>& spans, std::int64_t last_max) {
  VersionInterval longest{0, -1};
  for (const auto& [first, last] : spans) {
    const VersionInterval cut{first, std::min(last, last_max)};
    if (cut.first <= cut.second && cut.second - cut.first >= longest.second - longest.first) longest = cut;
  }
  return longest;
}

}  // namespace levee::store

#include "memory/query/part_scan.h"

#include <algorithm>

namespace levee::memory {

Status ScanPart(const Asking& asking, const std::shared_ptr<Part>& part, const Conditions& conditions, const Wanted& wanted,
                const PartVisitor& visitor, FindTrace& trace) {
  const std::int64_t begin_ns = asking.clock.MonotonicNanos();
  ScanCount count;
  std::uint32_t next = 0;
  PartWay way;
  for (bool on = true; on;) {
    LEVEE_ASSIGN(way, ChooseWay(asking, part, conditions, wanted));
    way.first = std::max(way.first, std::min(next, way.last));
    const std::int64_t records_before = count.records;
    if (way.access == RowAccess::kInOrder && visitor.walk) {
      LEVEE_RETURN_IF_ERROR(visitor.walk(way, count));
      on = false;
    } else {
      LEVEE_ASSIGN(const std::optional<std::uint32_t> rest, ScanRows(*part, conditions, way, count, visitor.visit));
      on = rest.has_value();
      next = rest.value_or(0);
    }
    TellCost(asking, part, way, count.records - records_before);
  }
  PartUse& use = trace.parts.emplace_back(PartUse::Of(*part, way));
  use.count = count;
  use.ns = asking.clock.MonotonicNanos() - begin_ns;
  return {};
}

}  // namespace levee::memory

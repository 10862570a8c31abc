#include "store/sql/segment_bounds.h"

#include <utility>

namespace levee::store {

using columnar::ColumnVector;
using expr::ColumnRef;

namespace {

// The block of [first, first + count) with the least (greatest) bound; `count` when a bound is unknown or NaN.
template <typename At>
std::size_t Extreme(const ColumnVector& bounds, bool greatest, std::size_t first, std::size_t count, const At& at) {
  std::size_t best = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!bounds.IsValid(first + i)) return count;
    const auto value = at(first + i);
    if (value != value) return count;
    if (i > 0 && (greatest ? value > at(first + best) : value < at(first + best))) best = i;
  }
  return best;
}

void AppendExtreme(const ColumnVector& bounds, bool greatest, const SegmentSet::Item& item, ColumnVector& out) {
  const auto of = [&](const auto& at) { return Extreme(bounds, greatest, item.first_block, item.blocks, at); };
  std::size_t block = item.blocks;
  switch (bounds.physical) {
    case types::PhysicalType::kInt64: block = of([&](std::size_t i) { return bounds.ints[i]; }); break;
    case types::PhysicalType::kDouble: block = of([&](std::size_t i) { return bounds.doubles[i]; }); break;
    case types::PhysicalType::kString: block = of([&](std::size_t i) { return bounds.strings[i]; }); break;
  }
  block < item.blocks ? out.AppendRange(bounds, item.first_block + block, 1) : out.PushNull();
}

}  // namespace

Result<const ColumnVector*> SegmentBounds::Lower(const ColumnRef& column) { return Bound(false, column); }
Result<const ColumnVector*> SegmentBounds::Upper(const ColumnRef& column) { return Bound(true, column); }
Result<const Bitmap*> SegmentBounds::MayBeNull(const ColumnRef& column) { return MayBe(true, column); }
Result<const Bitmap*> SegmentBounds::MayBeNonNull(const ColumnRef& column) { return MayBe(false, column); }

Result<const ZoneColumn*> SegmentBounds::Kept(char part, const ColumnRef& column,
                                              const std::function<Status(ZoneColumn&)>& fold) {
  std::string key{'S', part, column.is_partition ? 'p' : 's', static_cast<char>(column.type.kind),
                  static_cast<char>(column.type.precision), static_cast<char>(column.type.scale)};
  key += column.physical_path;
  {
    const std::lock_guard lock(set_.mutex);
    const auto found = set_.zones.find(key);
    if (found != set_.zones.end()) return held_.emplace_back(found->second).get();
  }
  auto folded = std::make_shared<ZoneColumn>();
  LEVEE_RETURN_IF_ERROR(fold(*folded));
  const std::lock_guard lock(set_.mutex);
  set_.zones.emplace(std::move(key), folded);
  return held_.emplace_back(std::move(folded)).get();
}

Result<const ColumnVector*> SegmentBounds::Bound(bool upper, const ColumnRef& column) {
  const auto fold = [&](ZoneColumn& folded) -> Status {
    LEVEE_ASSIGN(const ColumnVector* const bounds, upper ? blocks_.Upper(column) : blocks_.Lower(column));
    folded.values.physical = bounds->physical;
    for (const SegmentSet::Item& item : set_.items) AppendExtreme(*bounds, upper, item, folded.values);
    return {};
  };
  LEVEE_ASSIGN(const ZoneColumn* const zone, Kept(upper ? 'u' : 'l', column, fold));
  return &zone->values;
}

Result<const Bitmap*> SegmentBounds::MayBe(bool null, const ColumnRef& column) {
  const auto fold = [&](ZoneColumn& folded) -> Status {
    LEVEE_ASSIGN(const Bitmap* const may_be, null ? blocks_.MayBeNull(column) : blocks_.MayBeNonNull(column));
    for (const SegmentSet::Item& item : set_.items) {
      folded.may_be.PushBack(may_be->AnyIn(item.first_block, item.blocks));
    }
    return {};
  };
  LEVEE_ASSIGN(const ZoneColumn* const zone, Kept(null ? 'n' : 'v', column, fold));
  return &zone->may_be;
}

}  // namespace levee::store

#include "store/sql/bounds.h"
#include "store/sql/widening.h"

namespace levee::store {

using columnar::ColumnKey;
using columnar::ColumnRole;
using columnar::ColumnVector;
using expr::ColumnRef;
using types::TypeKind;

namespace {

constexpr std::int64_t kMicrosPerMilli = 1000;

bool IsTimestamp(types::PrimitiveType type) {
  return type.kind == TypeKind::kTimestamp || type.kind == TypeKind::kTimestampNtz;
}

std::int64_t FloorToMillis(std::int64_t micros) {
  const std::int64_t rest = micros % kMicrosPerMilli;
  return micros - (rest < 0 ? rest + kMicrosPerMilli : rest);
}

// A writer may have cut any of the block's upper bounds to milliseconds. The evaluator widens only an upper
// bound that looks cut, so the highest one is made to look so.
void WidenTimestamps(ColumnVector& upper) {
  for (std::int64_t& micros : upper.ints) micros = FloorToMillis(micros);
}

ColumnKey RawPartition(const ColumnRef& column) {
  return {ColumnRole::kPartition, column.physical_path, {TypeKind::kString, 0, 0}};
}

bool IsEmptyText(const ColumnVector& values, std::size_t row) {
  return values.IsValid(row) && values.strings[row].empty();
}

}  // namespace

Result<const ColumnVector*> ZoneBounds::Lower(const ColumnRef& column) {
  LEVEE_ASSIGN(const ZoneColumn* zone, Get(blocks_ == BlocksOf::kIndex ? Part::kIndexLower : Part::kLower, column));
  return &zone->values;
}

Result<const ColumnVector*> ZoneBounds::Upper(const ColumnRef& column) {
  LEVEE_ASSIGN(const ZoneColumn* zone, Get(blocks_ == BlocksOf::kIndex ? Part::kIndexUpper : Part::kUpper, column));
  return &zone->values;
}

Result<const Bitmap*> ZoneBounds::MayBeNull(const ColumnRef& column) {
  if (blocks_ == BlocksOf::kIndex) return nullptr;
  LEVEE_ASSIGN(const ZoneColumn* zone, Get(Part::kMayBeNull, column));
  return &zone->may_be;
}

Result<const Bitmap*> ZoneBounds::MayBeNonNull(const ColumnRef& column) {
  if (blocks_ == BlocksOf::kIndex) return nullptr;
  LEVEE_ASSIGN(const ZoneColumn* zone, Get(Part::kMayBeNonNull, column));
  return &zone->may_be;
}

Result<const ZoneColumn*> ZoneBounds::Get(Part part, const ColumnRef& column) {
  std::string key{static_cast<char>(part), column.is_partition ? 'p' : 's', static_cast<char>(column.type.kind),
                  static_cast<char>(column.type.precision), static_cast<char>(column.type.scale)};
  key += column.physical_path;
  {
    const std::lock_guard lock(set_.mutex);
    const auto found = set_.zones.find(key);
    if (found != set_.zones.end()) return held_.emplace_back(found->second).get();
  }
  const bool counts = part == Part::kMayBeNull || part == Part::kMayBeNonNull;
  const bool upper = part == Part::kUpper || part == Part::kIndexUpper;
  LEVEE_ASSIGN(ZoneColumn zone, counts ? MakeMayBe(part == Part::kMayBeNull, column) : MakeBounds(upper, column));
  auto shared = std::make_shared<const ZoneColumn>(std::move(zone));
  const std::lock_guard lock(set_.mutex);
  set_.zones.emplace(std::move(key), shared);
  return held_.emplace_back(std::move(shared)).get();
}

Result<std::shared_ptr<const columnar::ZoneMap>> ZoneBounds::Zone(const SegmentSet::Item& item, const ColumnKey& key) {
  const auto id = dictionary_.Find(key);
  if (!id) return nullptr;
  return reader_.ZoneMap(session_, {item.info.id, *id, types::PhysicalTypeOf(key.type)});
}

Result<ZoneColumn> ZoneBounds::MakeBounds(bool upper, const ColumnRef& column) {
  ZoneColumn zone;
  zone.values.physical = types::PhysicalTypeOf(column.type);
  for (const SegmentSet::Item& item : set_.items) {
    LEVEE_RETURN_IF_ERROR(AppendBounds(upper, column, item, zone.values));
    for (std::size_t row = zone.values.rows; row < item.first_block + item.blocks; ++row) zone.values.PushNull();
  }
  return zone;
}

// Appends a bound for each block, or nothing when the segment says nothing.
Status ZoneBounds::AppendBounds(bool upper, const ColumnRef& column, const SegmentSet::Item& item,
                                ColumnVector& out) {
  const bool text_partition = column.is_partition && column.type.kind == TypeKind::kString;
  ColumnRole role = upper ? ColumnRole::kMax : ColumnRole::kMin;
  if (blocks_ == BlocksOf::kIndex) role = upper ? ColumnRole::kIndexHigh : ColumnRole::kIndexLow;
  if (column.is_partition) role = text_partition ? ColumnRole::kPartition : ColumnRole::kPartitionValue;
  std::shared_ptr<const columnar::ZoneMap> zone;
  types::PrimitiveType stored_type;
  Status status;
  int stored = 0;
  dictionary_.ForEach(role, column.physical_path, [&](std::uint32_t id) {
    const types::PrimitiveType type = dictionary_.key(id).type;
    if (!status || !types::CanWiden(type, column.type)) return;
    auto found = reader_.ZoneMap(session_, {item.info.id, id, types::PhysicalTypeOf(type)});
    if (!found) {
      status = std::unexpected(std::move(found).error());
    } else if (*found != nullptr) {
      ++stored;
      zone = std::move(*found);
      stored_type = type;
    }
  });
  LEVEE_RETURN_IF_ERROR(status);
  // After a change of type, a merged segment has its values in two columns: then nothing is known by block.
  if (stored != 1) return {};
  ColumnVector bounds = WidenColumn(upper ? zone->upper : zone->lower, stored_type, column.type);
  if (upper && !column.is_partition && IsTimestamp(column.type)) WidenTimestamps(bounds);
  for (std::size_t block = 0; block < item.blocks; ++block) {
    // A null is an entry of unknown bounds; only in the text of a partition it is a value, NULL.
    const bool known = text_partition || !zone->has_null.Get(block);
    known ? out.AppendRange(bounds, block, 1) : out.PushNull();
  }
  return {};
}

// A bound that contradicts the counts: the block may have values.
Result<bool> ZoneBounds::HasBound(const ColumnRef& column, const SegmentSet::Item& item, std::size_t block) {
  bool has = false;
  Status status;
  for (const ColumnRole role : {ColumnRole::kMin, ColumnRole::kMax}) {
    dictionary_.ForEach(role, column.physical_path, [&](std::uint32_t id) {
      if (!status || has) return;
      auto zone = reader_.ZoneMap(session_, {item.info.id, id, types::PhysicalTypeOf(dictionary_.key(id).type)});
      if (!zone) {
        status = std::unexpected(std::move(zone).error());
      } else if (*zone != nullptr) {
        has = (*zone)->has_value.Get(block);
      }
    });
  }
  LEVEE_RETURN_IF_ERROR(status);
  return has;
}

Result<ZoneColumn> ZoneBounds::MakeMayBe(bool null, const ColumnRef& column) {
  ZoneColumn result;
  result.may_be = Bitmap(set_.blocks, true);
  const ColumnKey nulls_key{ColumnRole::kNullCount, column.physical_path, {TypeKind::kLong, 0, 0}};
  for (const SegmentSet::Item& item : set_.items) {
    const auto assign = [&](std::size_t block, bool may) { result.may_be.Assign(item.first_block + block, may); };
    if (column.is_partition) {
      const ColumnKey raw_key = RawPartition(column);
      LEVEE_ASSIGN(const auto raw, Zone(item, raw_key));
      const bool text = column.type.kind == TypeKind::kString;
      const ColumnKey value_key{ColumnRole::kPartitionValue, column.physical_path, column.type};
      LEVEE_ASSIGN(const auto value, text ? Zone(item, raw_key) : Zone(item, value_key));
      if (raw == nullptr || value == nullptr) continue;
      for (std::size_t block = 0; block < item.blocks; ++block) {
        const bool some_empty = IsEmptyText(raw->lower, block);
        const bool all_empty = some_empty && IsEmptyText(raw->upper, block);
        assign(block, null ? raw->has_null.Get(block) || some_empty || value->has_null.Get(block)
                           : raw->has_value.Get(block) && !all_empty);
      }
      continue;
    }
    LEVEE_ASSIGN(const auto nulls, Zone(item, nulls_key));
    if (nulls == nullptr) continue;
    LEVEE_ASSIGN(const auto records, Zone(item, columnar::PlainKey(ColumnRole::kNumRecords)));
    for (std::size_t block = 0; block < item.blocks; ++block) {
      if (nulls->has_null.Get(block) || !nulls->has_value.Get(block)) continue;
      const std::int64_t least = nulls->lower.ints[block];
      const std::int64_t most = nulls->upper.ints[block];
      if (null) {
        assign(block, least != 0 || most != 0);
      } else if (records != nullptr && !records->has_null.Get(block) && records->has_value.Get(block)) {
        // Only when all counts of the block are one number does its zone map prove all rows null.
        bool all_null = least == most && records->lower.ints[block] == least && records->upper.ints[block] == least;
        if (all_null) {
          LEVEE_ASSIGN(const bool bounded, HasBound(column, item, block));
          all_null = !bounded;
        }
        assign(block, !all_null);
      }
    }
  }
  return result;
}

}  // namespace levee::store

#include "memory/query/part_index.h"

#include <algorithm>
#include <numeric>

namespace levee::memory {
namespace {

SortValue Number(std::int64_t number) { return {ValueKind::kNumber, static_cast<long double>(number), {}}; }
SortValue Text(std::string_view text) { return {ValueKind::kText, 0, std::string(text)}; }

SortValue MetadataValue(const ColdView& cold, const OrderKey& key, MetadataReader& reader) {
  const auto element = ElementAt(reader.Read(cold.metadata), key.path);
  if (!IsThere(element)) return MissingValue();
  SortValue value = ValueOf(element);
  return value.kind == ValueKind::kNull ? ContainerValue() : value;
}

bool NeedsRecord(const OrderKey& key) { return key.field == OrderField::kId || key.field == OrderField::kMetadata; }

Result<SortValue> ValueAt(Part& part, std::uint32_t row, const OrderKey& key, const Interner& names, MetadataReader& reader) {
  LEVEE_ASSIGN(const RowColumns* columns, part.Columns());
  if (NeedsRecord(key)) {
    LEVEE_ASSIGN(const ColdRecord record, part.ColdOnce(row));
    LEVEE_ASSIGN(const ColdView cold, DecodeCold(record.bytes));
    return key.field == OrderField::kId ? Text(cold.id) : MetadataValue(cold, key, reader);
  }
  switch (key.field) {
    case OrderField::kNamespace: return Text(names.Name(columns->name_space[row]));
    case OrderField::kCategory: return Text(names.Name(columns->category[row]));
    case OrderField::kVersion: return Number(columns->version[row]);
    case OrderField::kCreated: return Number(columns->created[row]);
    case OrderField::kUpdated: return Number(columns->updated[row]);
    default: break;
  }
  return columns->expires[row] == kNever ? MissingValue() : Number(columns->expires[row]);
}

// Intervals in both lists.
template <typename Interval>
std::vector<Interval> Intersected(const std::vector<Interval>& left, const std::vector<Interval>& right) {
  std::vector<Interval> both;
  for (auto a = left.begin(), b = right.begin(); a != left.end() && b != right.end();) {
    const Interval common{std::max(a->begin, b->begin), std::min(a->end, b->end)};
    if (common.begin < common.end) both.push_back(common);
    a->end < b->end ? ++a : ++b;
  }
  return both;
}

}  // namespace

Result<PartIndex::Column> PartIndex::BuildColumn(Part& part, const OrderKey& key, const Interner& names) {
  struct Placed {
    SortValue value;
    std::uint32_t row;
  };
  std::vector<Placed> placed;
  placed.reserve(part.rows());
  MetadataReader reader;
  for (std::uint32_t row = 0; row < part.rows(); ++row) {
    LEVEE_ASSIGN(SortValue value, ValueAt(part, row, key, names, reader));
    placed.push_back({std::move(value), row});
  }
  std::sort(placed.begin(), placed.end(),
            [](const Placed& a, const Placed& b) { return CompareValues(a.value, b.value) < 0; });
  Column column;
  column.ordinals.resize(placed.size());
  for (Placed& each : placed) {
    if (column.values.empty() || CompareValues(column.values.back(), each.value) != 0) {
      column.values.push_back(std::move(each.value));
    }
    column.ordinals[each.row] = static_cast<std::uint32_t>(column.values.size() - 1);
  }
  column.values.shrink_to_fit();
  return column;
}

Result<std::shared_ptr<const PartIndex>> PartIndex::Build(Part& part, std::span<const OrderKey> keys, const Interner& names) {
  auto index = std::make_shared<PartIndex>();
  for (const OrderKey& key : keys) {
    LEVEE_ASSIGN(index->columns_.emplace_back(), BuildColumn(part, key, names));
  }
  index->rows_.resize(part.rows());
  std::iota(index->rows_.begin(), index->rows_.end(), 0u);
  std::stable_sort(index->rows_.begin(), index->rows_.end(), [&](std::uint32_t a, std::uint32_t b) {
    for (const Column& column : index->columns_) {
      if (column.ordinals[a] != column.ordinals[b]) return column.ordinals[a] < column.ordinals[b];
    }
    return false;
  });
  const std::uint32_t valued = index->LowerBound(ContainerValue());
  index->missing_ = part.rows() - valued;
  return std::shared_ptr<const PartIndex>(std::move(index));
}

std::vector<PartIndex::Interval> PartIndex::IntervalsOf(const Column& column, const KeyDemand& demand) const {
  const auto& values = column.values;
  const auto place = [&](const SortValue& value, bool behind) {
    const auto at = std::partition_point(values.begin(), values.end(), [&](const SortValue& each) {
      const int order = CompareValues(each, value);
      return order < 0 || (order == 0 && behind);
    });
    return static_cast<std::uint32_t>(at - values.begin());
  };
  std::vector<Interval> all{{0, static_cast<std::uint32_t>(values.size())}};
  for (const auto& ranges : demand) {
    std::vector<Interval> own;
    for (const ValueRange& range : ranges) {
      const Interval interval{place(range.low, range.low_open), place(range.high, !range.high_open)};
      if (interval.begin < interval.end) own.push_back(interval);
    }
    std::sort(own.begin(), own.end(), [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
    // A value that is named twice is one.
    std::vector<Interval> apart;
    for (const Interval& each : own) {
      if (!apart.empty() && each.begin < apart.back().end) {
        apart.back().end = std::max(apart.back().end, each.end);
      } else {
        apart.push_back(each);
      }
    }
    all = Intersected(all, apart);
  }
  return all;
}

PartIndex::Looked PartIndex::Look(std::span<const KeyDemand> demands) const {
  Looked looked;
  std::size_t keys = 0;
  while (keys < demands.size() && !demands[keys].empty()) ++keys;
  std::vector<std::vector<Interval>> intervals;
  for (std::size_t key = 0; key < keys; ++key) intervals.push_back(IntervalsOf(columns_[key], demands[key]));
  looked.keys_used = keys;
  if (keys > 0) Descend({0, static_cast<std::uint32_t>(rows_.size())}, 0, intervals, looked);
  for (const Span& span : looked.spans) looked.rows += span.end - span.begin;
  return looked;
}

void PartIndex::Descend(Span span, std::size_t key, std::span<const std::vector<Interval>> intervals, Looked& looked) const {
  const auto& ordinals = columns_[key].ordinals;
  for (const Interval& interval : intervals[key]) {
    const auto first = rows_.begin() + span.begin, last = rows_.begin() + span.end;
    const auto begin = std::partition_point(first, last, [&](std::uint32_t row) { return ordinals[row] < interval.begin; });
    const auto end = std::partition_point(begin, last, [&](std::uint32_t row) { return ordinals[row] < interval.end; });
    if (begin == end) continue;
    const Span own{static_cast<std::uint32_t>(begin - rows_.begin()), static_cast<std::uint32_t>(end - rows_.begin())};
    const bool deeper = key + 1 < intervals.size();
    if (deeper && interval.end - interval.begin == 1) {
      Descend(own, key + 1, intervals, looked);
      continue;
    }
    // Below several values the next key's are not in one order.
    if (deeper) looked.keys_used = std::min(looked.keys_used, key + 1);
    looked.spans.push_back(own);
  }
}

std::uint32_t PartIndex::GroupEnd(std::uint32_t position, std::size_t keys) const {
  const auto same = [&](std::uint32_t row) {
    return std::all_of(columns_.begin(), columns_.begin() + static_cast<std::ptrdiff_t>(keys), [&](const Column& column) {
      return column.ordinals[row] == column.ordinals[rows_[position]];
    });
  };
  const auto end = std::partition_point(rows_.begin() + position, rows_.end(), same);
  return static_cast<std::uint32_t>(end - rows_.begin());
}

std::uint32_t PartIndex::GroupBegin(std::uint32_t position, std::size_t keys) const {
  const auto differs = [&](std::uint32_t row) {
    return std::any_of(columns_.begin(), columns_.begin() + static_cast<std::ptrdiff_t>(keys), [&](const Column& column) {
      return column.ordinals[row] != column.ordinals[rows_[position]];
    });
  };
  const auto begin = std::partition_point(rows_.begin(), rows_.begin() + position, differs);
  return static_cast<std::uint32_t>(begin - rows_.begin());
}

std::uint32_t PartIndex::LowerBound(const SortValue& value) const {
  const Column& column = columns_.front();
  const auto at = std::partition_point(rows_.begin(), rows_.end(), [&](std::uint32_t row) {
    return CompareValues(column.values[column.ordinals[row]], value) < 0;
  });
  return static_cast<std::uint32_t>(at - rows_.begin());
}

std::size_t PartIndex::memory_bytes() const {
  std::size_t bytes = sizeof(*this) + rows_.capacity() * sizeof(std::uint32_t);
  for (const Column& column : columns_) {
    bytes += column.ordinals.capacity() * sizeof(std::uint32_t) + column.values.capacity() * sizeof(SortValue);
    for (const SortValue& value : column.values) {
      if (value.text.capacity() > std::string().capacity()) bytes += value.text.capacity();
    }
  }
  return bytes;
}

}  // namespace levee::memory

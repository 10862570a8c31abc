#include "memory/query/part_index.h"

#include <algorithm>
#include <numeric>

namespace levee::memory {
namespace {

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

Result<std::shared_ptr<const PartIndex>> PartIndex::Build(Part& part, std::span<const OrderKey> keys, const Interner& names) {
  LEVEE_ASSIGN(const RowColumns* columns, part.Columns());
  const bool reads = std::any_of(keys.begin(), keys.end(), KeyReader::NeedsRecord);
  PartIndexBuilder builder(keys);
  KeyReader reader(names);
  for (std::uint32_t row = 0; row < part.rows(); ++row) {
    ColdRecord record;
    if (reads) {
      LEVEE_ASSIGN(record, part.ColdOnce(row));
    }
    LEVEE_RETURN_IF_ERROR(reader.Take(*columns, row, record.bytes));
    builder.Add(reader);
  }
  return builder.Finish();
}

PartIndex::PartIndex(std::vector<Column> columns, std::uint32_t rows) : columns_(std::move(columns)), rows_(rows) {
  std::iota(rows_.begin(), rows_.end(), 0u);
  std::vector<std::uint32_t> sorted(rows);
  // By the last key first: each pass keeps the order of the one before among equal ordinals.
  for (auto column = columns_.rbegin(); column != columns_.rend(); ++column) {
    std::vector<std::uint32_t> places(column->values.size() + 1);
    for (const std::uint32_t ordinal : column->ordinals) ++places[ordinal + 1];
    std::partial_sum(places.begin(), places.end(), places.begin());
    for (const std::uint32_t row : rows_) sorted[places[column->ordinals[row]]++] = row;
    rows_.swap(sorted);
  }
  missing_ = rows - LowerBound(ContainerValue());
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

void PartIndexBuilder::Add(KeyReader& reader) {
  for (std::size_t key = 0; key < keys_.size(); ++key) {
    Column& column = columns_[key];
    const auto [place, is_new] =
        column.numbers.try_emplace(reader.At(keys_[key]), static_cast<std::uint32_t>(column.numbers.size()));
    if (is_new) text_bytes_ += place->first.text.size();
    column.rows.push_back(place->second);
  }
  ++rows_;
}

PartIndex::Column PartIndexBuilder::Sorted(Column column) {
  std::vector<std::pair<SortValue, std::uint32_t>> numbered;
  numbered.reserve(column.numbers.size());
  while (!column.numbers.empty()) {
    auto node = column.numbers.extract(column.numbers.begin());
    numbered.emplace_back(std::move(node.key()), node.mapped());
  }
  std::sort(numbered.begin(), numbered.end(),
            [](const auto& a, const auto& b) { return CompareValues(a.first, b.first) < 0; });
  PartIndex::Column sorted;
  sorted.values.reserve(numbered.size());
  std::vector<std::uint32_t> ordinals(numbered.size());
  for (auto& [value, number] : numbered) {
    ordinals[number] = static_cast<std::uint32_t>(sorted.values.size());
    sorted.values.push_back(std::move(value));
  }
  sorted.ordinals.reserve(column.rows.size());
  for (const std::uint32_t number : column.rows) sorted.ordinals.push_back(ordinals[number]);
  return sorted;
}

std::shared_ptr<const PartIndex> PartIndexBuilder::Finish() {
  std::vector<PartIndex::Column> columns;
  for (Column& column : columns_) columns.push_back(Sorted(std::move(column)));
  return std::make_shared<const PartIndex>(std::move(columns), rows_);
}

}  // namespace levee::memory

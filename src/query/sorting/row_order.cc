#include "query/sorting/row_order.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

namespace levee::query {
namespace {

using columnar::Batch;
using columnar::ColumnVector;
using types::PhysicalType;

constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;

std::uint64_t Ordered(double value) {
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();  // one above all, whatever its sign
  const auto bits = std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value);
  return (bits & kSignBit) != 0 ? ~bits : bits | kSignBit;
}

std::uint64_t Ordered(std::string_view value) {
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    key = key << 8 | (i < value.size() ? static_cast<std::uint8_t>(value[i]) : 0);
  }
  return key;
}

std::uint64_t OrderedAt(const ColumnVector& column, std::size_t row) {
  switch (column.physical) {
    case PhysicalType::kInt64: return static_cast<std::uint64_t>(column.ints[row]) ^ kSignBit;
    case PhysicalType::kDouble: return Ordered(column.doubles[row]);
    case PhysicalType::kString: return Ordered(column.strings[row]);
  }
  return 0;
}

template <typename T>
int Sign(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

int CompareValues(const ColumnVector& a, std::size_t row, const ColumnVector& b, std::size_t other) {
  switch (a.physical) {
    case PhysicalType::kInt64: return Sign(a.ints[row], b.ints[other]);
    case PhysicalType::kDouble: return Sign(Ordered(a.doubles[row]), Ordered(b.doubles[other]));
    case PhysicalType::kString: return Sign(a.strings[row].compare(b.strings[other]), 0);
  }
  return 0;
}

template <typename Append>
void AppendColumns(Batch& to, const Batch& from, std::size_t rows, const Append& append) {
  for (const columnar::BatchColumn& column : from.columns) append(to.FindOrAdd(column.key), column.values);
  to.rows += rows;
  for (columnar::BatchColumn& column : to.columns) {
    while (column.values.rows < to.rows) column.values.PushNull();
  }
}

}  // namespace

OrderedRows::OrderedRows(const Batch& batch, const std::vector<SortKey>& keys) {
  columns_.reserve(keys.size());
  for (const SortKey& key : keys) {
    columns_.push_back({batch.Find(key.column), key.descending, key.empty_is_null, key.nulls_first});
  }
}

bool OrderedRows::IsNull(const Column& column, std::size_t row) {
  if (column.values == nullptr || !column.values->IsValid(row)) return true;
  return column.empty_is_null && column.values->strings[row].empty();
}

std::uint64_t OrderedRows::PrefixOf(std::size_t row) const {
  if (columns_.empty()) return 0;
  const Column& first = columns_.front();
  // Before every value, or as some, which Compare tells apart.
  if (IsNull(first, row)) return first.nulls_first ? 0 : kSignBit;
  // A bit is lost to nulls that come after every value.
  const std::uint64_t ordered = OrderedAt(*first.values, row);
  return (first.descending ? ~ordered : ordered) >> 1;
}

int OrderedRows::Compare(std::size_t row, const OrderedRows& other, std::size_t other_row) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Column& column = columns_[i];
    const bool null = IsNull(column, row), other_null = IsNull(other.columns_[i], other_row);
    if (null && other_null) continue;
    if (null || other_null) return null != column.nulls_first ? 1 : -1;
    const int order = CompareValues(*column.values, row, *other.columns_[i].values, other_row);
    if (order != 0) return column.descending ? -order : order;
  }
  return 0;
}

std::vector<std::uint32_t> SortedRows(const Batch& batch, const std::vector<SortKey>& keys) {
  const OrderedRows order(batch, keys);
  std::vector<std::pair<std::uint64_t, std::uint32_t>> places(batch.rows);
  for (std::uint32_t row = 0; row < batch.rows; ++row) places[row] = {order.PrefixOf(row), row};
  std::ranges::sort(places, [&](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    const int comparison = order.Compare(a.second, order, b.second);
    return comparison != 0 ? comparison < 0 : a.second < b.second;
  });
  std::vector<std::uint32_t> rows;
  rows.reserve(places.size());
  for (const auto& [prefix, row] : places) rows.push_back(row);
  return rows;
}

void AppendRows(Batch& to, const Batch& from, const std::vector<std::uint32_t>& rows) {
  AppendColumns(to, from, rows.size(),
                [&](ColumnVector& values, const ColumnVector& more) { values.AppendRows(more, rows); });
}

void AppendBatch(Batch& to, const Batch& from) {
  AppendColumns(to, from, from.rows, [&](ColumnVector& values, const ColumnVector& more) {
    values.AppendRange(more, 0, from.rows);
  });
}

}  // namespace levee::query

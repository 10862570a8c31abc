#include "columnar/entry_order.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <unordered_map>

#include "columnar/order_key.h"

namespace levee::columnar {
namespace {

// The mean width of the bounds as a share of the range of all bounds: 0 prunes best; 1 and above, or
// no usable rows: useless.
double MeanWidth(const ColumnVector& min, const ColumnVector& max, std::string_view prefix) {
  std::uint64_t lowest = ~std::uint64_t{0}, highest = 0;
  double sum = 0;
  std::size_t rows = 0;
  for (std::size_t row = 0; row < min.rows; ++row) {
    if (!min.IsValid(row) || !max.IsValid(row)) continue;
    const std::uint64_t low = OrderKeyAt(min, row, prefix), high = OrderKeyAt(max, row, prefix);
    if (high < low) continue;
    lowest = std::min(lowest, low);
    highest = std::max(highest, high);
    sum += static_cast<double>(high - low);
    ++rows;
  }
  if (rows == 0 || highest <= lowest) return 2;
  // Rows without bounds cannot be pruned: they count as full width.
  const double known = sum / (static_cast<double>(highest - lowest) * static_cast<double>(min.rows));
  return known + static_cast<double>(min.rows - rows) / static_cast<double>(min.rows);
}

void AppendKeyByte(std::string& key, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) key += static_cast<char>(value >> shift);
}

// One partition value as bytes whose order is the value's: null first, text ended by two zeros.
// A batch without the column has nulls.
void AppendPartitionKey(std::string& key, const ColumnVector* column, std::size_t row) {
  if (column == nullptr || !column->IsValid(row)) {
    key += '\0';
    return;
  }
  key += '\1';
  if (column->physical != types::PhysicalType::kString) {
    AppendKeyByte(key, OrderKeyAt(*column, row, {}));
    return;
  }
  for (const char c : column->strings[row]) {
    key += c;
    if (c == '\0') key += '\1';
  }
  key.append(2, '\0');
}

}  // namespace

EntryOrder ChooseEntryOrder(const Batch& sample, const std::vector<std::string>& partition_paths) {
  EntryOrder order;
  for (const std::string& path : partition_paths) {
    const BatchColumn* chosen = nullptr;
    for (const BatchColumn& column : sample.columns) {
      if (column.key.path != path) continue;
      if (column.key.role == ColumnRole::kPartitionValue) chosen = &column;
      if (column.key.role == ColumnRole::kPartition && chosen == nullptr) chosen = &column;
    }
    if (chosen != nullptr) order.partitions.push_back(chosen->key);
  }
  double best = 0.5;  // wider bounds than this are not worth an order
  for (const BatchColumn& column : sample.columns) {
    if (column.key.role != ColumnRole::kMin) continue;
    const ColumnVector* max = sample.Find(ColumnKey{ColumnRole::kMax, column.key.path, column.key.type});
    if (max == nullptr) continue;
    std::string prefix;
    if (column.values.physical == types::PhysicalType::kString) prefix = CommonPrefix(column.values);
    const double width = MeanWidth(column.values, *max, prefix);
    if (width >= best * 0.9) continue;
    best = width;
    order.cluster = column.key;
    order.cluster_prefix = std::move(prefix);
  }
  return order;
}

EntryOrderKeys ComputeOrderKeys(const Batch& batch, const EntryOrder& order) {
  EntryOrderKeys keys;
  keys.partition_ids.resize(batch.rows);
  keys.cluster.resize(batch.rows);
  std::vector<const ColumnVector*> partitions;
  for (const ColumnKey& key : order.partitions) partitions.push_back(batch.Find(key));
  std::unordered_map<std::string, std::uint32_t> ids;
  std::string key;
  for (std::size_t row = 0; row < batch.rows; ++row) {
    key.clear();
    for (const ColumnVector* column : partitions) AppendPartitionKey(key, column, row);
    const auto [place, inserted] = ids.try_emplace(key, static_cast<std::uint32_t>(keys.partitions.size()));
    if (inserted) keys.partitions.push_back(key);
    keys.partition_ids[row] = place->second;
  }
  const ColumnVector* cluster = order.cluster ? batch.Find(*order.cluster) : nullptr;
  if (cluster == nullptr) return keys;
  for (std::size_t row = 0; row < batch.rows; ++row) {
    if (cluster->IsValid(row)) keys.cluster[row] = OrderKeyAt(*cluster, row, order.cluster_prefix);
  }
  return keys;
}

std::vector<std::uint32_t> SortedRows(const EntryOrderKeys& keys) {
  std::vector<std::uint32_t> by_bytes(keys.partitions.size());
  std::iota(by_bytes.begin(), by_bytes.end(), 0);
  std::sort(by_bytes.begin(), by_bytes.end(),
            [&](std::uint32_t a, std::uint32_t b) { return keys.partitions[a] < keys.partitions[b]; });
  std::vector<std::uint32_t> rank(keys.partitions.size());
  for (std::uint32_t i = 0; i < by_bytes.size(); ++i) rank[by_bytes[i]] = i;

  struct Place {
    std::uint32_t rank;
    std::uint32_t row;
    std::uint64_t cluster;
  };
  std::vector<Place> places(keys.partition_ids.size());
  for (std::uint32_t row = 0; row < places.size(); ++row) {
    places[row] = {rank[keys.partition_ids[row]], row, keys.cluster[row]};
  }
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    if (a.rank != b.rank) return a.rank < b.rank;
    return a.cluster != b.cluster ? a.cluster < b.cluster : a.row < b.row;
  });
  std::vector<std::uint32_t> rows(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) rows[i] = places[i].row;
  return rows;
}

Batch GatherRows(const Batch& batch, const std::vector<std::uint32_t>& rows) {
  Batch gathered;
  gathered.rows = rows.size();
  gathered.columns.reserve(batch.columns.size());
  for (const BatchColumn& column : batch.columns) {
    BatchColumn& out = gathered.columns.emplace_back();
    out.key = column.key;
    out.values.physical = column.values.physical;
    out.values.AppendRows(column.values, rows);
  }
  return gathered;
}

}  // namespace levee::columnar

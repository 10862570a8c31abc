#include "store/sql/column_index_build.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

#include "base/cancellation.h"
#include "base/memory_budget.h"
#include "columnar/order_key.h"

namespace levee::store {
namespace {

using columnar::Batch;
using columnar::BatchColumn;
using columnar::ColumnKey;
using columnar::ColumnRole;
using columnar::ColumnVector;
using columnar::EncodedColumn;
using columnar::kBlockRows;
using columnar::OrderKeyAt;

constexpr std::size_t kSampleRows = 1024;
constexpr std::size_t kProbes = 32;
constexpr std::size_t kUnknownShareMax = 16;  // at most one row in so many may lack a bound

// Both bounds are there and can be compared.
bool IsKnown(const ColumnVector& low, const ColumnVector& high, std::size_t row) {
  if (!low.IsValid(row) || !high.IsValid(row)) return false;
  if (low.physical != types::PhysicalType::kDouble) return true;
  return !std::isnan(low.doubles[row]) && !std::isnan(high.doubles[row]);
}

struct Interval {
  std::uint64_t low = ~std::uint64_t{0}, high = 0;

  std::uint64_t width() const { return high > low ? high - low : 0; }
  bool Has(std::uint64_t point) const { return low <= point && point <= high; }
  void Cover(const Interval& other) {
    low = std::min(low, other.low);
    high = std::max(high, other.high);
  }
};

std::size_t CountHits(const std::vector<Interval>& intervals, std::uint64_t point) {
  std::size_t hits = 0;
  for (const Interval& interval : intervals) hits += interval.Has(point) ? 1 : 0;
  return hits;
}

// Rows of the sample in the order that an index would have, cut into as many parts as it has blocks.
std::vector<Interval> IndexParts(std::vector<Interval> sample, std::size_t parts, std::uint64_t wide) {
  std::sort(sample.begin(), sample.end(), [&](const Interval& a, const Interval& b) {
    return std::pair(a.width() > wide, a.low) < std::pair(b.width() > wide, b.low);
  });
  std::vector<Interval> covered(parts);
  for (std::size_t i = 0; i < sample.size(); ++i) covered[i * parts / sample.size()].Cover(sample[i]);
  return covered;
}

std::uint64_t WidthOfWide(const std::vector<Interval>& sample) {
  std::vector<std::uint64_t> widths;
  widths.reserve(sample.size());
  for (const Interval& interval : sample) widths.push_back(interval.width());
  const auto tenth = widths.begin() + static_cast<std::ptrdiff_t>(widths.size() * 9 / 10);
  std::nth_element(widths.begin(), tenth, widths.end());
  return *tenth > ~std::uint64_t{0} / 8 ? ~std::uint64_t{0} : *tenth * 8;
}

// A sort by digits takes a fifth of what comparisons would. The highest 24 bits of the range suffice: entries of
// a segment stand 256 such steps apart, and nothing relies on the order of neighbours.
using Keyed = std::pair<std::uint64_t, std::uint32_t>;
void SortByKey(std::vector<Keyed>& keyed) {
  if (keyed.empty()) return;
  constexpr int kDigitBits = 12, kSortedBits = 2 * kDigitBits;
  constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;
  const auto [least, most] = std::minmax_element(keyed.begin(), keyed.end());
  const std::uint64_t base = least->first, range = most->first - base;
  const int low_bits = std::max(0, static_cast<int>(std::bit_width(range)) - kSortedBits);
  std::vector<Keyed> sorted(keyed.size());
  for (int shift = low_bits; shift < 64 && range >> shift != 0; shift += kDigitBits) {
    const auto digit = [&](const Keyed& one) { return (one.first - base) >> shift & (kDigits - 1); };
    std::array<std::uint32_t, kDigits + 1> ends{};
    for (const Keyed& one : keyed) ++ends[digit(one) + 1];
    for (std::size_t i = 1; i <= kDigits; ++i) ends[i] += ends[i - 1];
    for (const Keyed& one : keyed) sorted[ends[digit(one)]++] = one;
    keyed.swap(sorted);
  }
}

// Narrow bounds by their lower ends, then wide ones likewise, then rows that lack a bound.
std::vector<std::uint32_t> IndexOrder(const ColumnVector& low, const ColumnVector& high, const IndexModel& model) {
  std::vector<Keyed> narrow, wide;
  narrow.reserve(low.rows);
  std::vector<std::uint32_t> unknown;
  for (std::uint32_t row = 0; row < low.rows; ++row) {
    if (!IsKnown(low, high, row)) {
      unknown.push_back(row);
      continue;
    }
    const Interval bounds{OrderKeyAt(low, row, model.prefix), OrderKeyAt(high, row, model.prefix)};
    (bounds.width() > model.wide ? wide : narrow).emplace_back(bounds.low, row);
  }
  SortByKey(narrow);
  SortByKey(wide);
  std::vector<std::uint32_t> order;
  order.reserve(low.rows);
  for (const auto* part : {&narrow, &wide}) {
    for (const Keyed& one : *part) order.push_back(one.second);
  }
  order.insert(order.end(), unknown.begin(), unknown.end());
  return order;
}

// The upper bounds that belong to a column of lower ones; null where the path's bounds are of several types, as
// after a change of type, or one side is missing.
const ColumnVector* UpperOf(const Batch& batch, const BatchColumn& lower) {
  const ColumnVector* upper = nullptr;
  for (const BatchColumn& column : batch.columns) {
    if (column.key.path != lower.key.path) continue;
    const bool is_lower = column.key.role == ColumnRole::kMin;
    if (!is_lower && column.key.role != ColumnRole::kMax) continue;
    if (column.key.type != lower.key.type) return nullptr;
    if (!is_lower) upper = &column.values;
  }
  return upper;
}

std::size_t BytesOf(const EncodedColumn& column) {
  std::size_t bytes = column.zone_map.size();
  for (const columnar::EncodedChunk& chunk : column.chunks) bytes += chunk.bytes.size();
  return bytes;
}

// While an index is built: both bounds sorted, each row's key twice, its number twice, and the encoded whole.
std::uint64_t BuildBytes(const ColumnVector& low, const ColumnVector& high) {
  return 2 * (low.SizeBytes() + high.SizeBytes()) + low.rows * (2 * sizeof(Keyed) + 3 * sizeof(std::uint64_t));
}

Result<std::vector<EncodedColumn>> EncodeIndex(const ColumnKey& column, const ColumnVector& low,
                                               const ColumnVector& high, const IndexModel& model) {
  const std::vector<std::uint32_t> order = IndexOrder(low, high, model);
  std::vector<EncodedColumn> encoded;
  for (const auto& [role, values] : {std::pair(ColumnRole::kIndexLow, &low), std::pair(ColumnRole::kIndexHigh, &high)}) {
    ColumnVector sorted;
    sorted.physical = values->physical;
    sorted.AppendRows(*values, order);
    LEVEE_ASSIGN(EncodedColumn part,
                 columnar::EncodeColumn({role, column.path, column.type}, sorted, 0, order.size()));
    encoded.push_back(std::move(part));
  }
  ColumnVector rows;
  rows.rows = order.size();
  rows.ints.assign(order.begin(), order.end());
  const ColumnKey key{ColumnRole::kIndexRow, column.path, {types::TypeKind::kLong, 0, 0}};
  LEVEE_ASSIGN(EncodedColumn part, columnar::EncodeColumn(key, rows, 0, order.size()));
  encoded.push_back(std::move(part));
  return encoded;
}

}  // namespace

IndexModel ModelIndex(const ColumnVector& low, const ColumnVector& high) {
  IndexModel model;
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < kSampleRows; ++i) {
    const auto row = static_cast<std::uint32_t>(i * low.rows / kSampleRows);
    if (IsKnown(low, high, row)) rows.push_back(row);
  }
  if (kSampleRows - rows.size() > kSampleRows / kUnknownShareMax) return model;
  if (low.physical == types::PhysicalType::kString) {
    ColumnVector sampled;
    sampled.physical = low.physical;
    sampled.AppendRows(low, rows);
    model.prefix = columnar::CommonPrefix(sampled);
  }
  const std::size_t blocks = (low.rows + kBlockRows - 1) / kBlockRows;
  std::vector<Interval> sample, zones(blocks);
  for (const std::uint32_t row : rows) {
    sample.push_back({OrderKeyAt(low, row, model.prefix), OrderKeyAt(high, row, model.prefix)});
    zones[row / kBlockRows].Cover(sample.back());
  }
  model.wide = WidthOfWide(sample);
  const std::vector<Interval> parts = IndexParts(sample, blocks, model.wide);
  double files = 0, zone_hits = 0, part_hits = 0;
  for (std::size_t i = 0; i < kProbes; ++i) {
    const std::uint64_t point = sample[i * sample.size() / kProbes].low;
    files += static_cast<double>(CountHits(sample, point)) / kProbes;
    zone_hits += static_cast<double>(CountHits(zones, point)) / kProbes;
    part_hits += static_cast<double>(CountHits(parts, point)) / kProbes;
  }
  files *= static_cast<double>(low.rows) / static_cast<double>(sample.size());
  model.zone_entries = zone_hits * kBlockRows;
  // An index has three columns where the entries have two, and what it finds has to be sorted.
  model.index_entries = 1.5 * part_hits * kBlockRows + 4 * files;
  return model;
}

Result<std::vector<EncodedColumn>> BuildColumnIndexes(const Batch& batch, const std::vector<EncodedColumn>& encoded,
                                                      bool everything) {
  std::vector<EncodedColumn> indexes;
  if (batch.rows < kIndexedRowsMin && !everything) return indexes;
  std::size_t data = 0;
  for (const EncodedColumn& column : encoded) data += BytesOf(column);
  std::size_t built = 0, spent = 0;
  for (const BatchColumn& column : batch.columns) {
    if (column.key.role != ColumnRole::kMin || column.key.type.kind == types::TypeKind::kBoolean) continue;
    const ColumnVector* upper = UpperOf(batch, column);
    if (upper == nullptr) continue;
    LEVEE_RETURN_IF_ERROR(CheckCancelled());
    const IndexModel model = ModelIndex(column.values, *upper);
    if (!everything && !model.Pays()) continue;
    // Answers do without an index.
    MemoryHold memory(MemoryBudget::Process(), MemoryPart::kIndexes);
    if (!memory.TryGrow(BuildBytes(column.values, *upper))) continue;
    LEVEE_ASSIGN(auto index, EncodeIndex(column.key, column.values, *upper, model));
    std::size_t bytes = 0;
    for (const EncodedColumn& part : index) bytes += BytesOf(part);
    const std::size_t room = data / (built == 0 ? kFirstIndexShare : kAllIndexesShare);
    if (spent + bytes > room && !everything) continue;
    spent += bytes;
    std::move(index.begin(), index.end(), std::back_inserter(indexes));
    if (++built == kIndexesMax) break;
  }
  return indexes;
}

}  // namespace levee::store

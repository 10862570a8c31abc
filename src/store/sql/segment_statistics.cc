#include "store/sql/segment_statistics.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "base/hash.h"
#include "columnar/order_key.h"
#include "columnar/segment.h"
#include "store/sql/dictionary.h"
#include "store/sealed_blob.h"

namespace levee::store {
namespace {

using columnar::Batch;
using columnar::BatchColumn;
using columnar::ColumnRole;
using columnar::ColumnVector;

constexpr std::size_t kTableBuckets = 64;
constexpr std::size_t kTextBytesMax = 16;  // as in zone maps, whose encoding the values share

// The finaliser of splitmix64.
std::uint64_t Mixed(std::uint64_t bits) {
  bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9ULL;
  bits = (bits ^ bits >> 27) * 0x94d049bb133111ebULL;
  return bits ^ bits >> 31;
}

std::uint64_t HashAt(const ColumnVector& values, std::size_t row) {
  switch (values.physical) {
    case types::PhysicalType::kInt64: return Mixed(static_cast<std::uint64_t>(values.ints[row]) + 1);
    case types::PhysicalType::kDouble: return Mixed(std::bit_cast<std::uint64_t>(values.doubles[row]) + 1);
    case types::PhysicalType::kString: return Hash64(values.strings[row]);
  }
  return 0;
}

void CountDistinct(const ColumnVector& values, DistinctSketch& sketch) {
  // Neighbours are often alike; texts are not hashed again then.
  const bool text = values.physical == types::PhysicalType::kString;
  for (std::size_t row = 0; row < values.rows; ++row) {
    if (!values.IsValid(row)) continue;
    if (text && row > 0 && values.IsValid(row - 1) && values.strings[row] == values.strings[row - 1]) continue;
    sketch.Add(HashAt(values, row));
  }
}

bool IsNan(const ColumnVector& values, std::size_t row) {
  return values.physical == types::PhysicalType::kDouble && std::isnan(values.doubles[row]);
}

using Keyed = std::pair<std::uint64_t, std::uint32_t>;  // order key, place in the sample

std::vector<Keyed> Sorted(const ColumnVector& values, const std::vector<std::uint32_t>& rows) {
  std::string prefix;
  if (values.physical == types::PhysicalType::kString) {
    ColumnVector sampled;
    sampled.physical = values.physical;
    sampled.AppendRows(values, rows);
    prefix = columnar::CommonPrefix(sampled);
  }
  std::vector<Keyed> keyed;
  keyed.reserve(rows.size());
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    keyed.emplace_back(columnar::OrderKeyAt(values, rows[i], prefix), i);
  }
  std::sort(keyed.begin(), keyed.end());
  return keyed;
}

ColumnVector Quantiles(const ColumnVector& values, const std::vector<std::uint32_t>& rows,
                       const std::vector<Keyed>& sorted) {
  ColumnVector quantiles;
  quantiles.physical = values.physical;
  for (std::size_t i = 0; i <= kSegmentBuckets; ++i) {
    const std::uint32_t row = rows[sorted[i * (sorted.size() - 1) / kSegmentBuckets].second];
    if (values.physical == types::PhysicalType::kString) {
      quantiles.PushString(values.strings[row].substr(0, kTextBytesMax));
    } else {
      quantiles.AppendRange(values, row, 1);
    }
  }
  return quantiles;
}

// Spearman's, by ranks; equal values share the middle of theirs.
double Correlation(const std::vector<Keyed>& sorted) {
  const auto count = static_cast<double>(sorted.size());
  const double middle = (count - 1) / 2;
  double product = 0, squares = 0, place_squares = 0;
  for (std::size_t first = 0; first < sorted.size();) {
    std::size_t last = first;
    while (last < sorted.size() && sorted[last].first == sorted[first].first) ++last;
    const double rank = static_cast<double>(first + last - 1) / 2 - middle;
    for (; first < last; ++first) {
      const double by_place = static_cast<double>(sorted[first].second) - middle;
      product += rank * by_place;
      squares += rank * rank;
      place_squares += by_place * by_place;
    }
  }
  return squares > 0 && place_squares > 0 ? product / std::sqrt(squares * place_squares) : 0;
}

std::vector<std::uint32_t> SampleKnown(const ColumnVector& lower, const ColumnVector& upper, std::size_t sample) {
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < sample; ++i) {
    const auto row = static_cast<std::uint32_t>(i * lower.rows / sample);
    const bool known = lower.IsValid(row) && upper.IsValid(row) && !IsNan(lower, row) && !IsNan(upper, row);
    if (known && (rows.empty() || rows.back() != row)) rows.push_back(row);
  }
  return rows;
}

bool IsTyped(const Batch& batch, const std::string& partition) {
  return std::ranges::any_of(batch.columns, [&](const BatchColumn& column) {
    return column.key.role == ColumnRole::kPartitionValue && column.key.path == partition;
  });
}

// What a column's upper bounds are; null: the column is none of those that have statistics.
const ColumnVector* UpperOf(const Batch& batch, const BatchColumn& column) {
  const columnar::ColumnKey& key = column.key;
  switch (key.role) {
    case ColumnRole::kMin: return batch.Find(columnar::ColumnKey{ColumnRole::kMax, key.path, key.type});
    case ColumnRole::kPartition: return IsTyped(batch, key.path) ? nullptr : &column.values;
    case ColumnRole::kPartitionValue: return &column.values;
    default: return nullptr;
  }
}

Bytes EncodeValues(const SegmentStatistics& column) {
  columnar::ZoneMap values;
  values.lower = column.lower;
  values.upper = column.upper;
  values.has_null = Bitmap(column.lower.rows);
  values.has_value = Bitmap(column.lower.rows, true);
  return columnar::EncodeZoneMap(values);
}

}  // namespace

std::vector<SegmentStatistics> MakeStatistics(const Batch& batch) {
  std::vector<SegmentStatistics> columns;
  if (batch.rows == 0) return columns;
  const std::size_t sample = std::clamp<std::size_t>(batch.rows / 16, 256, 1024);
  for (const BatchColumn& column : batch.columns) {
    const ColumnVector* upper = UpperOf(batch, column);
    if (upper == nullptr) continue;
    const std::vector<std::uint32_t> rows = SampleKnown(column.values, *upper, sample);
    if (rows.empty()) continue;
    const std::vector<Keyed> sorted = Sorted(column.values, rows);
    SegmentStatistics& made = columns.emplace_back();
    made.key = column.key;
    made.rows = static_cast<std::int64_t>(batch.rows);
    made.known = static_cast<std::int64_t>(batch.rows * rows.size() / std::min(sample, batch.rows));
    made.correlation = Correlation(sorted);
    CountDistinct(column.values, made.distinct);
    made.lower = Quantiles(column.values, rows, sorted);
    made.upper = upper == &column.values ? made.lower : Quantiles(*upper, rows, Sorted(*upper, rows));
  }
  return columns;
}

Bytes EncodeStatistics(const std::vector<SegmentStatistics>& columns) {
  ByteWriter writer;
  std::vector<columnar::ColumnKey> keys;
  keys.reserve(columns.size());
  for (const SegmentStatistics& column : columns) keys.push_back(column.key);
  WriteColumnKeys(keys, writer);
  for (const SegmentStatistics& column : columns) {
    writer.PutVarint(static_cast<std::uint64_t>(column.rows));
    writer.PutVarint(static_cast<std::uint64_t>(column.known));
    writer.Put(column.correlation);
    writer.PutBytes(column.distinct.registers());
    const Bytes values = EncodeValues(column);
    writer.PutVarint(values.size());
    writer.PutBytes(values);
  }
  return SealBlob(kStatisticsMagic, writer.bytes(), Compression::kWhenSmaller);
}

Result<std::vector<SegmentStatistics>> DecodeStatistics(ByteSpan blob, const std::string& what) {
  LEVEE_ASSIGN(const Bytes payload, OpenBlob(kStatisticsMagic, blob, what));
  ByteReader reader(payload);
  std::vector<columnar::ColumnKey> keys;
  const auto corrupt = [&] { return Fail(ErrorCode::kCorrupt, what, "its columns do not decode"); };
  if (!ReadColumnKeys(reader, keys)) return corrupt();
  std::vector<SegmentStatistics> columns;
  for (columnar::ColumnKey& key : keys) {
    SegmentStatistics& column = columns.emplace_back();
    column.rows = static_cast<std::int64_t>(reader.GetVarint());
    column.known = static_cast<std::int64_t>(reader.GetVarint());
    column.correlation = reader.Get<double>();
    const ByteSpan registers = reader.GetBytes(DistinctSketch::kRegisters);
    std::copy(registers.begin(), registers.end(), column.distinct.registers().begin());
    const ByteSpan values = reader.GetBytes(reader.GetVarint());
    if (!reader.ok()) return corrupt();
    auto decoded = columnar::DecodeZoneMap(values, types::PhysicalTypeOf(key.type));
    if (!decoded || decoded->lower.rows == 0 || decoded->lower.has_nulls() || decoded->upper.has_nulls()) {
      return corrupt();
    }
    column.lower = std::move(decoded->lower);
    column.upper = std::move(decoded->upper);
    column.key = std::move(key);
  }
  if (reader.remaining() != 0) return corrupt();
  return columns;
}

void StatisticsMerger::Add(const SegmentStatistics& part) {
  rows_ += part.rows;
  known_ += part.known;
  correlation_ += part.correlation * static_cast<double>(part.rows);
  distinct_.Merge(part.distinct);
  AddPoints(part.lower, static_cast<double>(part.known), lower_);
  AddPoints(part.upper, static_cast<double>(part.known), upper_);
}

// The least and the greatest stand for half a bucket each.
void StatisticsMerger::AddPoints(const ColumnVector& values, double entries, std::vector<Weighted>& points) {
  const double bucket = entries / static_cast<double>(std::max<std::size_t>(values.rows - 1, 1));
  for (std::size_t i = 0; i < values.rows; ++i) {
    const bool end = i == 0 || i + 1 == values.rows;
    points.push_back({values.At(i), end ? bucket / 2 : bucket});
  }
}

ColumnVector StatisticsMerger::Cut(std::vector<Weighted> points) {
  std::sort(points.begin(), points.end(), [](const Weighted& a, const Weighted& b) { return a.value < b.value; });
  double total = 0;
  for (const Weighted& point : points) total += point.entries;
  ColumnVector values;
  if (points.empty()) return values;
  values.physical = static_cast<types::PhysicalType>(points[0].value.index());
  double passed = points[0].entries / 2;
  std::size_t at = 0;
  for (std::size_t i = 0; i <= kTableBuckets; ++i) {
    const double wanted = total * static_cast<double>(i) / kTableBuckets;
    while (at + 1 < points.size() && passed < wanted) {
      passed += (points[at].entries + points[at + 1].entries) / 2;
      ++at;
    }
    const std::size_t chosen = i == 0 ? 0 : i == kTableBuckets ? points.size() - 1 : at;
    values.PushValue(points[chosen].value);
  }
  return values;
}

ColumnStatistics StatisticsMerger::Take() const {
  ColumnStatistics statistics;
  statistics.entries = rows_;
  statistics.known = known_;
  statistics.distinct = std::min(distinct_.Estimate(), static_cast<double>(rows_));
  statistics.correlation = rows_ > 0 ? correlation_ / static_cast<double>(rows_) : 0;
  statistics.lower = Cut(lower_);
  statistics.upper = Cut(upper_);
  return statistics;
}

}  // namespace levee::store

#include <algorithm>
#include <optional>

#include "base/cancellation.h"
#include "base/check.h"
#include "columnar/column_writer.h"
#include "columnar/segment.h"
#include "metrics/metrics.h"

namespace levee::columnar {
namespace {

bool IsAllNull(const ColumnVector& values, std::size_t first, std::size_t count) {
  if (!values.has_nulls()) return false;
  for (std::size_t row = first; row < first + count; ++row) {
    if (values.validity.Get(row)) return false;
  }
  return true;
}

}  // namespace

Result<EncodedColumn> EncodeColumn(const ColumnKey& key, const ColumnVector& values, std::size_t first,
                                   std::size_t count) {
  LEVEE_CHECK(count <= kSegmentRowsMax && first + count <= values.rows);
  EncodedColumn encoded{key, {}, {}};
  LEVEE_ASSIGN(const PreparedColumn column, PrepareColumn(values, first, count));
  if (count != 0) encoded.chunks = WriteChunks(column, ChooseEncoder(column));
  if (HasZoneMap(key.role)) encoded.zone_map = EncodeZoneMap(BuildZoneMap(key, values, first, count));
  return encoded;
}

Result<EncodedSegment> EncodeSegment(const Batch& batch, std::size_t first, std::size_t count,
                                     std::optional<ColumnRole> left_out) {
  const metrics::Span span(metrics::Metric::kEncodeSegmentSpan);
  EncodedSegment segment;
  segment.rows = static_cast<std::uint32_t>(count);
  for (const BatchColumn& column : batch.columns) {
    LEVEE_RETURN_IF_ERROR(CheckCancelled());
    if (column.key.role == left_out || IsAllNull(column.values, first, count)) continue;
    LEVEE_ASSIGN(EncodedColumn encoded, EncodeColumn(column.key, column.values, first, count));
    segment.columns.push_back(std::move(encoded));
  }
  std::sort(segment.columns.begin(), segment.columns.end(),
            [](const EncodedColumn& a, const EncodedColumn& b) { return KeyLess(a.key, b.key); });
  return segment;
}

}  // namespace levee::columnar

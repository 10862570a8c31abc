#include "memory/query/row_scan.h"

#include <algorithm>

#include "base/cancellation.h"

namespace levee::memory {
namespace {

class Scan {
 public:
  Scan(Part& part, const RowColumns& columns, const Conditions& conditions, const PartWay& way, ScanCount& count,
       const std::function<bool(std::uint32_t)>& visit)
      : part_(part), columns_(columns), conditions_(conditions), count_(count), visit_(visit),
        reads_record_(conditions.needs_record() && !way.metadata_holds), records_left_(way.records_max) {}

  // Before a row: too many were read.
  bool is_over() const { return records_left_ <= 0; }
  // False: it was enough.
  Result<bool> Look(std::uint32_t row) {
    // A look at the clock each so many rows.
    constexpr std::int64_t kRowsBetween = 1'024;
    if (++count_.examined % kRowsBetween == 0) LEVEE_RETURN_IF_ERROR(CheckCancelled());
    if (!conditions_.HoldsColumns(part_, columns_, row)) return true;
    if (reads_record_) {
      ++count_.records;
      --records_left_;
      LEVEE_ASSIGN(const bool holds, conditions_.HoldsRecord(part_, row, reader_));
      if (!holds) return true;
    }
    ++count_.matched;
    return visit_(row);
  }

 private:
  Part& part_;
  const RowColumns& columns_;
  const Conditions& conditions_;
  ScanCount& count_;
  const std::function<bool(std::uint32_t)>& visit_;
  const bool reads_record_;
  std::int64_t records_left_;
  MetadataReader reader_;
};

}  // namespace

Result<std::optional<std::uint32_t>> ScanRows(Part& part, const Conditions& conditions, const PartWay& way, ScanCount& count,
                                              const std::function<bool(std::uint32_t row)>& visit) {
  LEVEE_ASSIGN(const RowColumns* columns, part.Columns());
  Scan scan(part, *columns, conditions, way, count, visit);
  if (way.access == RowAccess::kTagList || way.access == RowAccess::kIndex) {
    const std::span<const std::uint32_t> rows = way.candidates();
    for (auto row = std::lower_bound(rows.begin(), rows.end(), way.first); row != rows.end() && *row < way.last; ++row) {
      if (scan.is_over()) return *row;
      LEVEE_ASSIGN(const bool on, scan.Look(*row));
      if (!on) break;
    }
    return std::nullopt;
  }
  for (std::uint32_t row = way.first; row < way.last; ++row) {
    if (scan.is_over()) return row;
    LEVEE_ASSIGN(const bool on, scan.Look(row));
    if (!on) break;
  }
  return std::nullopt;
}

}  // namespace levee::memory

#include "memory/query/row_scan.h"

#include <algorithm>

#include "base/cancellation.h"

namespace levee::memory {
namespace {

struct Range {
  std::uint32_t first = 0, last = 0;
};

// The rows of a sorted part within the bounds of `updated`, which descends.
Range TimeRange(const RowColumns& columns, const Conditions& conditions) {
  const auto& updated = columns.updated;
  const auto first = std::partition_point(updated.begin(), updated.end(),
                                          [&](std::int64_t time) { return time > conditions.until(); });
  const auto last = std::partition_point(first, updated.end(),
                                         [&](std::int64_t time) { return time >= conditions.since(); });
  return {static_cast<std::uint32_t>(first - updated.begin()), static_cast<std::uint32_t>(last - updated.begin())};
}

class Scan {
 public:
  Scan(Part& part, const RowColumns& columns, const Conditions& conditions, ScanCount& count,
       const std::function<bool(std::uint32_t)>& visit)
      : part_(part), columns_(columns), conditions_(conditions), count_(count), visit_(visit) {}

  // False: it was enough.
  Result<bool> Look(std::uint32_t row) {
    // A look at the clock each so many rows.
    constexpr std::int64_t kRowsBetween = 1'024;
    if (++count_.examined % kRowsBetween == 0) LEVEE_RETURN_IF_ERROR(CheckCancelled());
    if (!conditions_.HoldsColumns(part_, columns_, row)) return true;
    if (conditions_.needs_record()) {
      ++count_.records;
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
  MetadataReader reader_;
};

// The shortest list of the tags that a row must have; false: there is none to go by.
Result<bool> RarestTag(Part& part, const Conditions& conditions, std::span<const std::uint32_t>& rarest) {
  bool any = false;
  for (const std::uint32_t tag : conditions.tags()) {
    std::span<const std::uint32_t> rows;
    LEVEE_ASSIGN(const bool listed, part.RowsOfTag(tag, rows));
    if (!listed) return false;
    if (!any || rows.size() < rarest.size()) rarest = rows;
    any = true;
  }
  return any;
}

}  // namespace

std::string_view RowAccessName(RowAccess access) {
  switch (access) {
    case RowAccess::kAll: return "columns";
    case RowAccess::kNewest: return "newest first";
    case RowAccess::kTagList: return "tag list";
  }
  return "";
}

Status ScanRows(Part& part, const Conditions& conditions, ScanCount& count, RowAccess& access,
                const std::function<bool(std::uint32_t row)>& visit) {
  LEVEE_ASSIGN(const RowColumns* columns, part.Columns());
  const bool sorted = part.is_sorted();
  const Range range = sorted ? TimeRange(*columns, conditions) : Range{0, part.rows()};
  Scan scan(part, *columns, conditions, count, visit);
  std::span<const std::uint32_t> tagged;
  LEVEE_ASSIGN(const bool by_tag, RarestTag(part, conditions, tagged));
  access = by_tag ? RowAccess::kTagList : sorted ? RowAccess::kNewest : RowAccess::kAll;
  if (by_tag) {
    const auto first = std::lower_bound(tagged.begin(), tagged.end(), range.first);
    for (auto row = first; row != tagged.end() && *row < range.last; ++row) {
      LEVEE_ASSIGN(const bool on, scan.Look(*row));
      if (!on) break;
    }
    return {};
  }
  for (std::uint32_t row = range.first; row < range.last; ++row) {
    LEVEE_ASSIGN(const bool on, scan.Look(row));
    if (!on) break;
  }
  return {};
}

}  // namespace levee::memory

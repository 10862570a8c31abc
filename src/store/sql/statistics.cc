// What segments keep for estimates, put together for a table.
#include "store/sql/layout_read.h"
#include "store/sql/segment_statistics.h"
#include "store/sql/sql_store.h"
#include "store/sql/widening.h"

namespace levee::store {
namespace {

using columnar::ColumnKey;

// The statistics as those of `key`, whose type may have grown since; empty: they are not.
std::optional<SegmentStatistics> ReadAs(const SegmentStatistics& stored, const ColumnKey& key) {
  const bool same = stored.key.role == key.role && stored.key.path == key.path;
  if (!same || !types::CanWiden(stored.key.type, key.type)) return std::nullopt;
  SegmentStatistics read = stored;
  if (!SameForm(stored.key.type, key.type)) {
    read.lower = WidenColumn(stored.lower, stored.key.type, key.type);
    read.upper = WidenColumn(stored.upper, stored.key.type, key.type);
  }
  return read;
}

}  // namespace

Result<std::vector<ColumnStatistics>> SqlStore::ReadStatistics(std::int64_t table_id,
                                                               const std::vector<ColumnKey>& columns) {
  const auto read = [&](ReadSession& session, const Layout& layout) -> Result<std::vector<ColumnStatistics>> {
    std::vector<StatisticsMerger> merged(columns.size());
    for (const SegmentSet::Item& item : layout.segments->items) {
      if (item.info.kind != SegmentKind::kActive) continue;
      LEVEE_ASSIGN(const auto stored, reader_.Statistics(session, item.info.id));
      if (stored == nullptr) continue;
      for (std::size_t i = 0; i < columns.size(); ++i) {
        for (const SegmentStatistics& one : *stored) {
          if (const auto part = ReadAs(one, columns[i])) merged[i].Add(*part);
        }
      }
    }
    std::vector<ColumnStatistics> statistics;
    statistics.reserve(merged.size());
    for (const StatisticsMerger& one : merged) statistics.push_back(one.Take());
    return statistics;
  };
  return ReadByLayout({*driver_, layouts_, nullptr},
                      [&](ReadSession& session) { return layouts_.GetMain(session, table_id); }, read);
}

}  // namespace levee::store

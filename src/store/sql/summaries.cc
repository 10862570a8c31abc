// What SqlStore answers from partition sums.
#include <algorithm>

#include "store/sql/batch_append.h"
#include "store/sql/layout_read.h"
#include "store/sql/partition_runs.h"
#include "store/sql/query.h"
#include "store/sql/retention.h"
#include "store/sql/sql_store.h"

namespace levee::store {
namespace {

// Sums are read whole: they serve a count when they are few, or far fewer than the entries.
constexpr std::int64_t kFewRows = 4096;
constexpr std::int64_t kEntriesPerRow = 4;
// Changes that a reader may look at to bring sums forward; those of a head are kept once there are more.
constexpr std::int64_t kChangesMax = 65'536;

bool NamesPartitionsAlone(const expr::SkippingNode& node) {
  return std::ranges::all_of(expr::ReferencedColumns(node), &expr::ColumnRef::is_partition);
}

bool OnlyAdds(const PartitionSummary& part) {
  return std::ranges::all_of(part.sums, [](const FileSums& sums) { return sums.files > 0; });
}

// Parts that take nothing away may stand one after the other, as those of an import do; others are netted.
std::shared_ptr<const PartitionSummary> AddUp(const RangeSums& sums) {
  const bool only_adds = std::ranges::all_of(sums.parts, [](const auto& part) { return OnlyAdds(*part); });
  if (only_adds && sums.parts.size() == 1) return sums.parts.front();
  PartitionSummary all;
  PartitionTally tally;
  for (const auto& part : sums.parts) {
    if (!only_adds) {
      tally.Add(*part);
      continue;
    }
    AppendBatch(all.values, part->values);
    all.sums.insert(all.sums.end(), part->sums.begin(), part->sums.end());
  }
  return std::make_shared<const PartitionSummary>(only_adds ? std::move(all) : tally.Take());
}

constexpr char kReadVersions[] =
    "SELECT t.head_version, r.summary_version,"
    " (SELECT coalesce(sum(row_count), 0) FROM partition_runs p WHERE p.range_id=r.range_id) FROM tables t"
    " JOIN ranges r ON r.range_id=t.main_range WHERE t.table_id=?1";
// Beyond it, finding the changes since costs readers more than moving the sums.
constexpr std::int64_t kCommitsMax = 64;

// Empty: there is no such table, or it has no range yet.
Result<std::optional<ViewState>> FindViewState(Driver& driver, std::int64_t table_id) {
  LEVEE_ASSIGN(const Lease reader, driver.Reader());
  LEVEE_ASSIGN(Query query, Query::Make(*reader, kReadVersions, table_id));
  LEVEE_ASSIGN(const bool row, query.Step());
  if (!row) return std::nullopt;
  return ViewState{.head = query.Int(0), .version = query.MaybeInt(1), .rows = query.Int(2)};
}

Result<bool> SumsAreDue(Driver& driver, std::int64_t table_id, std::int64_t next_floor, bool force) {
  LEVEE_ASSIGN(const auto view, FindViewState(driver, table_id));
  if (!view) return false;
  return !view->version || view->head - *view->version >= kCommitsMax || next_floor > *view->version ||
         (force && view->behind());
}

}  // namespace

Status SqlStore::AdvanceSums(std::int64_t table_id, bool force) {
  LEVEE_ASSIGN(const std::int64_t next_floor, NextFloor(*driver_, table_id, now_ms()));
  LEVEE_ASSIGN(const bool due, SumsAreDue(*driver_, table_id, next_floor, force));
  if (!due) return {};
  LEVEE_RETURN_IF_ERROR(KeepMainSums(table_id));
  return {};
}

Result<Refreshed> SqlStore::KeepMainSums(std::int64_t table_id) {
  return ReadByLayout(
      {*driver_, layouts_}, [&](ReadSession& session) { return layouts_.GetMain(session, table_id); },
      [&](ReadSession& session, const Layout& layout) { return KeepSums(*driver_, reader_, session, layout); });
}

Result<ViewState> SqlStore::ReadViewState(std::int64_t table_id) {
  LEVEE_ASSIGN(const auto view, FindViewState(*driver_, table_id));
  if (view) return *view;
  return Fail(ErrorCode::kNotFound, "table " + std::to_string(table_id), "nothing was published of it");
}

Result<Refreshed> SqlStore::RefreshViews(std::int64_t table_id, std::int64_t commits_behind) {
  LEVEE_ASSIGN(const ViewState view, ReadViewState(table_id));
  if (!view.behind() || (view.version && view.head - *view.version < commits_behind)) return Refreshed::kNothing;
  return KeepMainSums(table_id);
}

Result<std::shared_ptr<const PartitionSummary>> SqlStore::SummarisePartitions(std::int64_t table_id,
                                                                              std::int64_t version) {
  const auto summarise = [&](ReadSession& session,
                             const Layout& layout) -> Result<std::shared_ptr<const PartitionSummary>> {
    LEVEE_ASSIGN(const std::int64_t known, partition_sums_.Known(session, layout, version));
    LEVEE_ASSIGN(const auto sums, partition_sums_.Get(reader_, session, layout, version));
    // The next one finds them; a store that is busy or read-only answers all the same.
    const bool is_head = layout.head.main && version == layout.head.last_version && !driver_->read_only();
    if (is_head && (sums == nullptr || ChangesAfter(layout, known) > kChangesMax)) {
      [[maybe_unused]] const auto kept = KeepSums(*driver_, reader_, session, layout);
    }
    if (sums != nullptr) return AddUp(*sums);
    LEVEE_ASSIGN(PartitionSummary counted, SumEntries(reader_, session, layout, version));
    return std::make_shared<const PartitionSummary>(std::move(counted));
  };
  return ReadByLayout(
      {*driver_, layouts_}, [&](ReadSession& session) { return layouts_.Get(session, table_id, version); }, summarise);
}

Result<std::optional<std::int64_t>> SqlStore::CountFromSummary(const ScanRequest& request) {
  if (request.filter.kind != EntryFilter::Kind::kAlive) return std::nullopt;
  if (request.predicate != nullptr && !NamesPartitionsAlone(*request.predicate)) return std::nullopt;
  ReadSession session(*driver_, request.counters);
  LEVEE_ASSIGN(const auto layout, layouts_.Get(session, request.table_id, request.filter.version));
  LEVEE_ASSIGN(Connection * connection, session.Connect());
  LEVEE_ASSIGN(const std::int64_t rows, CountRunRows(*connection, layout->head.range_id));
  const std::int64_t rows_max =
      request.summary_rows_max ? *request.summary_rows_max : std::max(kFewRows, EntriesOf(*layout) / kEntriesPerRow);
  if (rows > rows_max) return std::nullopt;
  LEVEE_ASSIGN(const std::int64_t known, partition_sums_.Known(session, *layout, request.filter.version));
  if (known < 0 || ChangesAfter(*layout, known) > kChangesMax) return std::nullopt;
  auto sums = partition_sums_.Get(reader_, session, *layout, request.filter.version);
  // The scan starts again where compaction took a segment away; this need not.
  if (!sums && sums.error().code == ErrorCode::kNotFound) return std::nullopt;
  if (!sums) return std::unexpected(std::move(sums).error());
  if (*sums == nullptr) return std::nullopt;
  LEVEE_ASSIGN(const std::int64_t count, CountFiles(**sums, request.predicate, request.timezone));
  return request.limit ? std::min(count, *request.limit) : count;
}

}  // namespace levee::store

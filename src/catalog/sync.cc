#include <string>
#include <utility>

#include "catalog/catch_up.h"
#include "catalog/dry_run.h"
#include "catalog/first_import.h"
#include "catalog/operations.h"
#include "catalog/sync_report.h"

namespace levee::catalog {

Result<SyncReport> SyncTable(Context& context, std::string_view table, std::optional<std::int64_t> to_version,
                             bool dry_run) {
  LEVEE_ASSIGN(const LocatedTable located, Locate(context, table));
  if (dry_run) return PlanSync(context, located, to_version);
  if (!located.head) return ImportAndReport(context, {.uri = located.table.uri, .to_version = to_version});
  return CatchUpAndReport(context, located, to_version);
}

Result<SyncReport> ImportAndReport(Context& context, const NewTable& table) {
  const std::int64_t start_ns = context.clock().MonotonicNanos();
  LEVEE_ASSIGN(ImportedTable imported, ImportNewTable(context, table));
  SyncReport report{.name = imported.record.name, .uri = imported.record.uri,
                    .to_version = imported.head.version, .commits = imported.outcome.commits,
                    .base = std::move(imported.outcome.base), .imported = true};
  LEVEE_ASSIGN(report.files, FilesAt(context, imported.record.id, report.to_version));
  report.seconds = static_cast<double>(context.clock().MonotonicNanos() - start_ns) / 1e9;
  return report;
}

Result<SyncReport> CatchUpAndReport(Context& context, const LocatedTable& located,
                                    std::optional<std::int64_t> to_version) {
  const std::int64_t start_ns = context.clock().MonotonicNanos();
  const store::TableRecord& record = located.record();
  LEVEE_ASSIGN(const CatchUpOutcome outcome,
               CatchUp(context, record, *located.head, {.to_version = to_version, .thorough = true}));
  if (outcome.stopped_by) {
    if (outcome.commits > 0) {
      context.Note(located.table.display() + ": synced to version " + std::to_string(outcome.head.version) +
                   ", the last one that can be read");
    }
    return std::unexpected(*outcome.stopped_by);
  }
  if (to_version && outcome.head.version < *to_version) {
    return Fail(ErrorCode::kOutOfRange, located.table.display(),
                "version " + std::to_string(*to_version) + " is not there; the newest is " +
                    std::to_string(outcome.head.version));
  }
  if (outcome.commits == 0) LEVEE_RETURN_IF_ERROR(context.store().TouchSync(record.id, context.NowMs()));
  SyncReport report{.name = record.name, .uri = record.uri, .from_version = located.head->version,
                    .to_version = outcome.head.version, .commits = outcome.commits, .imported = outcome.imported};
  LEVEE_ASSIGN(report.files, FilesAt(context, record.id, report.to_version));
  report.seconds = static_cast<double>(context.clock().MonotonicNanos() - start_ns) / 1e9;
  return report;
}

Result<std::int64_t> FilesAt(Context& context, std::int64_t table_id, std::int64_t version) {
  LEVEE_ASSIGN(const auto commits, context.store().ReadCommits(table_id, version, version, 1));
  return commits.empty() ? -1 : commits.front().num_files;
}

}  // namespace levee::catalog

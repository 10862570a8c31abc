#include "catalog/dry_run.h"

#include <utility>

#include "catalog/first_import.h"
#include "catalog/freshness.h"
#include "catalog/new_commits.h"
#include "catalog/sync_report.h"

namespace levee::catalog {
namespace {

Result<SyncReport> PlanImport(Context& context, const NamedTable& table, std::optional<std::int64_t> to_version) {
  LEVEE_ASSIGN(const auto objects, context.Objects(table.uri));
  LEVEE_ASSIGN(const delta::LogListing listing, ListWholeLog(*objects));
  LEVEE_ASSIGN(const delta::ReplayPlan plan, delta::PlanReplay(listing, to_version, {}));
  SyncReport report{.uri = table.uri, .to_version = plan.version,
                    .commits = static_cast<std::int64_t>(plan.commits.size()), .files = -1, .imported = true};
  if (plan.checkpoint) report.base = plan.checkpoint->Id();
  return report;
}

}  // namespace

Result<SyncReport> PlanSync(Context& context, const LocatedTable& located, std::optional<std::int64_t> to_version) {
  const std::int64_t start_ns = context.clock().MonotonicNanos();
  SyncReport report;
  if (located.head) {
    const store::TableRecord& record = located.record();
    const store::Head& head = *located.head;
    report = {.name = record.name, .uri = record.uri, .from_version = head.version, .to_version = head.version};
    LEVEE_ASSIGN(const auto objects, context.Objects(record.uri));
    LEVEE_ASSIGN(const LogState log, AskLog(context, *objects, record, head));
    if (log == LogState::kBeyondGap) {
      LEVEE_ASSIGN(report, PlanImport(context, located.table, to_version));
      report.name = record.name;
      report.from_version = head.version;
    } else {
      LEVEE_ASSIGN(const NewCommits found, FindNewCommits(*objects, head, to_version, true));
      report.commits = static_cast<std::int64_t>(found.files.size());
      report.to_version += report.commits;
      LEVEE_ASSIGN(report.files, FilesAt(context, record.id, head.version));
      if (report.commits > 0) report.files = -1;
    }
  } else {
    LEVEE_ASSIGN(report, PlanImport(context, located.table, to_version));
  }
  report.seconds = static_cast<double>(context.clock().MonotonicNanos() - start_ns) / 1e9;
  return report;
}

}  // namespace levee::catalog

#include <string>

#include "catalog/dry_run.h"
#include "catalog/operations.h"
#include "catalog/sync_report.h"

namespace levee::catalog {

Result<SyncReport> AddTable(Context& context, std::string_view table, const AddOptions& options) {
  LEVEE_ASSIGN(LocatedTable located, Locate(context, table));
  if (options.dry_run) return PlanSync(context, located, options.to_version);
  if (!located.head) {
    return ImportAndReport(context, {.uri = located.table.uri, .name = options.name, .keep_ms = options.keep_ms,
                                     .to_version = options.to_version});
  }
  // Known: its options are set anew, and it is brought up to the log.
  store::TableRecord& record = *located.table.record;
  const bool rename = !options.name.empty() && options.name != record.name;
  if (rename || options.keep_ms) {
    LEVEE_RETURN_IF_ERROR(context.store().SetTableOptions(
        record.id, rename ? std::optional<std::string>(options.name) : std::nullopt, options.keep_ms));
    context.names().Clear();
    if (rename) record.name = options.name;
  }
  return CatchUpAndReport(context, located, options.to_version);
}

}  // namespace levee::catalog

#include <string>

#include "catalog/kept_runs.h"
#include "catalog/operations.h"

namespace levee::catalog {

Status ForgetTable(Context& context, std::string_view table) {
  context.names().Clear();
  LEVEE_ASSIGN(const LocatedTable located, Locate(context, table));
  // Also what a broken-off import left.
  if (!located.table.record) {
    return Fail(ErrorCode::kNotFound, std::string(table), "no such table in the store", "levee tables lists them");
  }
  context.names().Clear();
  const store::TableRecord& record = located.record();
  LEVEE_RETURN_IF_ERROR(context.store().ForgetTable(record.id));
  if (const std::string& prefix = context.options().runs_prefix; !prefix.empty()) {
    RemoveRunsOf(prefix, record.incarnation);
  }
  return {};
}

}  // namespace levee::catalog

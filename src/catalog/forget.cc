#include <string>

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
  return context.store().ForgetTable(located.record().id);
}

}  // namespace levee::catalog

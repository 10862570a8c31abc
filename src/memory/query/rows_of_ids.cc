#include "memory/query/rows_of_ids.h"

#include <string_view>
#include <unordered_set>

namespace levee::memory {

Status VisitRowsOfIds(const View& view, const ItemQuery& query, const Conditions& conditions, ScanCount& count,
                      const std::function<void(const RowRef& row)>& visit) {
  MetadataReader reader;
  std::unordered_set<std::string_view> seen;
  for (const std::string& id : query.ids) {
    if (!seen.insert(id).second) continue;
    LEVEE_ASSIGN(const auto versions, view.FindVersions(id));
    for (const RowRef& ref : versions) {
      ++count.examined;
      LEVEE_ASSIGN(const RowColumns* columns, ref.part->Columns());
      if (!conditions.HoldsColumns(*ref.part, *columns, ref.row)) continue;
      LEVEE_ASSIGN(const bool holds, conditions.HoldsRecord(*ref.part, ref.row, reader));
      if (!holds) continue;
      ++count.matched;
      visit(ref);
    }
  }
  return {};
}

}  // namespace levee::memory

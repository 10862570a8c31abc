#include "cli/column_table.h"

#include "output/human_text.h"
#include "types/value.h"

namespace levee::cli {
namespace {

using output::Cell;

Cell BoundCell(const types::Value& bound, bool exact, std::string_view sign) {
  if (bound.is_null()) return {};
  return Cell::Text((exact ? "" : std::string(sign) + " ") + types::FormatValue(bound));
}

Cell NullsCell(const store::ColumnSummary& column) {
  if (!column.nulls_exact && column.nulls == 0) return {};
  return Cell::Text((column.nulls_exact ? "" : ">= ") + output::GroupedNumber(column.nulls));
}

std::string DottedName(const types::LeafColumn& leaf) {
  std::string name;
  for (const std::string& part : leaf.logical_path) name += (name.empty() ? "" : ".") + part;
  return name;
}

}  // namespace

std::vector<output::RecordColumn> ColumnTableHead() {
  return {{"column"}, {"type"}, {"nulls", true}, {"min"}, {"max"}};
}

Status PrintColumns(const catalog::TableSummary& summary, const types::Schema& schema, output::RecordFormat& rows) {
  const std::vector<types::LeafColumn> leaves = schema.Leaves();
  for (std::size_t i = 0; i < leaves.size() && i < summary.columns.size(); ++i) {
    const store::ColumnSummary& column = summary.columns[i];
    LEVEE_RETURN_IF_ERROR(rows.Write({Cell::Text(DottedName(leaves[i])), Cell::Text(types::TypeName(leaves[i].type)),
                                      NullsCell(column), BoundCell(column.lower, column.lower_exact, ">="),
                                      BoundCell(column.upper, column.upper_exact, "<=")}));
  }
  return rows.Finish();
}

}  // namespace levee::cli

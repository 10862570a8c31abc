// The fields of files of several tables, which may have different schemas.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "api/file_columns.h"
#include "cli/command.h"

namespace levee::cli {

// A table of several, by the name that the user gave.
struct NamedView {
  std::string_view name;
  const catalog::View& view;
};

// What is printed of them, and what the catalog must return for it and for the order.
struct UnionPlan {
  api::FilePlan files;                                     // columns: those of the answer
  std::vector<query::SortKey> order;
  std::vector<std::vector<query::UnitedColumn>> columns;  // by table
};

// A field that is chosen must be there in every table, with types that have a common one, else it is an error that
// names the table; of the default fields those are printed of which that holds. "table" is the table's name; it comes
// first unless it is chosen elsewhere. `order`: the value of --order-by, empty without one.
std::expected<UnionPlan, Failure> PlanUnion(std::span<const NamedView> tables, const api::FileChoice& choice,
                                            std::string_view order);

}  // namespace levee::cli

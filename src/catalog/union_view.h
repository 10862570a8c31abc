// Several tables asked as one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/context.h"
#include "catalog/table_state.h"

namespace levee::catalog {

// A table of a union.
struct UnionTable {
  std::string label;  // in the answer, and in errors
  std::shared_ptr<const Snapshot> snapshot;
  std::unique_ptr<View> view;  // of the snapshot
};

// At least one table. `context` outlives the view.
std::unique_ptr<UnionView> MakeUnionView(Context& context, std::vector<UnionTable> tables, std::int64_t sync_ns);

}  // namespace levee::catalog

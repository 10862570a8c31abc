// A table pinned at a version, answering from the store.
#pragma once

#include <cstdint>
#include <memory>

#include "catalog/catalog.h"
#include "catalog/context.h"
#include "catalog/table_state.h"

namespace levee::catalog {

struct ViewOptions {
  std::int64_t sync_ns = 0;  // how long it took to get here, for explanations
  bool records = true;       // remember what is asked, for warming
};

// `context` outlives the view.
std::unique_ptr<View> MakeView(Context& context, std::shared_ptr<const Snapshot> snapshot, const ViewOptions& options);

}  // namespace levee::catalog

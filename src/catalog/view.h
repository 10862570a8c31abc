// A table pinned at a version, answering from the store.
#pragma once

#include <cstdint>
#include <memory>

#include "catalog/catalog.h"
#include "catalog/context.h"
#include "catalog/table_state.h"

namespace levee::catalog {

// `context` outlives the view. `sync_ns`: how long it took to get here, for explanations.
std::unique_ptr<View> MakeView(Context& context, std::shared_ptr<const Snapshot> snapshot, std::int64_t sync_ns);

}  // namespace levee::catalog

// The order of entries that stand in several sorted runs.
#pragma once

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "columnar/entry_order.h"

namespace levee::catalog {

// Which run the entry at each place of the whole order comes from; of equal entries, those of the first
// run come first. Each run's keys are in its order. kCancelled when it
// is called off.
Result<std::vector<std::uint16_t>> MergeSortedKeys(const std::vector<const columnar::EntryOrderKeys*>& runs,
                                                   int threads);

}  // namespace levee::catalog

// The order in which the store keeps the entries that it sorts itself.
#pragma once

#include <cstdint>
#include <vector>

#include "columnar/batch.h"

namespace levee::store {

// Row numbers by partition values, then by the column whose bounds prune best.
std::vector<std::uint32_t> EntryOrderOf(const columnar::Batch& entries);

}  // namespace levee::store

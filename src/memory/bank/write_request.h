// What one caller wants written, and what became of it.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "levee/memory.h"

namespace levee::memory {

using WriteOperation = std::variant<ItemWrite, ItemChange, ItemRemoval>;

// Items are checked and have ids.
struct WriteRequest {
  std::vector<WriteOperation> operations;
  std::string author;
  ConflictPolicy on_conflict = ConflictPolicy::kManual;

  // Filled in by who writes. Either all of `outcomes`, or an error and nothing was written.
  std::vector<Written> outcomes;
  Status status;
};

}  // namespace levee::memory

// Whether what the store has holds together.
#pragma once

#include "levee/memory_reports.h"
#include "memory/bank/view.h"

namespace levee::memory {

// Reads every row: contents against their checksums, keys and columns against the records, and that no id is there twice.
// Problems are told, at most 1,000; an error is what keeps it from looking at all.
Result<VerifyReport> VerifyView(const View& view);

}  // namespace levee::memory

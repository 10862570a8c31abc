// The changes of a range of commits as rows, in the order in which they happened.
#pragma once

#include <cstdint>
#include <vector>

#include "columnar/batch.h"
#include "output/file_fields.h"

namespace levee::cli {

struct ChangeRange {
  std::int64_t after_version = 0;  // not in the range
  std::int64_t to_version = 0;     // in it
};

struct ChangeList {
  columnar::Batch files;                  // a row a change
  std::vector<output::ChangeMark> marks;  // by row
};

// Reads all entries that were added or removed in the range, and orders them by version, removes before
// adds, then by path. An entry added and removed in the range gives two rows.
Result<ChangeList> ReadChanges(columnar::BatchStream& stream, ChangeRange range);

}  // namespace levee::cli

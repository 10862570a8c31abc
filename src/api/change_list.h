// The changes of a range of commits as rows, in the order in which they happened.
#pragma once

#include <cstdint>
#include <vector>

#include "columnar/batch.h"
#include "output/file_fields.h"

namespace levee::api {

struct ChangeRange {
  std::int64_t after_version = 0;  // not in the range
  std::int64_t to_version = 0;     // in it
};

struct ChangeList {
  columnar::Batch files;                  // a row a change
  std::vector<output::ChangeMark> marks;  // by row
};

// Reads the adds and removes of the range, and orders them by version, removes before adds, then by path. An
// entry added and removed in the range gives two rows; the remove of a file that was not there gives one.
Result<ChangeList> ReadChanges(columnar::BatchStream& stream, ChangeRange range);

}  // namespace levee::api

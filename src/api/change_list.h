// The changes of a range of commits as rows, in the order in which they happened.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/memory_budget.h"
#include "columnar/batch.h"
#include "output/file_fields.h"

namespace levee::api {

struct ChangeRange {
  std::int64_t after_version = 0;  // not in the range
  std::int64_t to_version = 0;     // in it
};

struct ChangeList {
  MemoryHold memory;                      // what it takes
  columnar::Batch files;                  // a row a change
  std::vector<output::ChangeMark> marks;  // by row
};

// Adds the columns that a list is made from, unless they are there.
void AddChangeColumns(std::vector<columnar::ColumnKey>& columns);

// Reads the adds and removes of the range, and orders them by version, removes before adds, then by path. An
// entry added and removed in the range gives two rows; the remove of a file that was not there gives one.
// kResourceExhausted where memory has no room for them.
Result<ChangeList> ReadChanges(columnar::BatchStream& stream, ChangeRange range);

using OpenChanges = std::function<Result<std::unique_ptr<columnar::BatchStream>>(const ChangeRange&)>;

// Passes the changes of the range on in their order: all at once, or those of some versions at a time where memory has
// no room for more. kResourceExhausted where those of one commit do not fit.
Status VisitChanges(const ChangeRange& range, const OpenChanges& open,
                    const std::function<Status(ChangeList&)>& visit);

}  // namespace levee::api

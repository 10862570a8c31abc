// Streams that run the operators of a plan which a store does not run itself. One operator a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "columnar/batch.h"
#include "query/plan.h"
#include "query/plan_report.h"

namespace levee::query {

// Rows of `input` that may match, by their own bounds. The input has the columns that BoundsColumns names.
std::unique_ptr<columnar::BatchStream> MakeFilterStream(std::unique_ptr<columnar::BatchStream> input,
                                                        Predicate predicate);

// Drops the columns that are not named.
std::unique_ptr<columnar::BatchStream> MakeProjectStream(std::unique_ptr<columnar::BatchStream> input,
                                                         Columns columns);

// The first rows.
std::unique_ptr<columnar::BatchStream> MakeLimitStream(std::unique_ptr<columnar::BatchStream> input,
                                                       std::int64_t rows);

// What a sort may take.
struct SortMemory {
  std::size_t bytes = 0;     // more is spilled
  std::string spill_folder;
};

// The rows in the keys' order; equal ones keep theirs. Reads the whole input at the first Next. kIo when
// runs cannot be spilled.
std::unique_ptr<columnar::BatchStream> MakeSortStream(std::unique_ptr<columnar::BatchStream> input,
                                                      std::vector<SortKey> keys, SortMemory memory);

// The first rows of that order, in one batch; keeps no more than a multiple of them.
std::unique_ptr<columnar::BatchStream> MakeTopKStream(std::unique_ptr<columnar::BatchStream> input,
                                                      std::vector<SortKey> keys, std::int64_t rows);

// Passes rows through and adds what they come to, and the time that they took, to `report`, which outlives
// the stream.
std::unique_ptr<columnar::BatchStream> MakeMeasuredStream(std::unique_ptr<columnar::BatchStream> input,
                                                          PlanReport& report);

}  // namespace levee::query

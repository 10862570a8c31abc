// Streams that run the operators of a plan which a store does not run itself. One operator a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "columnar/batch.h"
#include "query/plan.h"
#include "query/plan_report.h"
#include "query/sorting/spilled_runs.h"

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

// The rows in the keys' order; equal ones keep theirs. Reads the whole input at the first Next. kIo when
// runs cannot be spilled.
std::unique_ptr<columnar::BatchStream> MakeSortStream(std::unique_ptr<columnar::BatchStream> input,
                                                      std::vector<SortKey> keys, SortMemory memory);

// The first rows of that order, in one batch; keeps no more than a multiple of them.
std::unique_ptr<columnar::BatchStream> MakeTopKStream(std::unique_ptr<columnar::BatchStream> input,
                                                      std::vector<SortKey> keys, std::int64_t rows);

// Opens the stream of an input, by its number; what it captures outlives the stream that it is given to.
using InputOpener = std::function<Result<std::unique_ptr<columnar::BatchStream>>(std::size_t input)>;

// The rows of all inputs, one after the other, with their labels and under the union's keys. An input is opened when
// its first row is wanted.
std::unique_ptr<columnar::BatchStream> MakeUnionStream(std::vector<UnionPart> parts, InputOpener open);

// Rows whose text is (or, of an anti-join, is not) one of the list's; of an inner join with the list's columns.
std::unique_ptr<columnar::BatchStream> MakeJoinStream(std::unique_ptr<columnar::BatchStream> input, Join join);

// The groups with their measures, in batches, in the order of the groups. Reads the whole input at the first Next;
// groups that do not fit into memory are spilled with their sums so far. kIo when they cannot be.
std::unique_ptr<columnar::BatchStream> MakeAggregateStream(std::unique_ptr<columnar::BatchStream> input,
                                                           Aggregate aggregate, SortMemory memory);

// A top-k over a scan, by a bound of a column first.
struct BoundedTopK {
  TopK top;
  Predicate filter;               // of the scan
  double lower = 0, upper = 0;    // of the bound in all rows
  double rows = 0;                // that the scan is expected to have
  std::function<Result<std::unique_ptr<columnar::BatchStream>>(const Predicate& filter)> open;
};

// The same rows as of MakeTopKStream over open(filter), from scans with tighter filters.
std::unique_ptr<columnar::BatchStream> MakeBoundedTopKStream(BoundedTopK question);

// Passes rows through and adds what they come to, and the time that they took, to `report`, which outlives
// the stream.
std::unique_ptr<columnar::BatchStream> MakeMeasuredStream(std::unique_ptr<columnar::BatchStream> input,
                                                          PlanReport& report);

}  // namespace levee::query

// Streams that run the operators of a plan which a store does not run itself. One operator a file.
#pragma once

#include <cstdint>
#include <memory>

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

// Passes rows through and adds what they come to, and the time that they took, to `report`, which outlives
// the stream.
std::unique_ptr<columnar::BatchStream> MakeMeasuredStream(std::unique_ptr<columnar::BatchStream> input,
                                                          PlanReport& report);

}  // namespace levee::query

// Streams that stand between a store's scan and the reader of a view.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "columnar/batch.h"
#include "expr/skipping.h"

namespace levee::catalog {

// Ends at once.
std::unique_ptr<columnar::BatchStream> MakeEmptyStream();

// A batch, unless it has no rows.
std::unique_ptr<columnar::BatchStream> MakeOneBatch(columnar::Batch batch);

// One stream after the other.
std::unique_ptr<columnar::BatchStream> MakeConcatenation(
    std::vector<std::unique_ptr<columnar::BatchStream>> streams);

// Keeps a predicate alive as long as the scan that reads it, and adds the time of each step to
// `explanation` (may be null; else it outlives the stream).
std::unique_ptr<columnar::BatchStream> MakeTimedStream(std::unique_ptr<columnar::BatchStream> scan,
                                                       std::shared_ptr<const expr::BoundPredicate> predicate,
                                                       Explanation* explanation);

struct RowQuota {
  std::int64_t rows = 0;                                   // stop when that many surely match
  std::shared_ptr<const expr::BoundPredicate> predicate;   // null: every row matches
};

// Ends after the file with which the rows that surely match reach the quota. A file counts with its
// numRecords, less the rows that its deletion vector hides, if none of its rows can fail to match; else 0.
// The scan has the columns that query::QuotaColumns names.
std::unique_ptr<columnar::BatchStream> MakeQuotaStream(std::unique_ptr<columnar::BatchStream> scan, RowQuota quota);

}  // namespace levee::catalog

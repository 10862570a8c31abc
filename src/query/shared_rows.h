// An answer of rows that several readers share.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/status.h"
#include "columnar/batch.h"

namespace levee::query {

// Immutable once it is shared.
struct SharedRows {
  std::vector<columnar::Batch> batches;
  std::size_t size_bytes = 0;
};

// What is charged for a batch that is kept.
std::size_t KeptBytes(const columnar::Batch& batch);

// Each batch copied as it is read: whoever reads one may change it.
std::unique_ptr<columnar::BatchStream> StreamOf(std::shared_ptr<const SharedRows> rows);

// One of both is null.
struct ReadRows {
  std::shared_ptr<const SharedRows> whole;
  std::unique_ptr<columnar::BatchStream> too_many;  // all of them, what was read already included
};
// Reads `rows` to their end, unless they take more than `bytes_max`.
Result<ReadRows> ReadUpTo(std::unique_ptr<columnar::BatchStream> rows, std::size_t bytes_max);

}  // namespace levee::query

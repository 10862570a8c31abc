// A batch: the rows of one transaction. Format: docs/formats/memory.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "base/bytes.h"
#include "base/status.h"
#include "memory/bank/row_format.h"

namespace levee::memory {

// Collects the rows of a transaction.
class BatchBuilder {
 public:
  // `written`: when, the same for all its rows.
  explicit BatchBuilder(std::int64_t written);
  void Add(const RowView& row);
  std::size_t rows() const { return rows_; }
  // The body, sealed.
  Bytes Finish();

 private:
  const std::int64_t written_;
  std::size_t rows_ = 0;
  ByteWriter out_;
};

// A body that was opened and verified.
struct OpenedBatch {
  Bytes payload;             // rows refer to it
  std::int64_t written = 0;
  std::size_t rows = 0;
};

// kCorrupt names the batch.
Result<OpenedBatch> OpenBatch(std::int64_t number, ByteSpan body);
// In order; `take` may keep what the views refer to as long as the payload lives.
Status ForEachRow(const OpenedBatch& batch, std::int64_t number, const std::function<Status(const RowView&)>& take);

}  // namespace levee::memory

// Custom indexes on their way into a segment.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "memory/bank/row_columns.h"

namespace levee::memory {

// One index of a segment, encoded; `name`: see SegmentDirectory::indexes. Empty bytes: it would be too large to keep.
struct EncodedIndex {
  std::string name;
  Bytes bytes;
};

// Takes the rows of a new segment as they come, each once and in order. Used by one thread.
class IndexWriter {
 public:
  virtual ~IndexWriter() = default;
  // A row of `columns`, and its record.
  virtual Status Add(const RowColumns& columns, std::uint32_t row, ByteSpan record) = 0;
  // Once, behind the last row.
  virtual Result<std::vector<EncodedIndex>> Finish() = 0;
};

// One for each new segment. Empty: segments have none.
using MakeIndexWriter = std::function<std::unique_ptr<IndexWriter>()>;

}  // namespace levee::memory

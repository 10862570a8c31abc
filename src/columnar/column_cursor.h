// A column as it is stored, for who looks at each value once.
#pragma once

#include <cstddef>

#include "base/status.h"
#include "columnar/segment.h"

namespace levee::columnar {

// Not thread-safe.
class ColumnCursor {
 public:
  struct Place {
    ChunkReader* chunk = nullptr;
    std::size_t block = 0;  // of the chunk
    std::size_t piece = 0;  // tells chunks of the column apart
  };

  virtual ~ColumnCursor() = default;
  // Where the rows [block * kBlockRows, ...) stand; valid until the next call. Ascending blocks are read once.
  virtual Result<Place> Find(std::size_t block) = 0;
  // The error of a chunk with what it is of.
  virtual Error Named(Error error) const = 0;
};

}  // namespace levee::columnar

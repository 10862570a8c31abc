// Where a stored part's chunks come from and go to. Whoever implements them sees to checksums, caches and the store.
#pragma once

#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "base/status.h"

namespace levee::text {

inline constexpr std::size_t kChunkBytesMax = 64 << 10;

class ChunkSink {
 public:
  virtual ~ChunkSink() = default;
  // Takes 1 to kChunkBytesMax bytes, and returns the number they are to be read by.
  virtual Result<std::uint64_t> Add(Bytes chunk) = 0;
};

// Thread-safe.
class ChunkSource {
 public:
  virtual ~ChunkSource() = default;
  virtual Result<std::shared_ptr<const Bytes>> Read(std::uint64_t number) const = 0;
};

}  // namespace levee::text

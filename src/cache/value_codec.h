// How the owner of a cache lets it keep values compressed.
#pragma once

#include <memory>
#include <optional>

#include "base/bytes.h"
#include "base/status.h"
#include "cache/cache_key.h"

namespace levee::cache {

// The cache knows no types and links no compressor: both are its owner's. Called from any thread, outside of
// the cache's locks. The key tells what the value is.
class ValueCodec {
 public:
  virtual ~ValueCodec() = default;
  // Empty for a value that is better kept as it is.
  virtual std::optional<Bytes> Pack(const CacheKey& key, const void* value) const = 0;
  // Of the type that was packed. An error makes the look-up a miss and drops the entry.
  virtual Result<std::shared_ptr<const void>> Unpack(const CacheKey& key, ByteSpan packed) const = 0;
};

}  // namespace levee::cache

// Chunks in memory.
#pragma once

#include <vector>

#include "text/chunks.h"

namespace levee::text {

class TestChunks final : public ChunkSink, public ChunkSource {
 public:
  Result<std::uint64_t> Add(Bytes chunk) override {
    if (chunk.empty() || chunk.size() > kChunkBytesMax) return Fail(ErrorCode::kInternal, "chunk", "its size is none");
    if (chunks.size() == full_at) return Fail(ErrorCode::kIo, "chunk", "the disk is full");
    chunks.push_back(std::make_shared<Bytes>(std::move(chunk)));
    return chunks.size() - 1 + first_number;
  }
  Result<std::shared_ptr<const Bytes>> Read(std::uint64_t number) const override {
    ++reads;
    if (number < first_number || number - first_number >= chunks.size()) {
      return Fail(ErrorCode::kCorrupt, "chunk", "there is none of that number");
    }
    return chunks[number - first_number];
  }
  std::uint64_t bytes() const {
    std::uint64_t sum = 0;
    for (const auto& chunk : chunks) sum += chunk->size();
    return sum;
  }

  std::vector<std::shared_ptr<Bytes>> chunks;
  std::uint64_t first_number = 1000;
  std::size_t full_at = ~std::size_t{0};
  mutable std::size_t reads = 0;
};

}  // namespace levee::text

// Lists one after the other in chunks: docs/formats/postings.md#dictionary-chunks has the addresses.
#pragma once

#include <cstdint>
#include <vector>

#include "text/chunks.h"

namespace levee::text {

class ChunkStreamWriter {
 public:
  explicit ChunkStreamWriter(ChunkSink& sink) : sink_(sink) {}

  // Returns the address.
  Result<std::uint64_t> Put(ByteSpan list);
  // After the last list: the chunks' numbers, in the order of addresses.
  Result<std::vector<std::uint64_t>> Finish();

 private:
  Status Flush();

  ChunkSink& sink_;
  Bytes chunk_;
  std::vector<std::uint64_t> numbers_;
};

// Bytes and what keeps them.
struct Slice {
  ByteSpan bytes;
  std::shared_ptr<const void> holder;
};

// kCorrupt where there are no such bytes.
Result<Slice> ReadStream(const ChunkSource& source, const std::vector<std::uint64_t>& numbers, std::uint64_t address,
                         std::uint64_t size);

}  // namespace levee::text

// Chunks whose checksums hold, whatever they contain: what stands behind the checksums is to be reached.
#pragma once

#include <cstring>

#include "base/bytes.h"
#include "base/hash.h"
#include "columnar/chunk_format.h"
#include "columnar/segment.h"

namespace levee::fuzz {

template <typename T>
T Load(const Bytes& bytes, std::size_t at) {
  T value{};
  if (at + sizeof(T) <= bytes.size()) std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

template <typename T>
void Save(Bytes& bytes, std::size_t at, T value) {
  if (at + sizeof(T) <= bytes.size()) std::memcpy(bytes.data() + at, &value, sizeof(T));
}

// Makes the checksums of a chunk right, as far as it has blocks and a directory, and its magic number and version.
inline void FixChunk(Bytes& chunk) {
  using namespace columnar;
  Save(chunk, 0, kChunkMagic);
  Save(chunk, 4, kChunkVersion);
  const std::size_t rows = Load<std::uint32_t>(chunk, 8), header = Load<std::uint32_t>(chunk, 12);
  if (rows > kSegmentRowsMax) return;
  const std::size_t blocks = (rows + kBlockRows - 1) / kBlockRows;
  const std::size_t checksum_at = kChunkFixedBytes + blocks * kDirectoryEntryBytes + header;
  const std::size_t data_at = checksum_at + kChecksumBytes;
  if (data_at > chunk.size()) return;
  std::size_t begin = 0;
  for (std::size_t block = 0; block < blocks; ++block) {
    const std::size_t end = Load<std::uint32_t>(chunk, kChunkFixedBytes + 4 * block);
    if (begin <= end && data_at + end <= chunk.size()) {
      const ByteSpan bytes = ByteSpan(chunk).subspan(data_at + begin, end - begin);
      Save(chunk, kChunkFixedBytes + 4 * (blocks + block), Checksum32(bytes));
    }
    begin = end;
  }
  Save(chunk, checksum_at, Checksum32(ByteSpan(chunk).first(checksum_at)));
}

}  // namespace levee::fuzz

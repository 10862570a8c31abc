// The fixed parts of a chunk; see docs/formats/segment.md.
#pragma once

#include <cstddef>
#include <cstdint>

namespace levee::columnar {

inline constexpr std::uint32_t kChunkMagic = 0x4b43564c;  // "LVCK"
inline constexpr std::uint8_t kChunkVersion = 1;
// magic, version, physical type, encoding, double mapping, rows, size of the encoding's header
inline constexpr std::size_t kChunkFixedBytes = 16;
// Each block has its end and its checksum in the directory.
inline constexpr std::size_t kDirectoryEntryBytes = 8;
inline constexpr std::size_t kChecksumBytes = 4;

// The first byte of a block.
enum class BlockNulls : std::uint8_t {
  kNone = 0,
  kAll = 1,   // nothing follows
  kSome = 2,  // a bit a row follows, 1: the value is there; then the values
};

}  // namespace levee::columnar

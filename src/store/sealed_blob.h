// The envelope of every blob that the store itself makes: magic, version, checksum, optional zstd.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/status.h"

namespace levee::store {

// Four letters, the first one lowest.
constexpr std::uint32_t BlobMagic(const char (&letters)[5]) {
  std::uint32_t magic = 0;
  for (int i = 3; i >= 0; --i) magic = magic << 8 | static_cast<unsigned char>(letters[i]);
  return magic;
}

inline constexpr std::uint32_t kMicroBatchMagic = BlobMagic("LVmb");
inline constexpr std::uint32_t kRemovalsMagic = BlobMagic("LVrm");
inline constexpr std::uint32_t kDirectoryMagic = BlobMagic("LVsd");
inline constexpr std::uint32_t kKeysMagic = BlobMagic("LVki");
inline constexpr std::uint32_t kDictionaryMagic = BlobMagic("LVdc");
inline constexpr std::uint32_t kStatisticsMagic = BlobMagic("LVst");
inline constexpr std::uint32_t kStateMagic = BlobMagic("LVsj");
inline constexpr std::uint32_t kPartitionRunMagic = BlobMagic("LVps");

enum class Compression : std::uint8_t { kNever, kWhenSmaller };

Bytes SealBlob(std::uint32_t magic, ByteSpan payload, Compression compression);

// The payload. kCorrupt, naming `what`, when the bytes are not what SealBlob made of that magic.
Result<Bytes> OpenBlob(std::uint32_t magic, ByteSpan blob, const std::string& what);
// The same where it stands, of blobs that are never compressed.
Result<ByteSpan> ViewBlob(std::uint32_t magic, ByteSpan blob, const std::string& what);

}  // namespace levee::store

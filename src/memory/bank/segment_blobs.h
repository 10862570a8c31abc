// The chunks of a segment that are neither columns nor pages.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/status.h"
#include "store/sealed_blob.h"

namespace levee::memory {

// A varint, how many; then each name with its length.
inline constexpr std::uint32_t kNamesMagic = store::BlobMagic("LVbn");
// The hashes of all ids, ascending, 8 bytes each; then the row of each, 4 bytes.
inline constexpr std::uint32_t kBankKeysMagic = store::BlobMagic("LVbk");
// A dictionary of zstd, for the records of pages.
inline constexpr std::uint32_t kDictionaryMagic = store::BlobMagic("LVbz");
// A chunk of posting lists: docs/formats/postings.md.
inline constexpr std::uint32_t kPostingsMagic = store::BlobMagic("LVbt");
// A piece of a custom index.
inline constexpr std::uint32_t kIndexMagic = store::BlobMagic("LVbi");

inline Result<Bytes> OpenKeys(ByteSpan sealed, const std::string& name) {
  return store::OpenBlob(kBankKeysMagic, sealed, "memory " + name);
}

}  // namespace levee::memory

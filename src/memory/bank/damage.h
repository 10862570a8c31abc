// Bytes of a bank that are not what was written.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/status.h"

namespace levee::memory {

// kCorrupt, STORAGE_ERROR.
std::unexpected<Error> Damaged(std::string what, std::string why);

// What a sealed blob of the bank holds; kCorrupt names it.
Result<Bytes> OpenSealed(std::uint32_t magic, ByteSpan sealed, const std::string& name);
// The same where it stands, of blobs that are never compressed.
Result<ByteSpan> ViewSealed(std::uint32_t magic, ByteSpan sealed, const std::string& name);

}  // namespace levee::memory

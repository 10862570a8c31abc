// 32-bit Roaring bitmaps in their portable form, as the RoaringFormatSpec has it.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "delta/deleted_rows.h"

namespace levee::delta {

// Reads the bitmap that stands next, and appends its values, each `base` higher. False where it is none.
bool ReadRoaringBitmap(ByteReader& reader, std::uint64_t base, DeletedRows& rows);

}  // namespace levee::delta

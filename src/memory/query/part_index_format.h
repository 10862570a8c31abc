// A custom index as segments keep it: docs/formats/memory.md.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/status.h"
#include "memory/query/part_index.h"

namespace levee::memory {

Result<Bytes> EncodePartIndex(const PartIndex& index);

// What it must be of.
struct PartIndexShape {
  std::size_t keys = 0;
  std::uint32_t rows = 0;
};
// kCorrupt, what = `name`.
Result<std::shared_ptr<const PartIndex>> DecodePartIndex(ByteSpan bytes, const PartIndexShape& shape, const std::string& name);

}  // namespace levee::memory

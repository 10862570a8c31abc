// What a stored part keeps in memory: docs/formats/postings.md#directory.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "text/field.h"
#include "text/part.h"
#include "text/stored/dictionary_writer.h"

namespace levee::text {

struct FieldDirectory {
  std::uint64_t tokens = 0;
  std::vector<std::uint32_t> lengths;  // by row, in whole pages
  std::array<const std::uint32_t*, kPartRowsMax / Lengths::kPageRows> pages{};
  std::vector<DictionaryChunk> chunks;

  // Of as many rows as it is to have; `pages` point into it.
  void ResizeLengths(std::uint32_t rows);
};

struct PartDirectory {
  std::uint32_t rows = 0;
  ByField<bool> has{};
  std::vector<std::uint64_t> posting_chunks, position_chunks;
  ByField<FieldDirectory> fields;

  Bytes Encode() const;
  // kCorrupt; kUnsupported: of a newer version. The result must not be moved: fields' pages point into it.
  static Status Decode(ByteSpan bytes, PartDirectory& out);
};

}  // namespace levee::text

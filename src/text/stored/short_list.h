// Lists that stand in the dictionary: docs/formats/postings.md#dictionary-chunks.
#pragma once

#include "base/bytes.h"
#include "text/part.h"

namespace levee::text {

inline constexpr std::size_t kShortDocumentsMax = 8, kShortBytesMax = 64;

void EncodeShortList(const Postings& postings, ByteWriter& out);
// Replaces `out`. False: the bytes do not follow the format.
[[nodiscard]] bool DecodeShortList(ByteSpan bytes, std::uint32_t documents, std::uint32_t rows_end, Postings& out);

}  // namespace levee::text

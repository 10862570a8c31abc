// Rows as batches and pages have them; docs/formats/memory.md.
//
// A row is one version of an item, or its removal. What queries look at stands apart (RowView); what only an answer
// needs is one record of bytes (ColdView), which moves from batch to page and from page to page as it is.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "levee/memory.h"

namespace levee::memory {

enum class Operation : std::uint8_t { kStore = 0, kUpdate = 1, kDelete = 2 };
const char* OperationName(Operation operation);

inline constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

// Texts and bytes are borrowed.
struct RowView {
  Operation operation = Operation::kStore;
  std::int64_t version = 0;
  std::string_view author, name_space, category;
  std::vector<std::string_view> tags;
  std::int64_t created = 0, updated = 0, expires = kNever;
  std::uint32_t content_bytes = 0;
  ByteSpan cold;       // a ColdView
  ByteSpan embedding;  // floats, little-endian; empty: none
};

struct ColdView {
  std::string_view id, metadata, embedding_model, content;
  ByteSpan clock;      // see DecodeClock; empty: {own replica: version}
  std::uint64_t checksum = 0;
};

// Appends the cold record of an item to `out`; `clock`: EncodeClock's, empty for {own replica: version}.
void EncodeCold(const Item& item, ByteSpan clock, ByteWriter& out);
// That of a removal: its version before it has all else.
void EncodeColdRemoval(std::string_view id, ByteSpan clock, ByteWriter& out);
// kCorrupt, what = "item record".
Result<ColdView> DecodeCold(ByteSpan bytes);
// The id alone.
Result<std::string_view> DecodeColdId(ByteSpan bytes);

Bytes EncodeClock(const VectorClock& clock);
Result<VectorClock> DecodeClock(ByteSpan bytes);

Bytes EncodeEmbedding(const std::vector<float>& numbers);
std::vector<float> DecodeEmbedding(ByteSpan bytes);

// 16 lower-case hexadecimal digits.
std::string ChecksumText(std::uint64_t checksum);
std::uint64_t ContentChecksum(std::string_view content);

}  // namespace levee::memory

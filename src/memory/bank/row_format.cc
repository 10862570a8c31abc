#include "memory/bank/row_format.h"

#include <cstring>

#include "base/hash.h"
#include "memory/bank/damage.h"

namespace levee::memory {

const char* OperationName(Operation operation) {
  switch (operation) {
    case Operation::kStore: return "store";
    case Operation::kUpdate: return "update";
    case Operation::kDelete: return "delete";
  }
  return "";
}

void EncodeCold(const Item& item, ByteSpan clock, ByteWriter& out) {
  out.PutText(item.id);
  // Most items have no metadata: that takes one byte.
  out.PutText(item.metadata == "{}" ? std::string_view() : item.metadata);
  out.PutText(AsText(clock));
  out.PutText(item.embedding_model);
  out.Put(ContentChecksum(item.content));
  out.PutBytes(AsBytes(item.content));
}

void EncodeColdRemoval(std::string_view id, ByteSpan clock, ByteWriter& out) {
  out.PutText(id);
  out.PutText({});
  out.PutText(AsText(clock));
  out.PutText({});
  out.Put(ContentChecksum({}));
}

Result<ColdView> DecodeCold(ByteSpan bytes) {
  ByteReader reader(bytes);
  ColdView cold;
  cold.id = reader.GetText();
  cold.metadata = reader.GetText();
  if (cold.metadata.empty()) cold.metadata = "{}";
  cold.clock = AsBytes(reader.GetText());
  cold.embedding_model = reader.GetText();
  cold.checksum = reader.Get<std::uint64_t>();
  cold.content = AsText(reader.GetBytes(reader.remaining()));
  if (!reader.ok()) return Damaged("item record", "it is cut short");
  return cold;
}

Result<std::string_view> DecodeColdId(ByteSpan bytes) {
  ByteReader reader(bytes);
  const std::string_view id = reader.GetText();
  if (!reader.ok()) return Damaged("item record", "it is cut short");
  return id;
}

Bytes EncodeClock(const VectorClock& clock) {
  if (clock.empty()) return {};
  ByteWriter out;
  out.PutVarint(clock.size());
  for (const auto& [replica, count] : clock) {
    out.PutText(replica);
    out.PutVarint(count);
  }
  return out.Take();
}

Result<VectorClock> DecodeClock(ByteSpan bytes) {
  VectorClock clock;
  if (bytes.empty()) return clock;
  ByteReader reader(bytes);
  const std::uint64_t count = reader.GetVarint();
  for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
    const std::string_view replica = reader.GetText();
    clock[std::string(replica)] = reader.GetVarint();
  }
  if (!reader.ok()) return Damaged("vector clock", "it is cut short");
  return clock;
}

Bytes EncodeEmbedding(const std::vector<float>& numbers) {
  Bytes bytes(numbers.size() * sizeof(float));
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

std::vector<float> DecodeEmbedding(ByteSpan bytes) {
  std::vector<float> numbers(bytes.size() / sizeof(float));
  std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(float));
  return numbers;
}

std::string ChecksumText(std::uint64_t checksum) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = kHex[checksum >> (60 - 4 * i) & 15];
  return text;
}

std::uint64_t ContentChecksum(std::string_view content) { return Hash64(content); }

}  // namespace levee::memory

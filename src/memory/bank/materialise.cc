#include "memory/bank/materialise.h"

namespace levee::memory {

Result<VectorClock> ClockOf(const ColdView& cold, std::int64_t version, const std::string& replica) {
  if (cold.clock.empty()) return VectorClock{{replica, static_cast<std::uint64_t>(version)}};
  return DecodeClock(cold.clock);
}

Result<Item> ItemOf(const RowRef& ref, const Interner& names, const std::string& replica, ItemParts parts) {
  LEVEE_ASSIGN(const RowColumns* columns, ref.part->Columns());
  LEVEE_ASSIGN(const ColdRecord record, ref.part->Cold(ref.row));
  LEVEE_ASSIGN(const ColdView cold, DecodeCold(record.bytes));
  Item item;
  item.id = cold.id;
  item.name_space = names.Name(columns->name_space[ref.row]);
  item.category = names.Name(columns->category[ref.row]);
  if (parts.content) item.content = cold.content;
  const auto tags = columns->TagsOf(ref.row);
  item.tags.reserve(tags.size());
  for (const std::uint32_t tag : tags) item.tags.emplace_back(names.Name(tag));
  item.metadata = cold.metadata;
  if (parts.embedding) {
    LEVEE_ASSIGN(const ColdRecord embedding, ref.part->Embedding(ref.row));
    item.embedding = DecodeEmbedding(embedding.bytes);
  }
  item.embedding_model = cold.embedding_model;
  item.version = columns->version[ref.row];
  LEVEE_ASSIGN(item.vector_clock, ClockOf(cold, item.version, replica));
  item.created = columns->created[ref.row];
  item.updated = columns->updated[ref.row];
  if (columns->expires[ref.row] != kNever) item.expires = columns->expires[ref.row];
  item.checksum = ChecksumText(cold.checksum);
  return item;
}

}  // namespace levee::memory

#include "memory/bank/materialise.h"

#include <algorithm>

namespace levee::memory {

Result<VectorClock> ClockOf(const ColdView& cold, std::int64_t version, const std::string& replica) {
  if (cold.clock.empty()) return VectorClock{{replica, static_cast<std::uint64_t>(version)}};
  return DecodeClock(cold.clock);
}

Result<Item> ItemOf(const RowRef& ref, const Interner& names, const std::string& replica, ItemParts parts) {
  LEVEE_ASSIGN(ColdRecord record, ref.part->Cold(ref.row));
  return ItemOf(ReadRow{ref, std::move(record)}, names, replica, parts);
}

Result<Item> ItemOf(const ReadRow& row, const Interner& names, const std::string& replica, ItemParts parts) {
  Result<Item> item;
  LEVEE_RETURN_IF_ERROR(FillItem(row, {.names = names, .replica = replica, .parts = parts}, *item));
  return item;
}

Status FillItem(const ReadRow& row, const ItemContext& context, Item& item) {
  const auto& [names, replica, parts] = context;
  const RowRef& ref = row.ref;
  LEVEE_ASSIGN(const RowColumns* columns, ref.part->Columns());
  LEVEE_ASSIGN(const ColdView cold, DecodeCold(row.record.bytes));
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
  return {};
}

namespace {

constexpr std::size_t kLineBytes = 64;

void Prefetch(const RowColumns& columns, std::uint32_t row) {
  __builtin_prefetch(&columns.version[row]);
  __builtin_prefetch(&columns.name_space[row]);
  __builtin_prefetch(&columns.category[row]);
  __builtin_prefetch(&columns.created[row]);
  __builtin_prefetch(&columns.updated[row]);
  __builtin_prefetch(&columns.expires[row]);
  __builtin_prefetch(&columns.tag_ends[row]);
}

// The beginning of a record; of what follows the machine sees that it is read in order.
void Prefetch(ByteSpan record) {
  constexpr std::size_t kAhead = 8 * kLineBytes;
  const std::size_t size = std::min(record.size(), kAhead);
  for (std::size_t at = 0; at < size; at += kLineBytes) __builtin_prefetch(record.data() + at);
}

}  // namespace

Result<std::vector<ReadRow>> ReadRows(std::span<const RowRef> refs) {
  for (const RowRef& ref : refs) {
    LEVEE_ASSIGN(const RowColumns* columns, ref.part->Columns());
    Prefetch(*columns, ref.row);
    ref.part->PrefetchCold(ref.row);
  }
  std::vector<ReadRow> rows;
  rows.reserve(refs.size());
  for (const RowRef& ref : refs) {
    LEVEE_ASSIGN(ColdRecord record, ref.part->Cold(ref.row));
    Prefetch(record.bytes);
    rows.push_back({ref, std::move(record)});
  }
  return rows;
}

}  // namespace levee::memory

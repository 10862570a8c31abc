#include "memory/bank/batch.h"

#include <string>

#include "base/zigzag.h"
#include "memory/bank/damage.h"
#include "store/sealed_blob.h"

namespace levee::memory {
namespace {

constexpr std::uint32_t kBatchMagic = store::BlobMagic("LVbb");

std::string NameOf(std::int64_t number) { return "memory batch " + std::to_string(number); }

void ReadItemPart(ByteReader& reader, RowView& row) {
  row.name_space = reader.GetText();
  row.category = reader.GetText();
  const std::uint64_t tags = reader.GetVarint();
  row.tags.clear();
  for (std::uint64_t i = 0; i < tags && reader.ok(); ++i) row.tags.push_back(reader.GetText());
  row.created = UnZigZag(reader.GetVarint());
  row.updated = UnZigZag(reader.GetVarint());
  row.expires = reader.Get<std::int64_t>();
  row.content_bytes = static_cast<std::uint32_t>(reader.GetVarint());
  row.embedding = AsBytes(reader.GetText());
}

}  // namespace

BatchBuilder::BatchBuilder(std::int64_t written) : written_(written) {}

void BatchBuilder::Add(const RowView& row) {
  ++rows_;
  out_.Put(static_cast<std::uint8_t>(row.operation));
  out_.PutVarint(static_cast<std::uint64_t>(row.version));
  out_.PutText(row.author);
  out_.PutText(AsText(row.cold));
  // A removal ends an item that is known: it repeats where the item was and when, so that it sorts as the item does.
  out_.PutText(row.name_space);
  out_.PutText(row.category);
  out_.PutVarint(row.tags.size());
  for (const std::string_view tag : row.tags) out_.PutText(tag);
  out_.PutVarint(ZigZag(row.created));
  out_.PutVarint(ZigZag(row.updated));
  out_.Put(row.expires);
  out_.PutVarint(row.content_bytes);
  out_.PutText(AsText(row.embedding));
}

Bytes BatchBuilder::Finish() {
  ByteWriter whole;
  whole.bytes().reserve(out_.size() + 16);
  whole.Put(written_);
  whole.PutVarint(rows_);
  whole.PutBytes(out_.bytes());
  return store::SealBlob(kBatchMagic, whole.bytes(), store::Compression::kNever);
}

Result<OpenedBatch> OpenBatch(std::int64_t number, ByteSpan body) {
  OpenedBatch batch;
  LEVEE_ASSIGN(batch.payload, OpenSealed(kBatchMagic, body, NameOf(number)));
  ByteReader reader(batch.payload);
  batch.written = reader.Get<std::int64_t>();
  batch.rows = reader.GetVarint();
  return batch;
}

Status ForEachRow(const OpenedBatch& batch, std::int64_t number, const std::function<Status(const RowView&)>& take) {
  ByteReader reader(batch.payload);
  reader.Get<std::int64_t>();
  reader.GetVarint();
  RowView row;
  for (std::size_t i = 0; i < batch.rows; ++i) {
    row.operation = static_cast<Operation>(reader.Get<std::uint8_t>());
    row.version = static_cast<std::int64_t>(reader.GetVarint());
    row.author = reader.GetText();
    row.cold = AsBytes(reader.GetText());
    ReadItemPart(reader, row);
    if (!reader.ok() || row.operation > Operation::kDelete) {
      return Damaged(NameOf(number), "row " + std::to_string(i) + " is no row");
    }
    LEVEE_RETURN_IF_ERROR(take(row));
  }
  return {};
}

}  // namespace levee::memory

#include "memory/bank/segment_directory.h"

#include "base/zigzag.h"
#include "memory/bank/damage.h"
#include "store/sealed_blob.h"

namespace levee::memory {
namespace {

constexpr std::uint32_t kDirectoryMagic = store::BlobMagic("LVbd");
constexpr std::uint32_t kEndedMagic = store::BlobMagic("LVbe");

// Chunk numbers nearly ascend: differences, zigzag.
void PutNumbers(ByteWriter& out, const std::vector<std::int64_t>& numbers) {
  out.PutVarint(numbers.size());
  std::int64_t last = 0;
  for (const std::int64_t number : numbers) {
    out.PutVarint(ZigZag(number - last));
    last = number;
  }
}

std::vector<std::int64_t> GetNumbers(ByteReader& reader) {
  const std::uint64_t count = reader.GetVarint();
  std::vector<std::int64_t> numbers;
  if (count > reader.remaining()) {  // each takes a byte at least
    reader.GetBytes(reader.remaining() + 1);
    return numbers;
  }
  numbers.reserve(count);
  std::int64_t last = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    // Damaged steps may lead anywhere: they wrap around.
    const auto step = static_cast<std::uint64_t>(UnZigZag(reader.GetVarint()));
    last = static_cast<std::int64_t>(static_cast<std::uint64_t>(last) + step);
    numbers.push_back(last);
  }
  return numbers;
}

}  // namespace

const ColumnChunks* SegmentDirectory::Find(SegmentColumn column) const {
  for (const ColumnChunks& chunks : columns) {
    if (chunks.column == column) return &chunks;
  }
  return nullptr;
}

const IndexChunks* SegmentDirectory::FindIndex(std::string_view name) const {
  for (const IndexChunks& index : indexes) {
    if (index.name == name) return &index;
  }
  return nullptr;
}

std::vector<std::int64_t> SegmentDirectory::OwnChunks() const {
  std::vector<std::int64_t> chunks{names, keys};
  for (const ColumnChunks& column : columns) chunks.insert(chunks.end(), column.chunks.begin(), column.chunks.end());
  chunks.insert(chunks.end(), text_chunks.begin(), text_chunks.end());
  for (const IndexChunks& index : indexes) chunks.insert(chunks.end(), index.chunks.begin(), index.chunks.end());
  return chunks;
}

Bytes EncodeSegmentDirectory(const SegmentDirectory& directory) {
  ByteWriter out;
  out.Put(directory.rows);
  out.Put(directory.last_written);
  out.Put(directory.first_batch);
  out.Put(directory.last_batch);
  out.PutVarint(directory.columns.size());
  for (const ColumnChunks& column : directory.columns) {
    out.Put(static_cast<std::uint8_t>(column.column));
    out.Put(column.values);
    PutNumbers(out, column.chunks);
  }
  PutNumbers(out, {directory.names, directory.keys});
  PutNumbers(out, directory.pages);
  PutNumbers(out, directory.dictionaries);
  PutNumbers(out, directory.embedding_pages);
  out.PutText(AsText(directory.text));
  PutNumbers(out, directory.text_chunks);
  out.PutVarint(directory.indexes.size());
  for (const IndexChunks& index : directory.indexes) {
    out.PutText(index.name);
    PutNumbers(out, index.chunks);
  }
  return store::SealBlob(kDirectoryMagic, out.bytes(), store::Compression::kWhenSmaller);
}

Result<SegmentDirectory> DecodeSegmentDirectory(ByteSpan sealed, const std::string& name) {
  LEVEE_ASSIGN(const Bytes payload, OpenSealed(kDirectoryMagic, sealed, name));
  ByteReader reader(payload);
  SegmentDirectory directory;
  directory.rows = reader.Get<std::uint32_t>();
  directory.last_written = reader.Get<std::int64_t>();
  directory.first_batch = reader.Get<std::int64_t>();
  directory.last_batch = reader.Get<std::int64_t>();
  const std::uint64_t columns = reader.GetVarint();
  for (std::uint64_t i = 0; i < columns && reader.ok(); ++i) {
    ColumnChunks& column = directory.columns.emplace_back();
    column.column = static_cast<SegmentColumn>(reader.Get<std::uint8_t>());
    column.values = reader.Get<std::uint32_t>();
    column.chunks = GetNumbers(reader);
  }
  const std::vector<std::int64_t> single = GetNumbers(reader);
  directory.pages = GetNumbers(reader);
  directory.dictionaries = GetNumbers(reader);
  directory.embedding_pages = GetNumbers(reader);
  const std::string_view text = reader.GetText();
  directory.text.assign(text.begin(), text.end());
  directory.text_chunks = GetNumbers(reader);
  // Older ones end here.
  const std::uint64_t indexes = reader.remaining() == 0 ? 0 : reader.GetVarint();
  for (std::uint64_t i = 0; i < indexes && reader.ok(); ++i) {
    IndexChunks& index = directory.indexes.emplace_back();
    index.name = std::string(reader.GetText());
    index.chunks = GetNumbers(reader);
  }
  if (!reader.ok() || single.size() != 2) return Damaged(name, "it is cut short");
  directory.names = single[0];
  directory.keys = single[1];
  return directory;
}

Bytes EncodeEnded(const EndedRecord& record) {
  ByteWriter out;
  out.Put(record.next_expiry);
  out.PutVarint(record.rows.size());
  for (std::size_t i = 0; i < record.rows.size(); ++i) {
    out.PutVarint(record.rows[i]);
    out.Put(record.times[i]);
  }
  out.PutVarint(record.totals.size());
  for (const EndedRecord::Total& total : record.totals) {
    out.PutText(total.name_space);
    out.PutVarint(static_cast<std::uint64_t>(total.items));
    out.PutVarint(static_cast<std::uint64_t>(total.content_bytes));
  }
  return store::SealBlob(kEndedMagic, out.bytes(), store::Compression::kWhenSmaller);
}

Result<EndedRecord> DecodeEnded(ByteSpan sealed, const std::string& name) {
  LEVEE_ASSIGN(const Bytes payload, OpenSealed(kEndedMagic, sealed, name));
  ByteReader reader(payload);
  EndedRecord record;
  record.next_expiry = reader.Get<std::int64_t>();
  const std::uint64_t rows = reader.GetVarint();
  for (std::uint64_t i = 0; i < rows && reader.ok(); ++i) {
    record.rows.push_back(static_cast<std::uint32_t>(reader.GetVarint()));
    record.times.push_back(reader.Get<std::int64_t>());
  }
  const std::uint64_t totals = reader.GetVarint();
  for (std::uint64_t i = 0; i < totals && reader.ok(); ++i) {
    EndedRecord::Total& total = record.totals.emplace_back();
    total.name_space = std::string(reader.GetText());
    total.items = static_cast<std::int64_t>(reader.GetVarint());
    total.content_bytes = static_cast<std::int64_t>(reader.GetVarint());
  }
  if (!reader.ok()) return Damaged(name, "it is cut short");
  return record;
}

}  // namespace levee::memory

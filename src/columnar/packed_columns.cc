#include "columnar/packed_columns.h"

#include <lz4.h>

#include <utility>

namespace levee::columnar {
namespace {

std::unexpected<Error> Damaged() { return Fail(ErrorCode::kCorrupt, "packed columns", "they do not unpack"); }

template <typename T>
void PutArray(ByteWriter& writer, const T* values, std::size_t count) {
  writer.PutVarint(count);
  writer.PutBytes({reinterpret_cast<const std::uint8_t*>(values), count * sizeof(T)});
}

template <typename T>
void GetArray(ByteReader& reader, std::vector<T>& values) {
  const std::uint64_t count = reader.GetVarint();
  const ByteSpan bytes = reader.GetBytes(count > reader.remaining() ? reader.remaining() + 1 : count * sizeof(T));
  if (!reader.ok()) return;
  values.resize(count);
  if (count != 0) std::memcpy(values.data(), bytes.data(), bytes.size());
}

void Put(ByteWriter& writer, const ColumnVector& column) {
  writer.Put(column.physical);
  writer.PutVarint(column.rows);
  PutArray(writer, column.ints.data(), column.ints.size());
  PutArray(writer, column.doubles.data(), column.doubles.size());
  PutArray(writer, column.strings.offsets.data(), column.strings.offsets.size());
  writer.PutText(column.strings.bytes);
  writer.PutVarint(column.validity.size());
  PutArray(writer, column.validity.words().data(), column.validity.words().size());
}

ColumnVector GetColumn(ByteReader& reader) {
  ColumnVector column;
  column.physical = reader.Get<types::PhysicalType>();
  column.rows = reader.GetVarint();
  GetArray(reader, column.ints);
  GetArray(reader, column.doubles);
  GetArray(reader, column.strings.offsets);
  column.strings.bytes = reader.GetText();
  const std::uint64_t bits = reader.GetVarint();
  std::vector<std::uint64_t> words;
  GetArray(reader, words);
  // Of a bitmap that is not as long as it says nothing is taken over.
  if (words.size() == bits / 64 + (bits % 64 != 0 ? 1 : 0)) {
    column.validity = Bitmap(bits);
    column.validity.words() = std::move(words);
  }
  return column;
}

// The size of the text first, then the block.
Bytes Compress(const Bytes& plain) {
  Bytes packed(sizeof(std::uint32_t) + static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(plain.size()))));
  const auto size = static_cast<std::uint32_t>(plain.size());
  std::memcpy(packed.data(), &size, sizeof(size));
  const int written = LZ4_compress_default(
      reinterpret_cast<const char*>(plain.data()), reinterpret_cast<char*>(packed.data()) + sizeof(size),
      static_cast<int>(plain.size()), static_cast<int>(packed.size() - sizeof(size)));
  packed.resize(sizeof(size) + static_cast<std::size_t>(written));
  return packed;
}

Result<Bytes> Decompress(ByteSpan packed) {
  ByteReader reader(packed);
  const auto size = reader.Get<std::uint32_t>();
  // LZ4 makes nothing smaller than a 255th.
  if (!reader.ok() || size / 255 > packed.size()) return Damaged();
  Bytes plain(size);
  const ByteSpan block = packed.subspan(sizeof(size));
  const int got = LZ4_decompress_safe(reinterpret_cast<const char*>(block.data()), reinterpret_cast<char*>(plain.data()),
                                      static_cast<int>(block.size()), static_cast<int>(plain.size()));
  if (got != static_cast<int>(size)) return Damaged();
  return plain;
}

}  // namespace

Bytes PackColumn(const ColumnVector& column) {
  ByteWriter writer;
  Put(writer, column);
  return Compress(writer.bytes());
}

Bytes PackBatches(const std::vector<Batch>& batches) {
  ByteWriter writer;
  writer.PutVarint(batches.size());
  for (const Batch& batch : batches) {
    writer.PutVarint(batch.rows);
    writer.PutVarint(batch.columns.size());
    for (const BatchColumn& column : batch.columns) {
      writer.Put(column.key.role);
      writer.PutText(column.key.path);
      writer.Put(column.key.type);
      Put(writer, column.values);
    }
  }
  return Compress(writer.bytes());
}

Result<ColumnVector> UnpackColumn(ByteSpan packed) {
  LEVEE_ASSIGN(const Bytes plain, Decompress(packed));
  ByteReader reader(plain);
  ColumnVector column = GetColumn(reader);
  if (!reader.ok()) return Damaged();
  return column;
}

Result<std::vector<Batch>> UnpackBatches(ByteSpan packed) {
  LEVEE_ASSIGN(const Bytes plain, Decompress(packed));
  ByteReader reader(plain);
  std::vector<Batch> batches;
  for (std::uint64_t left = reader.GetVarint(); left > 0 && reader.ok(); --left) {
    Batch& batch = batches.emplace_back();
    batch.rows = reader.GetVarint();
    for (std::uint64_t columns = reader.GetVarint(); columns > 0 && reader.ok(); --columns) {
      BatchColumn& column = batch.columns.emplace_back();
      column.key.role = reader.Get<ColumnRole>();
      column.key.path = reader.GetText();
      column.key.type = reader.Get<types::PrimitiveType>();
      column.values = GetColumn(reader);
    }
  }
  if (!reader.ok()) return Damaged();
  return batches;
}

}  // namespace levee::columnar

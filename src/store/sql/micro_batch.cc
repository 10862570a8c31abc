#include "store/sql/micro_batch.h"

#include <algorithm>

#include "store/sealed_blob.h"

namespace levee::store {
namespace {

using columnar::Batch;
using columnar::BatchColumn;
using columnar::ColumnVector;
using types::PhysicalType;

constexpr std::uint8_t kHasNulls = 1;
constexpr std::uint8_t kConstant = 2;  // one value stands for every row (nulls apart)
constexpr std::uint64_t kRowsMax = 1 << 24;
// A constant text is written once for all its rows, up to so many bytes in memory; a reader takes it up to the other bound.
constexpr std::uint64_t kRepeatedBytesMax = 16 << 20, kRepeatedBytesReadMax = 256 << 20;
// What the columns of a batch may come to that stand for more than they take.
constexpr std::uint64_t kExpandedBytesMax = 256 << 20;

bool IsNullEverywhere(const ColumnVector& values) { return values.has_nulls() && values.validity.None(); }

bool IsConstant(const ColumnVector& values) {
  for (std::size_t row = 1; row < values.rows; ++row) {
    switch (values.physical) {
      case PhysicalType::kInt64:
        if (values.ints[row] != values.ints[0]) return false;
        break;
      case PhysicalType::kDouble:  // by bits, so that -0.0 and NaN stay what they are
        if (std::memcmp(&values.doubles[row], &values.doubles[0], sizeof(double)) != 0) return false;
        break;
      case PhysicalType::kString:
        if (values.strings[row] != values.strings[0]) return false;
        break;
    }
  }
  return values.physical != PhysicalType::kString || values.rows == 0 ||
         values.strings[0].size() * values.rows <= kRepeatedBytesMax;
}

std::uint8_t WidthOf(std::uint64_t span) {
  if (span == 0) return 0;
  if (span < (1ULL << 8)) return 1;
  if (span < (1ULL << 16)) return 2;
  if (span < (1ULL << 32)) return 4;
  return 8;
}

// The least value, then each value above it in as few bytes as the largest needs.
void WriteInts(const std::vector<std::int64_t>& values, std::size_t rows, ByteWriter& writer) {
  const auto [least, most] = std::minmax_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(rows));
  const std::int64_t base = *least;
  const std::uint8_t width = WidthOf(static_cast<std::uint64_t>(*most) - static_cast<std::uint64_t>(base));
  writer.Put(base);
  writer.Put(width);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::uint64_t delta = static_cast<std::uint64_t>(values[row]) - static_cast<std::uint64_t>(base);
    writer.PutBytes({reinterpret_cast<const std::uint8_t*>(&delta), width});
  }
}

bool ReadInts(ByteReader& reader, std::size_t rows, std::vector<std::int64_t>& values) {
  const auto base = reader.Get<std::int64_t>();
  const auto width = reader.Get<std::uint8_t>();
  if (width > 8) return false;
  const ByteSpan bytes = reader.GetBytes(rows * width);
  if (!reader.ok()) return false;
  values.resize(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    std::uint64_t delta = 0;
    std::memcpy(&delta, bytes.data() + row * width, width);
    values[row] = static_cast<std::int64_t>(static_cast<std::uint64_t>(base) + delta);
  }
  return true;
}

void WriteColumn(const ColumnVector& values, ByteWriter& writer) {
  const bool constant = IsConstant(values);
  const bool has_nulls = values.has_nulls();
  writer.Put(static_cast<std::uint8_t>((has_nulls ? kHasNulls : 0) | (constant ? kConstant : 0)));
  if (has_nulls) {
    writer.PutBytes({reinterpret_cast<const std::uint8_t*>(values.validity.words().data()), (values.rows + 7) / 8});
  }
  const std::size_t kept = constant ? std::min<std::size_t>(values.rows, 1) : values.rows;
  switch (values.physical) {
    case PhysicalType::kInt64: WriteInts(values.ints, kept, writer); break;
    case PhysicalType::kDouble:
      for (std::size_t row = 0; row < kept; ++row) writer.Put(values.doubles[row]);
      break;
    case PhysicalType::kString:
      for (std::size_t row = 0; row < kept; ++row) writer.PutVarint(values.strings[row].size());
      for (std::size_t row = 0; row < kept; ++row) writer.PutBytes(AsBytes(values.strings[row]));
      break;
  }
}

bool ReadStrings(ByteReader& reader, std::size_t kept, std::size_t rows, columnar::StringValues& strings) {
  std::vector<std::uint64_t> sizes(kept);
  for (std::uint64_t& size : sizes) size = reader.GetVarint();
  for (const std::uint64_t size : sizes) {
    if (size > reader.remaining()) return false;
    strings.PushBack(AsText(reader.GetBytes(size)));
  }
  if (!reader.ok()) return false;
  const std::string first = kept < rows ? std::string(strings[0]) : std::string();
  if (first.size() * rows > kRepeatedBytesReadMax) return false;
  for (std::size_t row = kept; row < rows; ++row) strings.PushBack(first);
  return reader.ok();
}

bool ReadColumn(ByteReader& reader, std::size_t rows, ColumnVector& values) {
  const auto flags = reader.Get<std::uint8_t>();
  values.rows = rows;
  if ((flags & kHasNulls) != 0) {
    const ByteSpan bits = reader.GetBytes((rows + 7) / 8);
    if (!reader.ok()) return false;
    values.validity = Bitmap(rows);
    if (!bits.empty()) std::memcpy(values.validity.words().data(), bits.data(), bits.size());
    // What stands past the end must stay zero.
    if (rows % 64 != 0) values.validity.words().back() &= (std::uint64_t{1} << rows % 64) - 1;
  }
  const std::size_t kept = (flags & kConstant) != 0 ? std::min<std::size_t>(rows, 1) : rows;
  switch (values.physical) {
    case PhysicalType::kInt64:
      if (!ReadInts(reader, kept, values.ints)) return false;
      values.ints.resize(rows, kept > 0 ? values.ints[0] : 0);
      return true;
    case PhysicalType::kDouble:
      values.doubles.resize(kept);
      for (double& value : values.doubles) value = reader.Get<double>();
      values.doubles.resize(rows, kept > 0 ? values.doubles[0] : 0.0);
      return reader.ok();
    case PhysicalType::kString: return ReadStrings(reader, kept, rows, values.strings);
  }
  return false;
}

}  // namespace

void WriteBatch(const Batch& batch, const ColumnNumbering& id_of, ByteWriter& writer) {
  std::vector<const BatchColumn*> columns;
  for (const BatchColumn& column : batch.columns) {
    if (batch.rows > 0 && !IsNullEverywhere(column.values)) columns.push_back(&column);
  }
  writer.PutVarint(batch.rows);
  writer.PutVarint(columns.size());
  for (const BatchColumn* column : columns) {
    writer.PutVarint(id_of(column->key));
    WriteColumn(column->values, writer);
  }
}

Result<Batch> ReadBatch(ByteReader& reader, const Dictionary& dictionary, const std::string& what) {
  const auto corrupt = [&] { return Fail(ErrorCode::kCorrupt, what, "its columns do not decode"); };
  Batch batch;
  const std::uint64_t rows = reader.GetVarint();
  const std::uint64_t columns = reader.GetVarint();
  if (!reader.ok() || rows > kRowsMax || columns > dictionary.size()) return corrupt();
  batch.rows = rows;
  batch.columns.reserve(columns);
  std::uint64_t expanded = 0;
  for (std::uint64_t i = 0; i < columns; ++i) {
    const std::uint64_t id = reader.GetVarint();
    if (!reader.ok() || id >= dictionary.size()) return corrupt();
    BatchColumn column;
    column.key = dictionary.key(static_cast<std::uint32_t>(id));
    column.values.physical = types::PhysicalTypeOf(column.key.type);
    const std::size_t before = reader.remaining();
    if (!ReadColumn(reader, rows, column.values)) return corrupt();
    // Rows that take next to nothing: a few bytes must not become gigabytes, column by column.
    const std::uint64_t taken = before - reader.remaining(), bytes = column.values.SizeBytes();
    if (bytes > 16 * taken) expanded += bytes;
    if (expanded > kExpandedBytesMax) return corrupt();
    batch.columns.push_back(std::move(column));
  }
  return batch;
}

Bytes EncodeMicroBatch(const Batch& batch, const ColumnNumbering& id_of) {
  ByteWriter writer;
  WriteBatch(batch, id_of, writer);
  return SealBlob(kMicroBatchMagic, writer.bytes(), Compression::kWhenSmaller);
}

Result<Batch> DecodeMicroBatch(ByteSpan blob, const Dictionary& dictionary, const std::string& what) {
  LEVEE_ASSIGN(const Bytes payload, OpenBlob(kMicroBatchMagic, blob, what));
  ByteReader reader(payload);
  return ReadBatch(reader, dictionary, what);
}

}  // namespace levee::store

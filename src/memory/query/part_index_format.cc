#include "memory/query/part_index_format.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <limits>

#include "columnar/column_writer.h"
#include "memory/bank/damage.h"

namespace levee::memory {
namespace {

using columnar::ColumnVector;
using types::PhysicalType;

// Values that a byte says of whether they are there.
enum Flag : std::uint8_t { kFalse = 1, kTrue = 2, kContainer = 4, kMissing = 8 };

// The numbers of a key: an item's metadata has whole ones of 64 bits, with a sign or without, and doubles.
struct Numbers {
  ColumnVector whole, large, real;  // large: whole ones above all of these, as unsigned
  Numbers() { real.physical = PhysicalType::kDouble; }

  void Add(long double number) {
    constexpr long double kWholeMin = std::numeric_limits<std::int64_t>::min(), kWholeEnd = 0x1p63L, kLargeEnd = 0x1p64L;
    const auto is = [&](long double low, long double end, auto whole_number) {
      return number >= low && number < end && static_cast<long double>(whole_number(number)) == number;
    };
    if (is(kWholeMin, kWholeEnd, [](long double each) { return static_cast<std::int64_t>(each); })) {
      whole.PushInt(static_cast<std::int64_t>(number));
    } else if (is(kWholeEnd, kLargeEnd, [](long double each) { return static_cast<std::uint64_t>(each); })) {
      large.PushInt(std::bit_cast<std::int64_t>(static_cast<std::uint64_t>(number)));
    } else {
      real.PushDouble(static_cast<double>(number));
    }
  }
  // Ascending.
  std::vector<long double> Sorted() const {
    std::vector<long double> integers(whole.ints.begin(), whole.ints.end()), sorted;
    for (const std::int64_t each : large.ints) integers.push_back(std::bit_cast<std::uint64_t>(each));
    std::merge(integers.begin(), integers.end(), real.doubles.begin(), real.doubles.end(), std::back_inserter(sorted));
    return sorted;
  }
};

Status PutColumn(ByteWriter& out, const ColumnVector& values) {
  out.PutVarint(values.rows);
  if (values.rows == 0) return {};
  LEVEE_ASSIGN(const columnar::PreparedColumn prepared, columnar::PrepareColumn(values, 0, values.rows));
  const std::vector<columnar::EncodedChunk> chunks = columnar::WriteChunks(prepared, columnar::ChooseEncoder(prepared));
  out.PutVarint(chunks.size());
  for (const columnar::EncodedChunk& chunk : chunks) out.PutText(AsText(chunk.bytes));
  return {};
}

// At most `rows_max` values.
Status GetColumn(ByteReader& reader, std::size_t rows_max, ColumnVector& values) {
  const std::uint64_t rows = reader.GetVarint();
  if (rows == 0) return {};
  if (rows > rows_max) return Fail(ErrorCode::kCorrupt, "index", "it has more values than the segment has rows");
  const std::uint64_t chunks = reader.GetVarint();
  for (std::uint64_t i = 0; i < chunks && reader.ok(); ++i) {
    LEVEE_ASSIGN(auto chunk, columnar::ChunkReader::Open(columnar::MemorySource(AsBytes(reader.GetText()))));
    if (chunk.physical() != values.physical || chunk.rows() > rows_max - values.rows) {
      return Fail(ErrorCode::kCorrupt, "index", "it has other values than it says");
    }
    const std::size_t before = values.rows;
    LEVEE_RETURN_IF_ERROR(chunk.DecodeAll(values));
    values.rows = before + chunk.rows();
  }
  if (values.rows == rows && !values.has_nulls()) return {};
  return Fail(ErrorCode::kCorrupt, "index", "it has other values than it says");
}

// Each text begins as the one before it does.
void PutTexts(ByteWriter& out, std::span<const SortValue> texts) {
  out.PutVarint(texts.size());
  std::string_view last;
  for (const SortValue& value : texts) {
    const std::string_view text = value.text;
    const auto common = std::mismatch(last.begin(), last.end(), text.begin(), text.end()).first - last.begin();
    out.PutVarint(static_cast<std::uint64_t>(common));
    out.PutText(text.substr(static_cast<std::size_t>(common)));
    last = text;
  }
}

Status GetTexts(ByteReader& reader, std::size_t rows_max, std::vector<SortValue>& values) {
  const std::uint64_t count = reader.GetVarint();
  if (count > rows_max) return Fail(ErrorCode::kCorrupt, "index", "it has more values than the segment has rows");
  std::string last;
  for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
    const std::uint64_t common = reader.GetVarint();
    if (common > last.size()) return Fail(ErrorCode::kCorrupt, "index", "a text begins with more than there is");
    last.resize(common);
    last += reader.GetText();
    values.push_back({ValueKind::kText, 0, last});
  }
  return {};
}

Status PutKey(ByteWriter& out, const PartIndex::Column& column) {
  std::uint8_t flags = 0;
  Numbers numbers;
  for (const SortValue& value : column.values) {
    if (value.kind == ValueKind::kBoolean) flags |= value.number == 0 ? kFalse : kTrue;
    if (value.kind == ValueKind::kNull) flags |= value == ContainerValue() ? kContainer : kMissing;
    if (value.kind == ValueKind::kNumber) numbers.Add(value.number);
  }
  const auto texts = std::equal_range(column.values.begin(), column.values.end(), SortValue{ValueKind::kText, 0, {}},
                                      [](const SortValue& a, const SortValue& b) { return a.kind < b.kind; });
  out.Put(flags);
  LEVEE_RETURN_IF_ERROR(PutColumn(out, numbers.whole));
  LEVEE_RETURN_IF_ERROR(PutColumn(out, numbers.large));
  LEVEE_RETURN_IF_ERROR(PutColumn(out, numbers.real));
  PutTexts(out, {texts.first, texts.second});
  ColumnVector ordinals;
  for (const std::uint32_t ordinal : column.ordinals) ordinals.PushInt(ordinal);
  return PutColumn(out, ordinals);
}

Status GetKey(ByteReader& reader, std::uint32_t rows, PartIndex::Column& column) {
  const auto flags = reader.Get<std::uint8_t>();
  if ((flags & kFalse) != 0) column.values.push_back({ValueKind::kBoolean, 0, {}});
  if ((flags & kTrue) != 0) column.values.push_back({ValueKind::kBoolean, 1, {}});
  Numbers numbers;
  LEVEE_RETURN_IF_ERROR(GetColumn(reader, rows, numbers.whole));
  LEVEE_RETURN_IF_ERROR(GetColumn(reader, rows, numbers.large));
  LEVEE_RETURN_IF_ERROR(GetColumn(reader, rows, numbers.real));
  for (const long double number : numbers.Sorted()) column.values.push_back({ValueKind::kNumber, number, {}});
  LEVEE_RETURN_IF_ERROR(GetTexts(reader, rows, column.values));
  if ((flags & kContainer) != 0) column.values.push_back(ContainerValue());
  if ((flags & kMissing) != 0) column.values.push_back(MissingValue());
  const auto ascend = [](const SortValue& a, const SortValue& b) { return CompareValues(a, b) >= 0; };
  if (std::adjacent_find(column.values.begin(), column.values.end(), ascend) != column.values.end()) {
    return Fail(ErrorCode::kCorrupt, "index", "its values do not ascend");
  }
  ColumnVector ordinals;
  LEVEE_RETURN_IF_ERROR(GetColumn(reader, rows, ordinals));
  if (ordinals.rows != rows) return Fail(ErrorCode::kCorrupt, "index", "it is of another number of rows");
  column.ordinals.reserve(rows);
  for (const std::int64_t ordinal : ordinals.ints) {
    if (ordinal < 0 || static_cast<std::uint64_t>(ordinal) >= column.values.size()) {
      return Fail(ErrorCode::kCorrupt, "index", "a row has a value that is not among its values");
    }
    column.ordinals.push_back(static_cast<std::uint32_t>(ordinal));
  }
  return {};
}

}  // namespace

Result<Bytes> EncodePartIndex(const PartIndex& index) {
  ByteWriter out;
  out.PutVarint(index.columns().size());
  for (const PartIndex::Column& column : index.columns()) LEVEE_RETURN_IF_ERROR(PutKey(out, column));
  return out.Take();
}

Result<std::shared_ptr<const PartIndex>> DecodePartIndex(ByteSpan bytes, const PartIndexShape& shape, const std::string& name) {
  ByteReader reader(bytes);
  if (reader.GetVarint() != shape.keys) return Damaged(name, "it is of another number of keys");
  std::vector<PartIndex::Column> columns(shape.keys);
  for (PartIndex::Column& column : columns) {
    if (const Status read = GetKey(reader, shape.rows, column); !read) return Damaged(name, read.error().why);
  }
  if (!reader.ok() || reader.remaining() != 0) return Damaged(name, "it is cut short");
  return std::make_shared<const PartIndex>(std::move(columns), shape.rows);
}

}  // namespace levee::memory

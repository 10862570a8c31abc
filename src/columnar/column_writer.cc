#include "columnar/column_writer.h"

#include <array>

#include "base/hash.h"
#include "columnar/chunk_format.h"
#include "columnar/encodings/string_block.h"

namespace levee::columnar {
namespace {

constexpr std::size_t kSampleBlocks = 2;
// Below this many bytes a row no general compressor is tried: what it could still gain is little.
constexpr std::size_t kCompressorBytesPerRowMin = 6;

// Gives null rows the value before them in their block (else the first that is there), so that they widen no
// range.
void FillNulls(PreparedColumn& column) {
  for (std::size_t block = 0; block < column.blocks(); ++block) {
    std::int64_t* const values = column.copy.data() + block * kBlockRows;
    const std::size_t rows = column.BlockRowCount(block);
    const auto is_valid = [&](std::size_t i) {
      return column.validity->Get(column.first + block * kBlockRows + i);
    };
    std::size_t there = 0;
    while (there < rows && !is_valid(there)) ++there;
    std::int64_t last = there < rows ? values[there] : 0;
    for (std::size_t i = 0; i < rows; ++i) {
      if (is_valid(i)) last = values[i];
      values[i] = last;
    }
  }
}

Status CheckTextSizes(const PreparedColumn& column) {
  for (std::size_t block = 0; block < column.blocks(); ++block) {
    if (column.strings.Part(block * kBlockRows, column.BlockRowCount(block)).all().size() >
        kBlockTextBytesMax) {
      return Fail(ErrorCode::kUnsupported, "column", "1,024 values of more than 1 GB of text together");
    }
  }
  return {};
}

// Bytes that the whole column would take, from a few of its blocks.
std::size_t EstimateSize(const ColumnEncoder& encoder, const PreparedColumn& column) {
  ByteWriter out;
  const std::size_t blocks = column.blocks();
  const std::size_t samples = std::min(blocks, kSampleBlocks);
  std::size_t rows = 0;
  for (std::size_t i = 0; i < samples; ++i) {
    const std::size_t block = i * blocks / samples;
    encoder.EncodeBlock(column, block, out);
    rows += column.BlockRowCount(block);
  }
  return encoder.Header().size() + blocks * (kDirectoryEntryBytes + 1) +
         out.size() * column.rows / std::max<std::size_t>(rows, 1);
}

// Appends the block's bitmap where it has nulls, then its values.
void PutBlock(const PreparedColumn& column, const ColumnEncoder& encoder, std::size_t block,
              ByteWriter& out) {
  const std::size_t rows = column.BlockRowCount(block);
  std::array<std::uint8_t, kBlockRows / 8> bits{};
  std::size_t there = rows;
  if (column.validity != nullptr) {
    there = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      const bool is_there = column.validity->Get(column.first + block * kBlockRows + i);
      there += is_there;
      bits[i / 8] |= static_cast<std::uint8_t>(is_there << (i % 8));
    }
  }
  out.Put(there == rows ? BlockNulls::kNone : there == 0 ? BlockNulls::kAll : BlockNulls::kSome);
  if (there == 0) return;
  if (there != rows) out.PutBytes(std::span(bits).first((rows + 7) / 8));
  encoder.EncodeBlock(column, block, out);
}

// Collects the blocks of one chunk.
class ChunkWriter {
 public:
  ChunkWriter(const PreparedColumn& column, const ColumnEncoder& encoder, ByteSpan header)
      : column_(column), encoder_(encoder), header_(header) {}

  // False, and nothing done, when the chunk would become larger than kChunkBytesMax; its first block always
  // fits.
  bool Add(std::size_t block, ByteSpan bytes) {
    const std::size_t directory = (ends_.size() + 1) * kDirectoryEntryBytes;
    const std::size_t size =
        kChunkFixedBytes + directory + header_.size() + kChecksumBytes + data_.size() + bytes.size();
    if (!ends_.empty() && size > kChunkBytesMax) return false;
    data_.PutBytes(bytes);
    ends_.push_back(static_cast<std::uint32_t>(data_.size()));
    checksums_.push_back(Checksum32(bytes));
    rows_ += column_.BlockRowCount(block);
    return true;
  }

  bool empty() const { return ends_.empty(); }

  void Reset() {
    data_.bytes().clear();
    ends_.clear();
    checksums_.clear();
    rows_ = 0;
  }

  EncodedChunk Finish(std::size_t first_row) {
    ByteWriter out;
    out.Put(kChunkMagic);
    out.Put(kChunkVersion);
    out.Put(column_.physical);
    out.Put(encoder_.encoding->number);
    out.Put(column_.double_mapping);
    out.Put(static_cast<std::uint32_t>(rows_));
    out.Put(static_cast<std::uint32_t>(header_.size()));
    for (const std::uint32_t end : ends_) out.Put(end);
    for (const std::uint32_t checksum : checksums_) out.Put(checksum);
    out.PutBytes(header_);
    out.Put(Checksum32(out.bytes()));
    out.PutBytes(data_.bytes());
    return {static_cast<std::uint32_t>(first_row), static_cast<std::uint32_t>(rows_), out.Take()};
  }

 private:
  const PreparedColumn& column_;
  const ColumnEncoder& encoder_;
  ByteSpan header_;
  ByteWriter data_;
  std::vector<std::uint32_t> ends_;
  std::vector<std::uint32_t> checksums_;
  std::size_t rows_ = 0;
};

}  // namespace

Result<PreparedColumn> PrepareColumn(const ColumnVector& values, std::size_t first, std::size_t count) {
  PreparedColumn column;
  column.physical = values.physical;
  column.first = first;
  column.rows = count;
  if (values.has_nulls()) column.validity = &values.validity;
  switch (values.physical) {
    case types::PhysicalType::kString:
      column.strings = {values.strings.offsets.data() + first, values.strings.bytes.data(), count};
      LEVEE_RETURN_IF_ERROR(CheckTextSizes(column));
      return column;
    case types::PhysicalType::kInt64:
      column.integers = std::span(values.ints).subspan(first, count);
      if (column.validity == nullptr) return column;
      column.copy.assign(column.integers.begin(), column.integers.end());
      break;
    case types::PhysicalType::kDouble:
      column.copy.resize(count);
      column.double_mapping = MapDoubles(std::span(values.doubles).subspan(first, count), column.copy.data());
      break;
  }
  if (column.validity != nullptr) FillNulls(column);
  column.integers = column.copy;
  return column;
}

std::optional<ColumnEncoder> MakeEncoder(const Encoding& encoding, const PreparedColumn& column) {
  ColumnEncoder encoder{&encoding, nullptr, nullptr};
  if (column.physical == types::PhysicalType::kString) {
    if (encoding.make_string_encoder != nullptr)
      encoder.strings = encoding.make_string_encoder(column.strings);
  } else if (encoding.make_integer_encoder != nullptr) {
    encoder.integers = encoding.make_integer_encoder(column.integers);
  }
  if (!encoder.integers && !encoder.strings) return std::nullopt;
  return encoder;
}

// The smallest by the sample that wins by its least gain; those with random access come first.
ColumnEncoder ChooseEncoder(const PreparedColumn& column) {
  ColumnEncoder best;
  std::size_t best_size = 0;
  for (const bool random_access : {true, false}) {
    const std::size_t direct_size = best_size;
    if (!random_access && column.physical == types::PhysicalType::kString &&
        direct_size < column.rows * kCompressorBytesPerRowMin) {
      break;
    }
    for (const Encoding& encoding : Encodings()) {
      if (encoding.random_access != random_access) continue;
      std::optional<ColumnEncoder> encoder = MakeEncoder(encoding, column);
      if (!encoder) continue;
      const std::size_t size = EstimateSize(*encoder, column);
      const std::size_t rival_size = random_access ? best_size : direct_size;
      const bool gains = size * 100 <= rival_size * (100 - encoding.least_gain_percent);
      if (best.encoding == nullptr || (size < best_size && gains)) {
        best = std::move(*encoder);
        best_size = size;
      }
    }
  }
  return best;
}

std::vector<EncodedChunk> WriteChunks(const PreparedColumn& column, const ColumnEncoder& encoder) {
  const Bytes header = encoder.Header();
  std::vector<EncodedChunk> chunks;
  ChunkWriter chunk(column, encoder, header);
  std::size_t first_row = 0;
  ByteWriter block_bytes;
  for (std::size_t block = 0; block < column.blocks(); ++block) {
    block_bytes.bytes().clear();
    PutBlock(column, encoder, block, block_bytes);
    if (chunk.Add(block, block_bytes.bytes())) continue;
    chunks.push_back(chunk.Finish(first_row));
    first_row += chunks.back().rows;
    chunk.Reset();
    chunk.Add(block, block_bytes.bytes());
  }
  if (!chunk.empty()) chunks.push_back(chunk.Finish(first_row));
  return chunks;
}

}  // namespace levee::columnar

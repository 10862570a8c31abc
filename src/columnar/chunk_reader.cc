#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/hash.h"
#include "columnar/block_view.h"
#include "columnar/chunk_format.h"
#include "columnar/encodings/double_mapping.h"
#include "columnar/encodings/encoding.h"
#include "columnar/segment.h"
#include "columnar/validity.h"

namespace levee::columnar {
namespace {

// One read of this size brings the directory of nearly every chunk, and small chunks whole.
constexpr std::size_t kStartBytes = 4'096;

// Makes room for `rows` more and returns the place of the first; the caller fills them.
template <typename T>
T* Grow(std::vector<T>& values, std::size_t rows) {
  values.resize(values.size() + rows);
  return values.data() + values.size() - rows;
}

void AppendNulls(std::size_t rows, ColumnVector& out) {
  switch (out.physical) {
    case types::PhysicalType::kInt64: Grow(out.ints, rows); break;
    case types::PhysicalType::kDouble: Grow(out.doubles, rows); break;
    case types::PhysicalType::kString:
      out.strings.offsets.resize(out.strings.offsets.size() + rows, out.strings.offsets.back());
      break;
  }
}

// Makes `out`'s validity cover `rows` more, bit i as validity[i / 64] says; `out.rows` is not counted up yet.
void AppendValidity(BlockNulls nulls, const Validity& validity, std::size_t rows, ColumnVector& out) {
  if (nulls == BlockNulls::kNone && !out.has_nulls()) return;
  AppendValidityBits(nulls == BlockNulls::kNone ? nullptr : validity.data(), 0, rows, out);
}

// Null rows were filled with a neighbour's value; in memory they are zero.
template <typename T>
void ClearNulls(BlockNulls nulls, const Validity& validity, std::size_t rows, T* values) {
  if (nulls != BlockNulls::kSome) return;
  for (std::size_t word = 0; word * 64 < rows; ++word) {
    std::uint64_t missing = ~validity[word];
    if (rows - word * 64 < 64) missing &= (std::uint64_t{1} << (rows % 64)) - 1;
    for (; missing != 0; missing &= missing - 1) {
      values[word * 64 + static_cast<std::size_t>(std::countr_zero(missing))] = T{};
    }
  }
}

// The bits of the given rows, one after the other.
Validity GatherBits(const Validity& validity, std::span<const std::uint32_t> rows) {
  Validity gathered{};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    gathered[i / 64] |= ((validity[rows[i] / 64] >> (rows[i] % 64)) & 1) << (i % 64);
  }
  return gathered;
}

}  // namespace

Result<BlockView> ParseBlock(ByteSpan bytes, std::size_t rows) {
  BlockView block;
  ByteReader reader(bytes);
  block.nulls = reader.Get<BlockNulls>();
  if (!reader.ok() || block.nulls > BlockNulls::kSome) return CorruptBlock("a block of an unknown kind");
  if (block.nulls == BlockNulls::kSome) {
    const ByteSpan bits = reader.GetBytes((rows + 7) / 8);
    if (!reader.ok()) return CorruptBlock("a block that is cut short");
    std::memcpy(block.validity.data(), bits.data(), bits.size());
  }
  block.values = reader.GetBytes(reader.remaining());
  return block;
}

ChunkReader::ChunkReader() = default;
ChunkReader::ChunkReader(ChunkReader&&) noexcept = default;
ChunkReader& ChunkReader::operator=(ChunkReader&&) noexcept = default;
ChunkReader::~ChunkReader() = default;

Result<ChunkReader> ChunkReader::Open(std::unique_ptr<ByteSource> source) {
  ChunkReader reader;
  reader.source_ = std::move(source);
  LEVEE_RETURN_IF_ERROR(reader.ReadDirectory());
  return reader;
}

Status ChunkReader::ReadDirectory() {
  const std::size_t size = source_->size();
  start_.resize(std::min(size, kStartBytes));
  LEVEE_RETURN_IF_ERROR(source_->Read(0, start_));
  ByteReader fixed(start_);
  if (fixed.Get<std::uint32_t>() != kChunkMagic) return CorruptBlock("no column chunk");
  if (const auto version = fixed.Get<std::uint8_t>(); version != kChunkVersion) {
    return CorruptBlock("of format version " + std::to_string(version) +
                        ", which this program does not know");
  }
  physical_ = fixed.Get<types::PhysicalType>();
  encoding_ = fixed.Get<std::uint8_t>();
  double_mapping_ = fixed.Get<std::uint8_t>();
  rows_ = fixed.Get<std::uint32_t>();
  const std::size_t header_size = fixed.Get<std::uint32_t>();
  if (!fixed.ok() || rows_ > kSegmentRowsMax) return CorruptBlock("a wrong number of rows");
  if (physical_ < types::PhysicalType::kInt64 || physical_ > types::PhysicalType::kString) {
    return CorruptBlock("of an unknown type");
  }
  const std::size_t checksum_at = kChunkFixedBytes + blocks() * kDirectoryEntryBytes + header_size;
  data_offset_ = checksum_at + kChecksumBytes;
  if (data_offset_ > size) return CorruptBlock("ends before its directory does");
  if (data_offset_ > start_.size()) {
    const std::size_t have = start_.size();
    start_.resize(data_offset_);
    LEVEE_RETURN_IF_ERROR(source_->Read(have, std::span(start_).subspan(have)));
  }
  ByteReader reader{ByteSpan(start_).subspan(kChunkFixedBytes)};
  block_ends_.resize(blocks());
  block_checksums_.resize(blocks());
  for (std::uint32_t& end : block_ends_) end = reader.Get<std::uint32_t>();
  for (std::uint32_t& checksum : block_checksums_) checksum = reader.Get<std::uint32_t>();
  const ByteSpan header = reader.GetBytes(header_size);
  if (reader.Get<std::uint32_t>() != Checksum32(ByteSpan(start_).first(checksum_at))) {
    return CorruptBlock("the checksum of its directory does not match");
  }
  const Encoding* encoding = FindEncoding(encoding_);
  if (encoding == nullptr) return CorruptBlock("encoding " + std::to_string(encoding_) + " is unknown");
  if (physical_ == types::PhysicalType::kString && encoding->make_string_decoder != nullptr) {
    LEVEE_ASSIGN(string_decoder_, encoding->make_string_decoder(header));
  } else if (physical_ != types::PhysicalType::kString && encoding->make_integer_decoder != nullptr) {
    LEVEE_ASSIGN(integer_decoder_, encoding->make_integer_decoder(header));
  } else {
    return CorruptBlock("its encoding does not fit its type");
  }
  const bool is_double = physical_ == types::PhysicalType::kDouble;
  if (is_double != IsDoubleMapping(double_mapping_)) return CorruptBlock("an unknown mapping of doubles");
  return {};
}

std::string ChunkReader::encoding_name() const {
  const Encoding* encoding = FindEncoding(encoding_);
  return encoding == nullptr ? "unknown" : std::string(encoding->name);
}

std::size_t ChunkReader::BlockSize(std::size_t block) const {
  return std::min(kBlockRows, rows_ - block * kBlockRows);
}

Result<ByteSpan> ChunkReader::ReadBlock(std::size_t block) {
  if (block >= blocks()) return CorruptBlock("no block " + std::to_string(block));
  const std::size_t begin = block == 0 ? 0 : block_ends_[block - 1];
  if (block_ends_[block] < begin) return CorruptBlock("a block that ends before it begins");
  const std::size_t size = block_ends_[block] - begin;
  ByteSpan bytes;
  if (data_offset_ + begin + size <= start_.size()) {
    bytes = ByteSpan(start_).subspan(data_offset_ + begin, size);
  } else if (bytes = source_->View(data_offset_ + begin, size); bytes.empty()) {
    if (data_offset_ + begin + size > source_->size()) return CorruptBlock("ends before its directory says");
    scratch_.resize(size);
    LEVEE_RETURN_IF_ERROR(source_->Read(data_offset_ + begin, scratch_));
    bytes = scratch_;
  }
  if (Checksum32(bytes) != block_checksums_[block]) {
    return CorruptBlock("the checksum of block " + std::to_string(block) + " does not match");
  }
  return bytes;
}

Status ChunkReader::DecodeBlock(std::size_t block, ColumnVector& out) {
  if (out.physical != physical_) return CorruptBlock("of another type than expected");
  LEVEE_ASSIGN(const ByteSpan bytes, ReadBlock(block));
  const std::size_t rows = BlockSize(block);
  LEVEE_ASSIGN(const BlockView view, ParseBlock(bytes, rows));
  if (view.nulls == BlockNulls::kAll) {
    AppendNulls(rows, out);
  } else if (physical_ == types::PhysicalType::kString) {
    LEVEE_RETURN_IF_ERROR(string_decoder_->DecodeBlock(view.values, rows, out.strings));
  } else if (physical_ == types::PhysicalType::kInt64) {
    std::int64_t* const values = Grow(out.ints, rows);
    if (auto status = integer_decoder_->DecodeBlock(view.values, {values, rows}); !status) {
      out.ints.resize(out.ints.size() - rows);
      return status;
    }
    ClearNulls(view.nulls, view.validity, rows, values);
  } else {
    std::array<std::int64_t, kBlockRows> mapped;
    LEVEE_RETURN_IF_ERROR(integer_decoder_->DecodeBlock(view.values, std::span(mapped).first(rows)));
    double* const values = Grow(out.doubles, rows);
    UnmapDoubles(double_mapping_, std::span(mapped).first(rows), values);
    ClearNulls(view.nulls, view.validity, rows, values);
  }
  AppendValidity(view.nulls, view.validity, rows, out);
  out.rows += rows;
  return {};
}

Status ChunkReader::DecodeRows(std::size_t block, std::span<const std::uint32_t> rows_in_block,
                               ColumnVector& out) {
  if (out.physical != physical_) return CorruptBlock("of another type than expected");
  LEVEE_ASSIGN(const ByteSpan bytes, ReadBlock(block));
  const std::size_t block_rows = BlockSize(block);
  for (const std::uint32_t row : rows_in_block) {
    if (row >= block_rows) return CorruptBlock("no row " + std::to_string(row) + " in a block");
  }
  const std::size_t rows = rows_in_block.size();
  if (rows > kBlockRows) return CorruptBlock("more rows asked for than a block has");
  LEVEE_ASSIGN(const BlockView view, ParseBlock(bytes, block_rows));
  const Validity validity = GatherBits(view.validity, rows_in_block);
  if (view.nulls == BlockNulls::kAll) {
    AppendNulls(rows, out);
  } else if (physical_ == types::PhysicalType::kString) {
    LEVEE_RETURN_IF_ERROR(string_decoder_->DecodeRows(view.values, block_rows, rows_in_block, out.strings));
  } else {
    std::array<std::int64_t, kBlockRows> values;
    LEVEE_RETURN_IF_ERROR(
        integer_decoder_->DecodeRows(view.values, block_rows, rows_in_block, values.data()));
    if (physical_ == types::PhysicalType::kInt64) {
      std::int64_t* const to = Grow(out.ints, rows);
      std::copy_n(values.begin(), rows, to);
      ClearNulls(view.nulls, validity, rows, to);
    } else {
      double* const to = Grow(out.doubles, rows);
      UnmapDoubles(double_mapping_, std::span(values).first(rows), to);
      ClearNulls(view.nulls, validity, rows, to);
    }
  }
  AppendValidity(view.nulls, validity, rows, out);
  out.rows += rows;
  return {};
}

Status ChunkReader::DecodeAll(ColumnVector& out) {
  for (std::size_t block = 0; block < blocks(); ++block) LEVEE_RETURN_IF_ERROR(DecodeBlock(block, out));
  return {};
}

}  // namespace levee::columnar

// Segments: up to 65,536 rows kept by column, encoded. Format: docs/formats/segment.md.
//
// A column's data stands in chunks of at most 256 KB; a chunk is made of blocks of 1,024 rows, each
// decodable alone through the chunk's directory, which holds an offset and a checksum for each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "columnar/batch.h"
#include "columnar/encodings/integer_range.h"
#include "types/value.h"

namespace levee::columnar {

inline constexpr std::size_t kSegmentRowsMax = 65'536;
inline constexpr std::size_t kBlockRows = 1'024;
inline constexpr std::size_t kChunkBytesMax = 256 * 1024;

struct EncodedChunk {
  std::uint32_t first_row = 0;  // a multiple of kBlockRows
  std::uint32_t rows = 0;
  Bytes bytes;
};

struct EncodedColumn {
  ColumnKey key;
  std::vector<EncodedChunk> chunks;  // in row order, without gaps
  Bytes zone_map;                    // see ZoneMap; empty for roles that never prune
};

struct EncodedSegment {
  std::uint32_t rows = 0;
  std::vector<EncodedColumn> columns;  // sorted by KeyLess; columns that are null in every row are left out
};

// Encodes rows [first, first + count) of a batch, each column by the encoding that a sample of it
// favours, but those of the role `left_out`. count is at most kSegmentRowsMax.
Result<EncodedSegment> EncodeSegment(const Batch& batch, std::size_t first, std::size_t count,
                                     std::optional<ColumnRole> left_out = std::nullopt);

// Encodes one column's rows, as EncodeSegment does for each.
Result<EncodedColumn> EncodeColumn(const ColumnKey& key, const ColumnVector& values, std::size_t first,
                                   std::size_t count);

// Random access to stored bytes: a blob in a database, a mapped file, memory.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::size_t size() const = 0;
  // Fills `out` from `offset`; an error when that range is not there.
  virtual Status Read(std::size_t offset, std::span<std::uint8_t> out) = 0;
  // The bytes at [offset, offset + size) in place, where the source has them in memory and they are
  // there; else empty. Valid as long as the source.
  virtual ByteSpan View(std::size_t offset, std::size_t size);
};

// A ByteSource over bytes that the caller keeps alive.
std::unique_ptr<ByteSource> MemorySource(ByteSpan bytes);

class IntegerDecoder;
class StringDecoder;

// Limits of the numbers to be kept, each included; of a column's type, and no NaN.
struct Limits {
  std::optional<types::PhysicalValue> least, most;
};

// Rows of a block, a bit each.
struct KeptRows {
  std::span<std::uint64_t> kept;     // loses rows whose value is there and not kept
  std::span<std::uint64_t> unknown;  // loses rows whose value is there
};

// Decodes a chunk block by block. Not thread-safe. Every error is kCorrupt; the caller adds the
// blob's name.
class ChunkReader {
 public:
  // Reads and verifies the directory.
  static Result<ChunkReader> Open(std::unique_ptr<ByteSource> source);
  ChunkReader(ChunkReader&&) noexcept;
  ChunkReader& operator=(ChunkReader&&) noexcept;
  ~ChunkReader();

  std::size_t rows() const { return rows_; }
  std::size_t blocks() const { return (rows_ + kBlockRows - 1) / kBlockRows; }
  types::PhysicalType physical() const { return physical_; }
  // The encoding's name, for `bench encodings` and `--explain`.
  std::string encoding_name() const;

  // Appends all rows of block `block` to `out`, which has this physical type.
  Status DecodeBlock(std::size_t block, ColumnVector& out);
  // Appends the given rows of one block (ascending, relative to the block). Encodings with random
  // access do not decode the others.
  Status DecodeRows(std::size_t block, std::span<const std::uint32_t> rows_in_block, ColumnVector& out);
  // Appends every row.
  Status DecodeAll(ColumnVector& out);

  // The limits in terms of this chunk of integers or doubles, for the next function. Costs much more than that on a
  // single block.
  RangeFilter FilterOf(const Limits& limits) const;
  // Narrows the rows of a block to those that are null, NaN or within the limits.
  Status KeepWithin(std::size_t block, const RangeFilter& filter, const KeptRows& rows);
  // Appends the texts that the chunk's blocks name by number; false: its encoding has none.
  bool AppendDictionary(ColumnVector& out) const;
  // Narrows the rows of a block of such a chunk to those that are null or name a text of the set.
  Status KeepCodes(std::size_t block, const Bitmap& kept_codes, const KeptRows& rows);

 private:
  ChunkReader();
  Status ReadDirectory();
  Result<ByteSpan> ReadBlock(std::size_t block);
  std::size_t BlockSize(std::size_t block) const;
  template <typename Narrow>
  Status KeepOfBlock(std::size_t block, const KeptRows& rows, Narrow&& narrow);

  std::unique_ptr<ByteSource> source_;
  std::size_t rows_ = 0;
  types::PhysicalType physical_ = types::PhysicalType::kInt64;
  std::uint8_t encoding_ = 0;
  std::uint8_t double_mapping_ = 0;
  std::size_t data_offset_ = 0;
  std::vector<std::uint32_t> block_ends_;  // relative to data_offset_
  std::vector<std::uint32_t> block_checksums_;
  std::unique_ptr<const IntegerDecoder> integer_decoder_;  // by physical type: this
  std::unique_ptr<const StringDecoder> string_decoder_;    // or this
  Bytes start_;  // the first bytes, which Open reads in one go; small chunks whole
  Bytes scratch_;
};

// Bounds of each block of one column of a segment.
struct ZoneMap {
  ColumnVector lower;  // one value a block, at or below each value that is there; null: no value is
  ColumnVector upper;  // likewise from above. Strings are cut to 16 bytes, the upper one rounded up
                       // (null with has_value set: no upper bound can be written)
  Bitmap has_null;     // blocks with a null row
  Bitmap has_value;    // blocks with a row that is not null
};

// The bounds of rows [first, first + count) of a column, block by block. NaN makes both bounds of its
// block NaN. Of kMax and kIndexHigh columns of timestamps the upper bound already allows for values that were cut to
// milliseconds.
ZoneMap BuildZoneMap(const ColumnKey& key, const ColumnVector& values, std::size_t first, std::size_t count);
// True for the roles that EncodeColumn keeps a zone map of.
bool HasZoneMap(ColumnRole role);

Result<ZoneMap> DecodeZoneMap(ByteSpan bytes, types::PhysicalType physical);
Bytes EncodeZoneMap(const ZoneMap& zone_map);

}  // namespace levee::columnar

// Columns and segments: round trips through chunks, random access, damage.
#include "columnar/segment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "base/hash.h"
#include "columnar/chunk_format.h"

namespace levee::columnar {
namespace {

using Random = std::mt19937_64;
using types::PhysicalType;
using types::TypeKind;

ColumnKey Key(ColumnRole role, TypeKind kind) { return {role, "c", {kind, 0, 0}}; }

enum class Nulls { kNone, kSome, kMost, kFirstBlock };

ColumnVector MakeColumn(PhysicalType physical, int shape, Nulls nulls, std::size_t rows, Random& random) {
  ColumnVector column;
  column.physical = physical;
  for (std::size_t row = 0; row < rows; ++row) {
    if ((nulls == Nulls::kSome && random() % 10 == 0) || (nulls == Nulls::kMost && random() % 10 != 0) ||
        (nulls == Nulls::kFirstBlock && row < kBlockRows)) {
      column.PushNull();
      continue;
    }
    const auto number = static_cast<std::int64_t>(shape == 0   ? row * 10
                                                  : shape == 1 ? random() % 100'000
                                                  : shape == 2 ? random()
                                                               : 7);
    switch (physical) {
      case PhysicalType::kInt64: column.PushInt(number); break;
      case PhysicalType::kDouble:
        column.PushDouble(shape == 2 ? std::bit_cast<double>(number) : static_cast<double>(number) / 100);
        break;
      case PhysicalType::kString:
        column.PushString(shape == 2
                              ? std::string(row % 90, static_cast<char>(number)) + std::to_string(number)
                              : "file-" + std::to_string(number) + ".parquet");
        break;
    }
  }
  return column;
}

void ExpectSame(const ColumnVector& actual, std::size_t row, const ColumnVector& wanted,
                std::size_t wanted_row) {
  ASSERT_EQ(actual.IsValid(row), wanted.IsValid(wanted_row));
  switch (wanted.physical) {
    case PhysicalType::kInt64: ASSERT_EQ(actual.ints[row], wanted.ints[wanted_row]); break;
    case PhysicalType::kDouble:
      ASSERT_EQ(std::bit_cast<std::uint64_t>(actual.doubles[row]),
                std::bit_cast<std::uint64_t>(wanted.doubles[wanted_row]));
      break;
    case PhysicalType::kString: ASSERT_EQ(actual.strings[row], wanted.strings[wanted_row]); break;
  }
}

// A source without View, as a database's blob is.
class BlobSource : public ByteSource {
 public:
  explicit BlobSource(Bytes bytes) : bytes_(std::move(bytes)), memory_(MemorySource(bytes_)) {}
  std::size_t size() const override { return bytes_.size(); }
  Status Read(std::size_t offset, std::span<std::uint8_t> out) override { return memory_->Read(offset, out); }

 private:
  Bytes bytes_;
  std::unique_ptr<ByteSource> memory_;
};

TEST(Column, RoundTripsEveryTypeShapeAndNulls) {
  Random random(1);
  for (const PhysicalType physical : {PhysicalType::kInt64, PhysicalType::kDouble, PhysicalType::kString}) {
    for (int shape = 0; shape < 4; ++shape) {
      for (const Nulls nulls : {Nulls::kNone, Nulls::kSome, Nulls::kMost, Nulls::kFirstBlock}) {
        for (const std::size_t rows : {1u, 20u, 1024u, 5000u}) {
          if (nulls == Nulls::kFirstBlock && rows <= kBlockRows) continue;
          const ColumnVector column = MakeColumn(physical, shape, nulls, rows + 3, random);
          const auto encoded = EncodeColumn(Key(ColumnRole::kMin, TypeKind::kLong), column, 3, rows);
          ASSERT_TRUE(encoded.has_value());
          ColumnVector all;
          all.physical = physical;
          for (const EncodedChunk& chunk : encoded->chunks) {
            ASSERT_EQ(chunk.first_row, all.rows);
            auto reader = ChunkReader::Open(std::make_unique<BlobSource>(chunk.bytes));
            ASSERT_TRUE(reader.has_value()) << reader.error().ToString();
            ASSERT_EQ(reader->rows(), chunk.rows);
            ASSERT_TRUE(reader->DecodeAll(all).has_value());
          }
          ASSERT_EQ(all.rows, rows);
          for (std::size_t row = 0; row < rows; ++row)
            ASSERT_NO_FATAL_FAILURE(ExpectSame(all, row, column, row + 3));
        }
      }
    }
  }
}

TEST(Column, DecodeRowsEqualsDecodeBlock) {
  Random random(2);
  for (const PhysicalType physical : {PhysicalType::kInt64, PhysicalType::kDouble, PhysicalType::kString}) {
    for (int shape = 0; shape < 4; ++shape) {
      for (const Nulls nulls : {Nulls::kNone, Nulls::kSome, Nulls::kFirstBlock}) {
        const ColumnVector column = MakeColumn(physical, shape, nulls, 3000, random);
        const auto encoded = EncodeColumn(Key(ColumnRole::kPath, TypeKind::kLong), column, 0, 3000);
        ASSERT_TRUE(encoded.has_value());
        for (const EncodedChunk& chunk : encoded->chunks) {
          auto reader = ChunkReader::Open(MemorySource(chunk.bytes));
          ASSERT_TRUE(reader.has_value());
          for (std::size_t block = 0; block < reader->blocks(); ++block) {
            std::vector<std::uint32_t> rows;
            const std::size_t first = chunk.first_row + block * kBlockRows;
            for (std::uint32_t row = 0; row < std::min<std::size_t>(kBlockRows, 3000 - first); ++row) {
              if (random() % 100 == 0 || row == 0) rows.push_back(row);
            }
            ColumnVector out;
            out.physical = physical;
            ASSERT_TRUE(reader->DecodeRows(block, rows, out).has_value());
            ASSERT_EQ(out.rows, rows.size());
            for (std::size_t i = 0; i < rows.size(); ++i)
              ASSERT_NO_FATAL_FAILURE(ExpectSame(out, i, column, first + rows[i]));
          }
        }
      }
    }
  }
}

TEST(Column, ChunksKeepTheirLimit) {
  Random random(3);
  const ColumnVector column = MakeColumn(PhysicalType::kInt64, 2, Nulls::kNone, kSegmentRowsMax, random);
  const auto encoded = EncodeColumn(PlainKey(ColumnRole::kSize), column, 0, column.rows);
  ASSERT_TRUE(encoded.has_value());
  EXPECT_GT(encoded->chunks.size(), 1u);
  for (const EncodedChunk& chunk : encoded->chunks) {
    EXPECT_LE(chunk.bytes.size(), kChunkBytesMax);
    EXPECT_EQ(chunk.first_row % kBlockRows, 0u);
  }
}

TEST(Column, GiantStringsStandAlone) {
  ColumnVector column;
  column.physical = PhysicalType::kString;
  Random random(4);
  for (int i = 0; i < 2500; ++i) {
    std::string text(i % 500 == 0 ? 70'000 : 3, 'x');
    for (char& byte : text) byte = static_cast<char>(random());
    column.PushString(text);
  }
  const auto encoded = EncodeColumn(PlainKey(ColumnRole::kTags), column, 0, column.rows);
  ASSERT_TRUE(encoded.has_value());
  ColumnVector all;
  all.physical = PhysicalType::kString;
  for (const EncodedChunk& chunk : encoded->chunks) {
    auto reader = ChunkReader::Open(MemorySource(chunk.bytes));
    ASSERT_TRUE(reader.has_value());
    ASSERT_TRUE(reader->DecodeAll(all).has_value());
  }
  ASSERT_EQ(all.strings.bytes, column.strings.bytes);
  ASSERT_EQ(all.strings.offsets, column.strings.offsets);
}

TEST(Column, SparseCountsAndSortedKeysTakeTheirEncodings) {
  Random random(5);
  ColumnVector counts, keys, sizes;
  for (int i = 0; i < 10'000; ++i) {
    counts.PushInt(random() % 50 == 0 ? static_cast<std::int64_t>(random() % 10'000) : 0);
    keys.PushInt(std::int64_t{i} * (std::int64_t{1} << 40) + static_cast<std::int64_t>(random() % (1 << 30)));
    sizes.PushInt(static_cast<std::int64_t>(random() % (1 << 28)));
  }
  const auto name = [](const ColumnVector& column) {
    const auto encoded = EncodeColumn(PlainKey(ColumnRole::kSize), column, 0, column.rows);
    return ChunkReader::Open(MemorySource(encoded->chunks[0].bytes))->encoding_name();
  };
  EXPECT_EQ(name(counts), "sparse");
  EXPECT_EQ(name(keys), "delta");
  EXPECT_EQ(name(sizes), "for");
}

TEST(Segment, LeavesAllNullColumnsOutAndSorts) {
  Batch batch;
  batch.rows = 10;
  batch.FindOrAdd(PlainKey(ColumnRole::kTags));  // all null
  ColumnVector sizes, paths;
  paths.physical = PhysicalType::kString;
  for (int i = 0; i < 10; ++i) {
    sizes.PushInt(i);
    paths.PushString("p");
  }
  batch.columns.push_back({PlainKey(ColumnRole::kSize), sizes});
  batch.columns.push_back({PlainKey(ColumnRole::kPath), paths});
  const auto segment = EncodeSegment(batch, 0, 10);
  ASSERT_TRUE(segment.has_value());
  EXPECT_EQ(segment->rows, 10u);
  ASSERT_EQ(segment->columns.size(), 2u);
  EXPECT_EQ(segment->columns[0].key.role, ColumnRole::kPath);
  EXPECT_EQ(segment->columns[1].key.role, ColumnRole::kSize);
  EXPECT_TRUE(segment->columns[0].zone_map.empty());
  EXPECT_FALSE(segment->columns[1].zone_map.empty());
}

// A flipped bit is an error, or lies where nothing is read; no bit gives other data.
TEST(Chunk, NoticesEveryFlippedBit) {
  Random random(6);
  for (const PhysicalType physical : {PhysicalType::kInt64, PhysicalType::kDouble, PhysicalType::kString}) {
    const ColumnVector column = MakeColumn(physical, 1, Nulls::kSome, 1100, random);
    const auto encoded = EncodeColumn(PlainKey(ColumnRole::kSize), column, 0, column.rows);
    ASSERT_EQ(encoded->chunks.size(), 1u);
    const Bytes& good = encoded->chunks[0].bytes;
    for (std::size_t at = 0; at < good.size(); ++at) {
      Bytes bad = good;
      bad[at] ^= static_cast<std::uint8_t>(1 << random() % 8);
      auto reader = ChunkReader::Open(MemorySource(bad));
      if (!reader) {
        ASSERT_EQ(reader.error().code, ErrorCode::kCorrupt);
        continue;
      }
      ColumnVector all;
      all.physical = physical;
      const Status status = reader->DecodeAll(all);
      ASSERT_FALSE(status.has_value()) << at;
      ASSERT_EQ(status.error().code, ErrorCode::kCorrupt);
    }
  }
}

TEST(Chunk, NoticesEveryTruncation) {
  Random random(7);
  const ColumnVector column = MakeColumn(PhysicalType::kInt64, 1, Nulls::kSome, 3000, random);
  const auto encoded = EncodeColumn(PlainKey(ColumnRole::kSize), column, 0, column.rows);
  const Bytes& good = encoded->chunks[0].bytes;
  for (std::size_t size = 0; size < good.size(); ++size) {
    const auto open = [&](bool in_memory) {
      const ByteSpan part = ByteSpan(good).first(size);
      return ChunkReader::Open(in_memory ? MemorySource(part)
                                         : std::make_unique<BlobSource>(Bytes(part.begin(), part.end())));
    };
    for (const bool in_memory : {true, false}) {
      auto reader = open(in_memory);
      if (!reader) continue;
      ColumnVector all;
      const Status status = reader->DecodeAll(all);
      ASSERT_FALSE(status.has_value()) << size;
      ASSERT_EQ(status.error().code, ErrorCode::kCorrupt);
    }
  }
}

// Found by the fuzzer of segments: another type than those there are was taken for doubles of a mapping that is none.
TEST(Chunk, RefusesATypeThatIsNone) {
  Random random(9);
  const ColumnVector column = MakeColumn(PhysicalType::kInt64, 1, Nulls::kNone, 100, random);
  const auto encoded = EncodeColumn(PlainKey(ColumnRole::kSize), column, 0, column.rows);
  for (const std::uint8_t type : {0, 4, 255}) {
    Bytes chunk = encoded->chunks[0].bytes;
    chunk[5] = type;
    // One block: its end and its checksum, no header of the encoding, then the directory's checksum.
    const std::size_t directory = kChunkFixedBytes + kDirectoryEntryBytes;
    std::uint32_t header = 0;
    std::memcpy(&header, chunk.data() + 12, sizeof(header));
    const std::uint32_t checksum = Checksum32(ByteSpan(chunk).first(directory + header));
    std::memcpy(chunk.data() + directory + header, &checksum, sizeof(checksum));
    const auto reader = ChunkReader::Open(MemorySource(chunk));
    ASSERT_FALSE(reader.has_value());
    EXPECT_NE(reader.error().ToString().find("unknown type"), std::string::npos) << reader.error().ToString();
  }
}

TEST(Chunk, RefusesWrongRequests) {
  Random random(8);
  const ColumnVector column = MakeColumn(PhysicalType::kInt64, 1, Nulls::kNone, 100, random);
  const auto encoded = EncodeColumn(PlainKey(ColumnRole::kSize), column, 0, column.rows);
  auto reader = ChunkReader::Open(MemorySource(encoded->chunks[0].bytes));
  ASSERT_TRUE(reader.has_value());
  ColumnVector out;
  EXPECT_FALSE(reader->DecodeBlock(1, out).has_value());
  EXPECT_FALSE(reader->DecodeRows(0, std::vector<std::uint32_t>{100}, out).has_value());
  out.physical = PhysicalType::kString;
  EXPECT_FALSE(reader->DecodeBlock(0, out).has_value());
}

TEST(ZoneMap, MatchesBruteForce) {
  Random random(9);
  for (const PhysicalType physical : {PhysicalType::kInt64, PhysicalType::kDouble, PhysicalType::kString}) {
    for (const Nulls nulls : {Nulls::kNone, Nulls::kSome, Nulls::kFirstBlock}) {
      const ColumnVector column = MakeColumn(physical, 1, nulls, 4500, random);
      const auto encoded = EncodeColumn(Key(ColumnRole::kMin, TypeKind::kLong), column, 0, column.rows);
      const auto map = DecodeZoneMap(encoded->zone_map, physical);
      ASSERT_TRUE(map.has_value());
      ASSERT_EQ(map->lower.rows, 5u);
      for (std::size_t block = 0; block < 5; ++block) {
        bool has_null = false;
        std::vector<types::PhysicalValue> values;
        for (std::size_t row = block * kBlockRows;
             row < std::min<std::size_t>(4500, (block + 1) * kBlockRows); ++row) {
          column.IsValid(row) ? values.push_back(column.At(row)) : void(has_null = true);
        }
        EXPECT_EQ(map->has_null.Get(block), has_null);
        EXPECT_EQ(map->has_value.Get(block), !values.empty());
        EXPECT_EQ(map->lower.IsValid(block), !values.empty());
        if (values.empty()) continue;
        const auto [low, high] = std::minmax_element(values.begin(), values.end());
        if (physical != PhysicalType::kString) {
          EXPECT_EQ(map->lower.At(block), *low);
          EXPECT_EQ(map->upper.At(block), *high);
          continue;
        }
        EXPECT_LE(map->lower.strings[block], std::get<std::string>(*low));
        EXPECT_GE(map->upper.strings[block], std::get<std::string>(*high));
        EXPECT_LE(map->upper.strings[block].size(), 16u);
      }
    }
  }
}

TEST(ZoneMap, RoundsTextUpAndSaysWhenItCannot) {
  const auto upper = [](std::string_view text) {
    ColumnVector column;
    column.physical = PhysicalType::kString;
    column.PushString(text);
    return BuildZoneMap(Key(ColumnRole::kMax, TypeKind::kString), column, 0, 1).upper.At(0);
  };
  EXPECT_EQ(upper("0123456789abcdef"), types::PhysicalValue(std::string("0123456789abcdef")));
  EXPECT_EQ(upper("0123456789abcdefg"), types::PhysicalValue(std::string("0123456789abcdeg")));
  EXPECT_EQ(upper("0123456789abcde\xff!"), types::PhysicalValue(std::string("0123456789abcdf")));
  EXPECT_EQ(upper(std::string(17, '\xff')), types::PhysicalValue(std::monostate{}));
}

TEST(ZoneMap, AllowsForCutTimestampsOnlyInMaxima) {
  ColumnVector column;
  column.PushInt(5'000);
  column.PushInt(4'999);
  const auto upper = [&](ColumnRole role, TypeKind kind) {
    return BuildZoneMap(Key(role, kind), column, 0, 2).upper.ints[0];
  };
  EXPECT_EQ(upper(ColumnRole::kMax, TypeKind::kTimestamp), 5'999);
  EXPECT_EQ(upper(ColumnRole::kMax, TypeKind::kTimestampNtz), 5'999);
  EXPECT_EQ(upper(ColumnRole::kMax, TypeKind::kLong), 5'000);
  EXPECT_EQ(upper(ColumnRole::kPartitionValue, TypeKind::kTimestamp), 5'000);
  column.ints = {-3'000, -4'000};
  EXPECT_EQ(upper(ColumnRole::kMax, TypeKind::kTimestamp), -2'001);
  column.ints = {std::numeric_limits<std::int64_t>::max() / 1'000 * 1'000, 0};
  EXPECT_EQ(upper(ColumnRole::kMax, TypeKind::kTimestamp), std::numeric_limits<std::int64_t>::max());
}

TEST(ZoneMap, NanMakesABlockUnknown) {
  ColumnVector column;
  column.physical = PhysicalType::kDouble;
  column.PushDouble(1);
  column.PushDouble(std::nan(""));
  const ZoneMap map = BuildZoneMap(Key(ColumnRole::kMax, TypeKind::kDouble), column, 0, 2);
  EXPECT_TRUE(std::isnan(map.lower.doubles[0]));
  EXPECT_TRUE(std::isnan(map.upper.doubles[0]));
  const auto read = DecodeZoneMap(EncodeZoneMap(map), PhysicalType::kDouble);
  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(std::isnan(read->upper.doubles[0]));
}

TEST(ZoneMap, NoticesDamage) {
  Random random(10);
  const ColumnVector column = MakeColumn(PhysicalType::kString, 1, Nulls::kSome, 4500, random);
  const Bytes good = EncodeZoneMap(BuildZoneMap(Key(ColumnRole::kMin, TypeKind::kString), column, 0, 4500));
  EXPECT_FALSE(DecodeZoneMap(good, PhysicalType::kInt64).has_value());
  for (std::size_t at = 0; at < good.size(); ++at) {
    Bytes bad = good;
    bad[at] ^= static_cast<std::uint8_t>(1 << random() % 8);
    ASSERT_FALSE(DecodeZoneMap(bad, PhysicalType::kString).has_value()) << at;
    ASSERT_FALSE(DecodeZoneMap(ByteSpan(good).first(at), PhysicalType::kString).has_value()) << at;
  }
}

}  // namespace
}  // namespace levee::columnar

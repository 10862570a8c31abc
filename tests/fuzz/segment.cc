// Input: a byte that says what the rest is - a chunk of a column, a zone map, a blob of the store - and its bytes, for blobs
// without their envelope. Checksums are made right, so that what stands behind them is reached.
#include <algorithm>
#include <cstring>
#include <numeric>

#include "base/hash.h"
#include "columnar/segment.h"
#include "store/sql/dictionary.h"
#include "store/sql/key_index.h"
#include "store/sql/micro_batch.h"
#include "store/sql/partition_runs.h"
#include "store/sql/removals.h"
#include "store/sealed_blob.h"
#include "store/sql/segment_directory.h"
#include "store/sql/segment_statistics.h"
#include "tests/fuzz/chunk_checksums.h"
#include "tests/fuzz/fuzz.h"

using namespace levee;
using namespace levee::columnar;
using fuzz::FixChunk;
using fuzz::Save;

namespace {

void CheckVector(const ColumnVector& values) {
  switch (values.physical) {
    case types::PhysicalType::kInt64: FUZZ_REQUIRE(values.ints.size() == values.rows); break;
    case types::PhysicalType::kDouble: FUZZ_REQUIRE(values.doubles.size() == values.rows); break;
    case types::PhysicalType::kString:
      FUZZ_REQUIRE(values.strings.size() == values.rows);
      FUZZ_REQUIRE(std::ranges::is_sorted(values.strings.offsets));
      FUZZ_REQUIRE(values.strings.offsets.back() <= values.strings.bytes.size());
      break;
  }
  FUZZ_REQUIRE(!values.has_nulls() || values.validity.size() == values.rows);
}

void CheckBatch(const Batch& batch) {
  for (const BatchColumn& column : batch.columns) {
    FUZZ_REQUIRE(column.values.rows == batch.rows);
    CheckVector(column.values);
  }
}

// Rows picked out of a block are those of the whole block.
void CheckRows(ChunkReader& reader, std::size_t block, const ColumnVector& whole) {
  std::vector<std::uint32_t> rows;
  for (std::size_t row = block % 3; row < whole.rows; row += 1 + row % 5) rows.push_back(static_cast<std::uint32_t>(row));
  ColumnVector picked;
  picked.physical = whole.physical;
  if (!reader.DecodeRows(block, rows, picked)) return;
  CheckVector(picked);
  FUZZ_REQUIRE(picked.rows == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    FUZZ_REQUIRE(picked.IsValid(i) == whole.IsValid(rows[i]));
    if (!whole.IsValid(rows[i])) continue;
    const auto a = picked.At(i), b = whole.At(rows[i]);
    FUZZ_REQUIRE(types::ComparePhysical(a, b) == 0);
  }
}

// What is compared as it is stored is what the values say.
void CheckLimits(ChunkReader& reader, std::size_t block, const ColumnVector& whole) {
  if (whole.physical == types::PhysicalType::kString || whole.rows == 0) return;
  const types::PhysicalValue limit = whole.At(whole.rows / 2);
  Limits limits;
  if (std::holds_alternative<std::monostate>(limit)) return;
  if (const double* number = std::get_if<double>(&limit); number != nullptr && *number != *number) return;
  (block % 2 == 0 ? limits.least : limits.most) = limit;
  const std::size_t words = (whole.rows + 63) / 64;
  std::vector<std::uint64_t> kept(words, ~std::uint64_t{0}), unknown(words, ~std::uint64_t{0});
  if (!reader.KeepWithin(block, reader.FilterOf(limits), {kept, unknown})) return;
  for (std::size_t row = 0; row < whole.rows; ++row) {
    const bool is_kept = (kept[row / 64] >> (row % 64) & 1) != 0;
    if (!whole.IsValid(row)) {
      FUZZ_REQUIRE(is_kept);
      continue;
    }
    const types::PhysicalValue value = whole.At(row);
    if (const double* number = std::get_if<double>(&value); number != nullptr && *number != *number) continue;
    const int order = types::ComparePhysical(value, limit);
    FUZZ_REQUIRE(is_kept == (block % 2 == 0 ? order >= 0 : order <= 0));
  }
}

void CheckCodes(ChunkReader& reader, std::size_t block, const ColumnVector& whole) {
  ColumnVector texts;
  texts.physical = types::PhysicalType::kString;
  if (!reader.AppendDictionary(texts)) return;
  CheckVector(texts);
  Bitmap kept_codes(texts.rows, true);
  const std::size_t words = (whole.rows + 63) / 64;
  std::vector<std::uint64_t> kept(words, ~std::uint64_t{0}), unknown(words, ~std::uint64_t{0});
  if (!reader.KeepCodes(block, kept_codes, {kept, unknown})) return;
  for (std::size_t row = 0; row < whole.rows; ++row) FUZZ_REQUIRE((kept[row / 64] >> (row % 64) & 1) != 0);
}

void ReadChunk(Bytes chunk) {
  FixChunk(chunk);
  auto reader = ChunkReader::Open(MemorySource(chunk));
  if (!reader) return;
  FUZZ_REQUIRE(reader->rows() <= kSegmentRowsMax);
  for (std::size_t block = 0; block < reader->blocks(); ++block) {
    ColumnVector values;
    values.physical = reader->physical();
    if (!reader->DecodeBlock(block, values)) continue;
    CheckVector(values);
    FUZZ_REQUIRE(values.rows == std::min(kBlockRows, reader->rows() - block * kBlockRows));
    CheckRows(*reader, block, values);
    CheckLimits(*reader, block, values);
    if (reader->physical() == types::PhysicalType::kString) CheckCodes(*reader, block, values);
  }
}

void ReadZoneMap(Bytes bytes, types::PhysicalType physical) {
  if (bytes.size() >= 4) Save(bytes, bytes.size() - 4, Checksum32(ByteSpan(bytes).first(bytes.size() - 4)));
  const auto map = DecodeZoneMap(bytes, physical);
  if (!map) return;
  CheckVector(map->lower);
  CheckVector(map->upper);
  FUZZ_REQUIRE(map->lower.rows == map->has_value.size() && map->upper.rows == map->has_null.size());
  const auto again = DecodeZoneMap(EncodeZoneMap(*map), physical);
  FUZZ_REQUIRE(again.has_value() && again->lower.rows == map->lower.rows);
}

// A blob of the store around a payload; compressed, the first four bytes are the size that it claims.
Bytes Seal(std::uint32_t magic, ByteSpan payload, bool compressed) {
  if (!compressed || payload.size() < 4) return store::SealBlob(magic, payload, store::Compression::kNever);
  Bytes blob = store::SealBlob(magic, payload.subspan(4), store::Compression::kNever);
  blob[5] = 1;
  std::memcpy(blob.data() + 8, payload.data(), 4);
  Save(blob, 12, Checksum32(ByteSpan(blob).first(12)) ^ Checksum32(ByteSpan(blob).subspan(16)));
  return blob;
}

// A dictionary's keys up to a length of two bytes that stands in front, then the payload.
struct Keyed {
  store::Dictionary dictionary;
  ByteSpan payload;
};
Keyed TakeDictionary(fuzz::Input& input) {
  const std::size_t size = input.Number(2);
  const ByteSpan rest = input.rest();
  const ByteSpan keys_bytes = rest.first(std::min(size, rest.size()));
  std::vector<ColumnKey> keys;
  ByteReader reader(keys_bytes);
  store::ReadColumnKeys(reader, keys);
  return {store::Dictionary(std::move(keys)), rest.subspan(keys_bytes.size())};
}

void ReadRemovals(const Keyed& keyed, bool compressed) {
  const auto removals = store::DecodeRemovals(Seal(store::kRemovalsMagic, keyed.payload, compressed), keyed.dictionary, "r");
  if (!removals) return;
  FUZZ_REQUIRE(removals->entries.size() == removals->versions.size());
  CheckBatch(removals->columns);
}

void ReadKeys(ByteSpan payload, bool compressed) {
  const auto index = store::KeyIndex::Decode(Seal(store::kKeysMagic, payload, compressed), "k");
  if (!index) return;
  const std::vector<std::uint64_t> probes{0, std::uint64_t{1} << 32, std::uint64_t{7} << 60, ~std::uint64_t{0}};
  index->Match(probes, [](std::size_t, std::uint32_t row) { FUZZ_REQUIRE(row <= 0xffff); });
}

void ReadStatistics(ByteSpan payload, bool compressed) {
  const auto columns = store::DecodeStatistics(Seal(store::kStatisticsMagic, payload, compressed), "s");
  if (!columns) return;
  for (const store::SegmentStatistics& column : *columns) {
    store::StatisticsMerger merger;
    merger.Add(column);
    merger.Add(column);
    CheckVector(merger.Take().lower);
  }
}

void ReadPartitionRun(ByteSpan payload, bool compressed) {
  const auto run = store::DecodePartitionRun(Seal(store::kPartitionRunMagic, payload, compressed), "p");
  if (!run) return;
  FUZZ_REQUIRE(run->sums.size() == run->values.rows);
  CheckBatch(run->values);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::uint8_t what = input.Byte();
  const bool compressed = (what & 0x40) != 0;
  switch (what & 0x0f) {
    case 0: ReadChunk(Bytes(input.rest().begin(), input.rest().end())); break;
    case 1: {
      const auto physical = static_cast<types::PhysicalType>(1 + input.Below(3));
      ReadZoneMap(Bytes(input.rest().begin(), input.rest().end()), physical);
      break;
    }
    case 2:
      if (const auto directory = store::SegmentDirectory::Decode(Seal(store::kDirectoryMagic, input.rest(), compressed), "d")) {
        for (const std::uint32_t column : directory->Columns()) {
          static_cast<void>(directory->Data(column));
          static_cast<void>(directory->ZoneMap(column));
        }
      }
      break;
    case 3: ReadKeys(input.rest(), compressed); break;
    case 4: ReadRemovals(TakeDictionary(input), compressed); break;
    case 5: {
      const Keyed keyed = TakeDictionary(input);
      const auto batch = store::DecodeMicroBatch(Seal(store::kMicroBatchMagic, keyed.payload, compressed), keyed.dictionary, "m");
      if (batch) CheckBatch(*batch);
      break;
    }
    case 6: ReadStatistics(input.rest(), compressed); break;
    case 7: ReadPartitionRun(input.rest(), compressed); break;
    default: static_cast<void>(TakeDictionary(input)); break;
  }
  return 0;
}

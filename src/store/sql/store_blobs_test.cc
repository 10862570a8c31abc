// The store's own blobs: what is written is read, and damage is noticed.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/hash.h"
#include "store/sql/key_index.h"
#include "store/sql/micro_batch.h"
#include "store/sql/removals.h"
#include "store/sealed_blob.h"
#include "store/sql/segment_directory.h"
#include "store/sql/widening.h"
#include "types/value.h"

namespace levee::store {
namespace {

using columnar::Batch;
using columnar::ColumnKey;
using columnar::ColumnRole;
using columnar::ColumnVector;

const ColumnKey kLongKey{ColumnRole::kMin, "a", {types::TypeKind::kLong, 0, 0}};
const ColumnKey kDoubleKey{ColumnRole::kMin, "b", {types::TypeKind::kDouble, 0, 0}};
const ColumnKey kTextKey{ColumnRole::kMin, "c", {types::TypeKind::kString, 0, 0}};

std::uint32_t IdOf(const ColumnKey& key) { return key == kLongKey ? 0 : key == kDoubleKey ? 1 : 2; }
Dictionary TestDictionary() { return Dictionary({kLongKey, kDoubleKey, kTextKey}); }

Batch TestBatch() {
  Batch batch;
  batch.rows = 4;
  ColumnVector longs, doubles, texts;
  doubles.physical = types::PhysicalType::kDouble;
  texts.physical = types::PhysicalType::kString;
  for (const std::int64_t value : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{7},
                                   std::numeric_limits<std::int64_t>::max()}) {
    longs.PushInt(value);
  }
  doubles.PushDouble(-0.0);
  doubles.PushNull();
  doubles.PushDouble(std::numeric_limits<double>::infinity());
  doubles.PushDouble(1.5);
  for (int i = 0; i < 4; ++i) texts.PushString("same");
  batch.columns = {{kLongKey, longs}, {kDoubleKey, doubles}, {kTextKey, texts}};
  return batch;
}

void ExpectEqual(const Batch& a, const Batch& b) {
  ASSERT_EQ(a.rows, b.rows);
  ASSERT_EQ(a.columns.size(), b.columns.size());
  for (const columnar::BatchColumn& column : a.columns) {
    const ColumnVector* other = b.Find(column.key);
    ASSERT_NE(other, nullptr);
    ASSERT_EQ(other->rows, a.rows);
    for (std::size_t row = 0; row < a.rows; ++row) EXPECT_EQ(column.values.At(row), other->At(row)) << row;
  }
}

TEST(MicroBatch, ReadsWhatItWrote) {
  const Bytes blob = EncodeMicroBatch(TestBatch(), IdOf);
  const auto read = DecodeMicroBatch(blob, TestDictionary(), "test");
  ASSERT_TRUE(read) << read.error().ToString();
  ExpectEqual(TestBatch(), *read);
  EXPECT_TRUE(std::signbit(read->Find(kDoubleKey)->doubles[0]));
}

TEST(MicroBatch, EveryFlippedBitAndEveryCutIsNoticed) {
  const Bytes blob = EncodeMicroBatch(TestBatch(), IdOf);
  for (std::size_t bit = 0; bit < blob.size() * 8; ++bit) {
    Bytes damaged = blob;
    damaged[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    const auto read = DecodeMicroBatch(damaged, TestDictionary(), "the blob");
    ASSERT_FALSE(read) << "bit " << bit;
    EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
    EXPECT_EQ(read.error().what, "the blob");
  }
  for (std::size_t size = 0; size < blob.size(); ++size) {
    EXPECT_FALSE(DecodeMicroBatch(ByteSpan(blob).first(size), TestDictionary(), "x")) << size;
  }
}

TEST(MicroBatch, AColumnOutsideTheDictionaryIsDamage) {
  const Bytes blob = EncodeMicroBatch(TestBatch(), [](const ColumnKey& key) { return IdOf(key) + 1; });
  EXPECT_EQ(DecodeMicroBatch(blob, TestDictionary(), "x").error().code, ErrorCode::kCorrupt);
}

TEST(SealedBlob, CompressesAndChecksTheMagic) {
  const Bytes payload(10'000, 'z');
  const Bytes blob = SealBlob(kKeysMagic, payload, Compression::kWhenSmaller);
  EXPECT_LT(blob.size(), 200u);
  EXPECT_EQ(*OpenBlob(kKeysMagic, blob, "x"), payload);
  EXPECT_EQ(OpenBlob(kDictionaryMagic, blob, "x").error().code, ErrorCode::kCorrupt);
}

TEST(Removals, KeepPlacesVersionsAndActions) {
  RemovalBatch removals;
  removals.entries = {{7, 3}, {5, 9}, {5, 2}};
  removals.versions = {11, 10, 12};
  removals.columns.rows = 3;
  ColumnVector times;
  for (const std::int64_t time : {1, 2, 3}) times.PushInt(time);
  removals.columns.columns.push_back({kLongKey, times});
  removals.SortByPlace();
  EXPECT_EQ(removals.entries, (std::vector<EntryPlace>{{5, 2}, {5, 9}, {7, 3}}));
  const auto read = DecodeRemovals(EncodeRemovals(removals, IdOf), TestDictionary(), "x");
  ASSERT_TRUE(read) << read.error().ToString();
  EXPECT_EQ(read->entries, removals.entries);
  EXPECT_EQ(read->versions, (std::vector<std::int64_t>{12, 10, 11}));
  EXPECT_EQ(read->columns.Find(kLongKey)->ints, (std::vector<std::int64_t>{3, 2, 1}));
}

TEST(KeyIndex, FindsByHashHoweverManyAreAsked) {
  std::vector<std::int64_t> hashes;
  std::uint64_t state = 1;
  for (int i = 0; i < 5000; ++i) hashes.push_back(static_cast<std::int64_t>(state = state * 6364136223846793005ULL + 1442695040888963407ULL));
  hashes[17] = hashes[4711];  // two rows of one hash
  const auto index = KeyIndex::Decode(KeyIndex(hashes).Encode(), "x");
  ASSERT_TRUE(index) << index.error().ToString();
  for (const std::size_t step : {1, 1000}) {
    std::vector<std::uint64_t> probes;
    for (std::size_t i = 0; i < hashes.size(); i += step) probes.push_back(static_cast<std::uint64_t>(hashes[i]));
    probes.push_back(static_cast<std::uint64_t>(hashes[17]));
    std::sort(probes.begin(), probes.end());
    std::vector<int> hits(probes.size());
    index->Match(probes, [&](std::size_t probe, std::uint32_t row) {
      EXPECT_EQ(probes[probe] >> 32, static_cast<std::uint64_t>(hashes[row]) >> 32);
      ++hits[probe];
    });
    for (std::size_t i = 0; i < probes.size(); ++i) {
      EXPECT_EQ(hits[i], probes[i] == static_cast<std::uint64_t>(hashes[17]) ? 2 : 1);
    }
  }
}

// Found by the fuzzer of segments: the words of a bitmap of no rows, and bits of rows that are not there.
TEST(MicroBatch, ReadsBitmapsAsLongAsItsRows) {
  const auto decode = [](std::initializer_list<std::uint8_t> payload) {
    return DecodeMicroBatch(SealBlob(kMicroBatchMagic, Bytes(payload), Compression::kNever), TestDictionary(), "x");
  };
  // Rows, columns, column id, flags (nulls), bitmap, least value (8 bytes), width.
  const auto none = decode({0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  ASSERT_TRUE(none) << none.error().ToString();
  EXPECT_EQ(none->rows, 0u);
  const auto three = decode({3, 1, 0, 1, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  ASSERT_TRUE(three) << three.error().ToString();
  EXPECT_EQ(three->columns[0].values.validity.words(), (std::vector<std::uint64_t>{5}));
}

// A few bytes must not become gigabytes.
TEST(MicroBatch, RefusesToMakeMuchOfLittle) {
  ByteWriter writer;
  writer.PutVarint(1 << 24);  // rows
  writer.PutVarint(1);
  writer.PutVarint(2);        // the column of texts
  writer.Put(std::uint8_t{2});  // constant
  const std::string text(500, 'x');
  writer.PutText(text);
  const auto texts = DecodeMicroBatch(SealBlob(kMicroBatchMagic, writer.bytes(), Compression::kNever), TestDictionary(), "x");
  ASSERT_FALSE(texts);
  EXPECT_EQ(texts.error().code, ErrorCode::kCorrupt);

  ByteWriter longs;
  longs.PutVarint(1 << 24);
  longs.PutVarint(3);
  for (int i = 0; i < 3; ++i) {
    longs.PutVarint(0);
    longs.Put(std::uint8_t{2});
    longs.Put(std::int64_t{7});
    longs.Put(std::uint8_t{0});
  }
  const auto numbers = DecodeMicroBatch(SealBlob(kMicroBatchMagic, longs.bytes(), Compression::kNever), TestDictionary(), "x");
  ASSERT_FALSE(numbers);
  EXPECT_EQ(numbers.error().code, ErrorCode::kCorrupt);
}

TEST(MicroBatch, WritesLongConstantTextsRowByRow) {
  Batch batch;
  batch.rows = 5;
  ColumnVector texts;
  texts.physical = types::PhysicalType::kString;
  const std::string text(4 << 20, 'x');
  for (int i = 0; i < 5; ++i) texts.PushString(text);
  batch.columns = {{kTextKey, texts}};
  const auto read = DecodeMicroBatch(EncodeMicroBatch(batch, IdOf), TestDictionary(), "x");
  ASSERT_TRUE(read) << read.error().ToString();
  ExpectEqual(batch, *read);
}

TEST(SealedBlob, RefusesASizeThatItsBytesCannotMake) {
  const Bytes payload(100'000, 0);
  Bytes blob = SealBlob(kKeysMagic, payload, Compression::kWhenSmaller);
  ASSERT_LT(blob.size(), 1000u);
  ASSERT_TRUE(OpenBlob(kKeysMagic, blob, "x"));
  const std::uint32_t size = 1u << 30;
  std::memcpy(blob.data() + 8, &size, sizeof(size));
  const std::uint32_t checksum = Checksum32(ByteSpan(blob).first(12)) ^ Checksum32(ByteSpan(blob).subspan(16));
  std::memcpy(blob.data() + 12, &checksum, sizeof(checksum));
  const auto opened = OpenBlob(kKeysMagic, blob, "x");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().why, "its size is impossible");
}

TEST(SegmentDirectory, RefusesPiecesOutsideOfTheSegment) {
  const auto decode = [](const DirectoryEntry& entry) {
    return SegmentDirectory::Decode(SegmentDirectory({entry}).Encode(), "x");
  };
  EXPECT_TRUE(decode({.column_id = 1, .first_row = 64'512, .rows = 1'024, .length = 5}));
  EXPECT_FALSE(decode({.column_id = 1, .first_row = 500, .rows = 1'024, .length = 5}));
  EXPECT_FALSE(decode({.column_id = 1, .first_row = 64'512, .rows = 1'025, .length = 5}));
  EXPECT_FALSE(decode({.column_id = 1, .rows = 10, .offset = 0xffffffff, .length = 2}));
}

// Found by the fuzzer of segments, which a sanitizer watches: nothing is copied to nowhere.
TEST(SegmentDirectory, MayBeEmpty) {
  const auto directory = SegmentDirectory::Decode(SegmentDirectory({}).Encode(), "x");
  ASSERT_TRUE(directory) << directory.error().ToString();
  EXPECT_TRUE(directory->Columns().empty());
  EXPECT_EQ(directory->ZoneMap(0), nullptr);
  const auto keys = KeyIndex::Decode(KeyIndex(std::span<const std::int64_t>()).Encode(), "x");
  ASSERT_TRUE(keys) << keys.error().ToString();
  EXPECT_EQ(keys->SizeBytes(), 0u);
  EXPECT_FALSE(KeyIndex::Decode(SealBlob(kKeysMagic, {}, Compression::kNever), "x"));  // no count
}

// Found by the fuzzer of segments: steps that leave the range of their numbers.
TEST(Removals, TakesStepsThatLeadAnywhere) {
  ByteWriter writer;
  writer.PutVarint(2);
  for (int i = 0; i < 2; ++i) {
    writer.PutVarint(~std::uint64_t{0});      // zigzag: the least number
    writer.PutVarint(~std::uint64_t{0} >> 1);
    writer.PutVarint(~std::uint64_t{0});
  }
  writer.PutVarint(0);  // a batch without rows
  writer.PutVarint(0);
  const auto removals = DecodeRemovals(SealBlob(kRemovalsMagic, writer.bytes(), Compression::kNever), TestDictionary(), "x");
  ASSERT_TRUE(removals) << removals.error().ToString();
  EXPECT_EQ(removals->entries[1].segment_id, 0);
  EXPECT_EQ(removals->versions[1], 0);
}

TEST(SegmentDirectory, FindsPiecesAndZoneMaps) {
  const SegmentDirectory directory({{.column_id = 4, .first_row = 1024, .rows = 10},
                                    {.column_id = 4, .first_row = DirectoryEntry::kZoneMapRow, .length = 77},
                                    {.column_id = 4, .first_row = 0, .rows = 1024},
                                    {.column_id = 9, .first_row = 0, .rows = 1034}});
  const auto read = SegmentDirectory::Decode(directory.Encode(), "x");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->Data(4).size(), 2u);
  EXPECT_EQ(read->Data(4)[1].first_row, 1024u);
  EXPECT_EQ(read->ZoneMap(4)->length, 77u);
  EXPECT_EQ(read->ZoneMap(9), nullptr);
  EXPECT_TRUE(read->Data(5).empty());
  EXPECT_EQ(read->Columns(), (std::vector<std::uint32_t>{4, 9}));
}

TEST(Widening, ConvertsWhatTheFormDemands) {
  ColumnVector ints;
  ints.PushInt(3);
  ints.PushNull();
  const types::PrimitiveType integer{types::TypeKind::kInteger, 0, 0};
  const ColumnVector doubles = WidenColumn(ints, integer, {types::TypeKind::kDouble, 0, 0});
  EXPECT_EQ(doubles.doubles[0], 3.0);
  EXPECT_FALSE(doubles.IsValid(1));
  EXPECT_EQ(WidenColumn(ints, integer, {types::TypeKind::kDecimal, 12, 2}).ints[0], 300);
  EXPECT_EQ(WidenColumn(ints, integer, {types::TypeKind::kDecimal, 38, 2}).strings[0], types::EncodeWideDecimal(300));
  const types::PrimitiveType date{types::TypeKind::kDate, 0, 0};
  EXPECT_EQ(WidenColumn(ints, date, {types::TypeKind::kTimestampNtz, 0, 0}).ints[0], 3 * 86'400'000'000);
  EXPECT_TRUE(SameForm(integer, {types::TypeKind::kLong, 0, 0}));
  EXPECT_FALSE(SameForm(integer, {types::TypeKind::kDouble, 0, 0}));
}

}  // namespace
}  // namespace levee::store

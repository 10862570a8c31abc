#include "catalog/run_manifest.h"

#include <gtest/gtest.h>

#include <random>

namespace levee::catalog {
namespace {

using columnar::ColumnRole;

constexpr Hash128 kPlan{.low = 17, .high = 4};
constexpr std::size_t kHeaderBytes = 32;

KeptRun MakeRun(RunKind kind, std::size_t rows, std::uint64_t offset) {
  KeptRun kept{.kind = kind, .run = {}};
  kept.run.rows = rows;
  kept.run.columns.resize(2);
  columnar::RunColumn& path = kept.run.columns[0];
  columnar::RunColumn& low = kept.run.columns[1];
  path.key = columnar::PlainKey(ColumnRole::kPath);
  path.physical = types::PhysicalType::kString;
  path.offset = offset;
  path.content_hash = 0x0123456789abcdef;
  low.key = {ColumnRole::kMin, "a", {types::TypeKind::kDecimal, 12, 2}};
  low.validity = Bitmap(rows);
  low.validity.Set(rows / 2);
  low.offset = offset + 1'000;
  for (std::size_t row = 0; row < rows; row += 512) {
    path.ends.push_back(row + 7);
    low.ends.push_back(row + 9);
  }
  return kept;
}

CompletedUnits MakeCompleted(std::size_t unit) {
  CompletedUnits completed;
  completed.units = {unit, unit + 300};
  completed.files = 70'000;
  completed.runs = {MakeRun(RunKind::kAlive, 65'536, unit << 20), MakeRun(RunKind::kEnded, 513, 5),
                    MakeRun(RunKind::kTombstones, 1, 6)};
  completed.totals[-5] = {.files = 1, .bytes = -2, .rows = 3, .added_without_rows = 4};
  completed.totals[9] = {.files = -1};
  completed.met_ends = {{.low = 1, .high = 2}, {.low = 3, .high = unit}};
  completed.ends_hash = {.low = unit, .high = 8};
  return completed;
}

KeptOrder MakeOrder() {
  return {RunKind::kEnded, {.partitions = {{ColumnRole::kPartition, "p", {types::TypeKind::kString}}},
                            .cluster = columnar::ColumnKey{ColumnRole::kMin, "a", {types::TypeKind::kLong}},
                            .cluster_prefix = std::string("x\0y", 3)}};
}

void Append(Bytes& file, const Bytes& record) { file.insert(file.end(), record.begin(), record.end()); }

// A header, an order and three records of units; `ends`: where each of these four ends.
Bytes MakeFile(std::vector<std::size_t>& ends) {
  Bytes file = EncodeManifestHeader(kPlan);
  Append(file, EncodeRecord(MakeOrder()));
  ends.push_back(file.size());
  for (std::size_t unit = 0; unit < 3; ++unit) {
    Append(file, EncodeRecord(MakeCompleted(unit)));
    ends.push_back(file.size());
  }
  return file;
}

// Records read whole are those of MakeFile.
void ExpectSound(const RunManifest& manifest) {
  ASSERT_LE(manifest.orders.size(), 1u);
  for (const KeptOrder& kept : manifest.orders) {
    EXPECT_EQ(kept.kind, RunKind::kEnded);
    EXPECT_EQ(kept.order.partitions, MakeOrder().order.partitions);
    EXPECT_EQ(kept.order.cluster, MakeOrder().order.cluster);
    EXPECT_EQ(kept.order.cluster_prefix, MakeOrder().order.cluster_prefix);
  }
  for (std::size_t unit = 0; unit < manifest.completed.size(); ++unit) {
    const CompletedUnits& read = manifest.completed[unit];
    const CompletedUnits made = MakeCompleted(unit);
    EXPECT_EQ(read.units, made.units);
    EXPECT_EQ(read.files, made.files);
    EXPECT_EQ(read.totals, made.totals);
    EXPECT_EQ(read.met_ends, made.met_ends);
    EXPECT_EQ(read.ends_hash, made.ends_hash);
    ASSERT_EQ(read.runs.size(), made.runs.size());
    for (std::size_t i = 0; i < made.runs.size(); ++i) {
      EXPECT_EQ(read.runs[i].kind, made.runs[i].kind);
      EXPECT_EQ(read.runs[i].run.rows, made.runs[i].run.rows);
      ASSERT_EQ(read.runs[i].run.columns.size(), made.runs[i].run.columns.size());
      for (std::size_t c = 0; c < made.runs[i].run.columns.size(); ++c) {
        const columnar::RunColumn& column = read.runs[i].run.columns[c];
        const columnar::RunColumn& expected = made.runs[i].run.columns[c];
        EXPECT_EQ(column.key, expected.key);
        EXPECT_EQ(column.physical, expected.physical);
        EXPECT_EQ(column.validity, expected.validity);
        EXPECT_EQ(column.offset, expected.offset);
        EXPECT_EQ(column.content_hash, expected.content_hash);
        EXPECT_EQ(column.ends, expected.ends);
      }
    }
  }
}

TEST(RunManifest, GivesBackWhatWasWritten) {
  std::vector<std::size_t> ends;
  const Bytes file = MakeFile(ends);
  const RunManifest manifest = DecodeManifest(file, kPlan);
  EXPECT_TRUE(manifest.same_plan);
  EXPECT_TRUE(manifest.whole);
  EXPECT_EQ(manifest.valid_bytes, file.size());
  EXPECT_EQ(manifest.orders.size(), 1u);
  EXPECT_EQ(manifest.completed.size(), 3u);
  ExpectSound(manifest);
}

TEST(RunManifest, EndsBeforeATornRecord) {
  std::vector<std::size_t> ends;
  const Bytes file = MakeFile(ends);
  for (std::size_t size = kHeaderBytes; size <= file.size(); ++size) {
    const RunManifest manifest = DecodeManifest(ByteSpan(file).first(size), kPlan);
    std::size_t records = 0, end = kHeaderBytes;
    for (const std::size_t record_end : ends) {
      if (record_end > size) continue;
      ++records;
      end = record_end;
    }
    ASSERT_TRUE(manifest.same_plan);
    ASSERT_EQ(manifest.orders.size() + manifest.completed.size(), records) << size;
    ASSERT_EQ(manifest.valid_bytes, end) << size;
    ASSERT_EQ(manifest.whole, end == size) << size;
    if (size % 97 == 0) ExpectSound(manifest);
  }
}

TEST(RunManifest, EndsBeforeAFlippedBit) {
  std::vector<std::size_t> ends;
  const Bytes file = MakeFile(ends);
  std::mt19937 random(5);
  for (int i = 0; i < 3'000; ++i) {
    Bytes flipped = file;
    const std::size_t at = kHeaderBytes + random() % (file.size() - kHeaderBytes);
    flipped[at] ^= static_cast<std::uint8_t>(1u << random() % 8);
    const RunManifest manifest = DecodeManifest(flipped, kPlan);
    std::size_t before = 0;
    for (const std::size_t end : ends) before += end <= at;
    ASSERT_EQ(manifest.orders.size() + manifest.completed.size(), before) << at;
    ASSERT_FALSE(manifest.whole);
  }
}

TEST(RunManifest, KnowsAnotherPlanVersionAndFile) {
  std::vector<std::size_t> ends;
  const Bytes file = MakeFile(ends);
  EXPECT_FALSE(DecodeManifest(file, {.low = 17, .high = 5}).same_plan);
  for (std::size_t at = 0; at < kHeaderBytes; ++at) {
    Bytes other = file;
    ++other[at];
    const RunManifest manifest = DecodeManifest(other, kPlan);
    EXPECT_FALSE(manifest.same_plan) << at;
    EXPECT_TRUE(manifest.completed.empty());
    EXPECT_FALSE(DecodeManifest(ByteSpan(file).first(at), kPlan).same_plan);
  }
}

// A checksum only tells damage apart, not nonsense.
TEST(RunManifest, TakesNoRecordThatMakesNoSense) {
  const auto with = [](CompletedUnits completed) {
    Bytes file = EncodeManifestHeader(kPlan);
    Append(file, EncodeRecord(completed));
    return DecodeManifest(file, kPlan);
  };
  ASSERT_EQ(with(MakeCompleted(0)).completed.size(), 1u);
  CompletedUnits no_rows = MakeCompleted(0);
  no_rows.runs[0].run.rows = 0;
  CompletedUnits many_rows = MakeCompleted(0);
  many_rows.runs[0].run.rows = 65'537;
  CompletedUnits wrong_type = MakeCompleted(0);
  wrong_type.runs[0].run.columns[0].physical = types::PhysicalType::kDouble;
  CompletedUnits wrong_kind = MakeCompleted(0);
  wrong_kind.runs[0].kind = static_cast<RunKind>(3);
  CompletedUnits wraps = MakeCompleted(0);
  wraps.runs[0].run.columns[0].offset = ~std::uint64_t{0};
  for (const CompletedUnits& bad : {no_rows, many_rows, wrong_type, wrong_kind, wraps}) {
    const RunManifest manifest = with(bad);
    EXPECT_TRUE(manifest.completed.empty());
    EXPECT_FALSE(manifest.whole);
    EXPECT_EQ(manifest.valid_bytes, kHeaderBytes);
  }
}

}  // namespace
}  // namespace levee::catalog

#include "delta/entry_batch_builder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/fakes/json_equal.h"
#include "types/file_key.h"
#include "types/value.h"

namespace levee::delta {
namespace {

using columnar::Batch;
using columnar::ColumnKey;
using columnar::ColumnRole;
using columnar::StatsForm;
using types::TypeKind;

constexpr char kSchemaText[] = R"schema({"type":"struct","fields":[
  {"name":"l","type":"long","nullable":true,"metadata":{}},
  {"name":"i","type":"integer","nullable":true,"metadata":{}},
  {"name":"b","type":"byte","nullable":true,"metadata":{}},
  {"name":"f","type":"float","nullable":true,"metadata":{}},
  {"name":"g","type":"double","nullable":true,"metadata":{}},
  {"name":"d","type":"decimal(10,2)","nullable":true,"metadata":{}},
  {"name":"w","type":"decimal(38,3)","nullable":true,"metadata":{}},
  {"name":"s","type":"string","nullable":true,"metadata":{}},
  {"name":"t","type":"timestamp","nullable":true,"metadata":{}},
  {"name":"n","type":"timestamp_ntz","nullable":true,"metadata":{}},
  {"name":"y","type":"date","nullable":true,"metadata":{}},
  {"name":"o","type":"boolean","nullable":true,"metadata":{}},
  {"name":"x","type":"binary","nullable":true,"metadata":{}},
  {"name":"a","type":{"type":"array","elementType":"long","containsNull":true},"nullable":true,"metadata":{}},
  {"name":"st","type":{"type":"struct","fields":[
    {"name":"in","type":"long","nullable":true,"metadata":{}},
    {"name":"de","type":{"type":"struct","fields":[{"name":"ep","type":"string","nullable":true,"metadata":{}}]},
     "nullable":true,"metadata":{}}]},"nullable":true,"metadata":{}},
  {"name":"p","type":"date","nullable":true,"metadata":{}},
  {"name":"q","type":"string","nullable":true,"metadata":{}}]})schema";

types::Schema TestSchema() { return *ParseSchema(kSchemaText, {"p", "q"}, "none"); }

Batch BatchOf(const std::vector<std::string>& stats) {
  EntryBatchBuilder builder(TestSchema());
  for (const std::string& text : stats) {
    AddAction add;
    add.path = "f";
    add.stats_json = text;
    builder.Append(add);
  }
  EXPECT_EQ(builder.rows(), stats.size());
  return builder.Finish();
}

types::PhysicalValue ValueOf(const Batch& batch, ColumnRole role, const std::string& path,
                             types::PrimitiveType type, std::size_t row = 0) {
  const columnar::ColumnVector* const column = batch.Find(ColumnKey{role, path, type});
  return column == nullptr ? types::PhysicalValue() : column->At(row);
}

std::int64_t FormOf(const Batch& batch, std::size_t row = 0) {
  return batch.Find(ColumnRole::kStatsForm)->ints[row];
}

struct MinimumCase {
  const char* column;
  types::PrimitiveType type;
  const char* token;
  types::PhysicalValue value;
  StatsForm form;
};

class MinimumTest : public testing::TestWithParam<MinimumCase> {};

// Twice: the first row is parsed with care, the second by the frame that the first one taught.
TEST_P(MinimumTest, IsTypedAndComesBack) {
  const MinimumCase& given = GetParam();
  const std::string stats =
      R"({"numRecords":7,"minValues":{")" + std::string(given.column) + "\":" + given.token + "}}";
  const Batch batch = BatchOf({stats, stats});
  const auto rendered = RenderStats(batch);
  for (const std::size_t row : {0, 1}) {
    EXPECT_EQ(ValueOf(batch, ColumnRole::kMin, given.column, given.type, row), given.value);
    EXPECT_EQ(FormOf(batch, row), static_cast<std::int64_t>(given.form));
    ASSERT_TRUE(rendered[row]);
    EXPECT_TRUE(fakes::JsonEqual(stats, *rendered[row])) << stats << "\n" << *rendered[row];
  }
}

constexpr StatsForm kTyped = StatsForm::kTyped;
constexpr StatsForm kPartial = StatsForm::kPartial;
constexpr std::int64_t kNoon = 1'704'110'400'000'000;  // 2024-01-01T12:00:00Z
const types::PhysicalValue kNone;
constexpr types::PrimitiveType kLong{TypeKind::kLong, 0, 0};

INSTANTIATE_TEST_SUITE_P(
    Values, MinimumTest,
    testing::Values(
        MinimumCase{"l", kLong, "-9223372036854775808", INT64_MIN, kTyped},
        MinimumCase{"l", kLong, "0", 0, kTyped},
        MinimumCase{"l", kLong, "999999999999999999", 999'999'999'999'999'999, kTyped},
        MinimumCase{"l", kLong, "9223372036854775808", kNone, kPartial},
        MinimumCase{"l", kLong, "1.5", kNone, kPartial}, MinimumCase{"l", kLong, "1e3", kNone, kPartial},
        MinimumCase{"l", kLong, "\"5\"", kNone, kPartial}, MinimumCase{"l", kLong, "null", kNone, kPartial},
        MinimumCase{"l", kLong, "{}", kNone, kPartial}, MinimumCase{"l", kLong, "[1,2]", kNone, kPartial},
        MinimumCase{"i", {TypeKind::kInteger, 0, 0}, "2147483647", 2147483647, kTyped},
        MinimumCase{"i", {TypeKind::kInteger, 0, 0}, "2147483648", kNone, kPartial},
        MinimumCase{"b", {TypeKind::kByte, 0, 0}, "-128", -128, kTyped},
        MinimumCase{"b", {TypeKind::kByte, 0, 0}, "-129", kNone, kPartial},
        MinimumCase{"f", {TypeKind::kFloat, 0, 0}, "0.1", double{0.1F}, kTyped},
        MinimumCase{"f", {TypeKind::kFloat, 0, 0}, "0.123456789123", double{0.123456789123F}, kPartial},
        MinimumCase{"f", {TypeKind::kFloat, 0, 0}, "1e39", kNone, kPartial},
        MinimumCase{"g", {TypeKind::kDouble, 0, 0}, "0.1234567890123456789", 0.1234567890123456789, kTyped},
        MinimumCase{"g", {TypeKind::kDouble, 0, 0}, "-1.5E-300", -1.5e-300, kTyped},
        MinimumCase{"g", {TypeKind::kDouble, 0, 0}, "5", 5.0, kTyped},
        MinimumCase{"g", {TypeKind::kDouble, 0, 0}, "\"NaN\"", kNone, kPartial},
        MinimumCase{"g", {TypeKind::kDouble, 0, 0}, "\"-Infinity\"", -INFINITY, kTyped},
        MinimumCase{"g", {TypeKind::kDouble, 0, 0}, "1e999", kNone, kPartial},
        MinimumCase{"d", {TypeKind::kDecimal, 10, 2}, "12.50", 1250, kTyped},
        MinimumCase{"d", {TypeKind::kDecimal, 10, 2}, "-3", -300, kTyped},
        MinimumCase{"d", {TypeKind::kDecimal, 10, 2}, "\"12.50\"", 1250, kPartial},
        MinimumCase{"d", {TypeKind::kDecimal, 10, 2}, "12.505", kNone, kPartial},
        MinimumCase{"w",
                    {TypeKind::kDecimal, 38, 3},
                    "12345678901234567890123.456",
                    types::EncodeWideDecimal(*types::ParseDecimal("12345678901234567890123456", 0)),
                    kTyped},
        MinimumCase{"s", {TypeKind::kString, 0, 0}, "\"\"", "", kTyped},
        MinimumCase{"s", {TypeKind::kString, 0, 0}, "\"\u00fc\U0001F600\"", "\u00fc\U0001F600", kTyped},
        MinimumCase{"s", {TypeKind::kString, 0, 0}, R"("a\"\\\u0041\n")", "a\"\\A\n", kTyped},
        MinimumCase{"s", {TypeKind::kString, 0, 0}, "5", kNone, kPartial}));

INSTANTIATE_TEST_SUITE_P(
    Times, MinimumTest,
    testing::Values(
        MinimumCase{"t", {TypeKind::kTimestamp, 0, 0}, "\"2024-01-01T12:00:00.000Z\"", kNoon, kTyped},
        MinimumCase{"t", {TypeKind::kTimestamp, 0, 0}, "\"2024-01-01T12:00:00Z\"", kNoon, kTyped},
        MinimumCase{"t",
                    {TypeKind::kTimestamp, 0, 0},
                    "\"2024-01-01T13:00:00.123456+01:00\"",
                    kNoon + 123456,
                    kTyped},
        MinimumCase{"t", {TypeKind::kTimestamp, 0, 0}, "\"1969-12-31T23:59:59.999Z\"", -1000, kTyped},
        MinimumCase{"t", {TypeKind::kTimestamp, 0, 0}, "\"2024-01-01T12:00:00.000\"", kNone, kPartial},
        MinimumCase{"t", {TypeKind::kTimestamp, 0, 0}, "\"2024-13-01T12:00:00.000Z\"", kNone, kPartial},
        MinimumCase{"t", {TypeKind::kTimestamp, 0, 0}, "\"2024-02-30T12:00:00.000Z\"", kNone, kPartial},
        MinimumCase{
            "n", {TypeKind::kTimestampNtz, 0, 0}, "\"2024-01-01T12:00:00.001\"", kNoon + 1000, kTyped},
        MinimumCase{"n", {TypeKind::kTimestampNtz, 0, 0}, "\"2024-01-01T12:00:00.001Z\"", kNone, kPartial},
        MinimumCase{"y", {TypeKind::kDate, 0, 0}, "\"2024-02-29\"", 19782, kTyped},
        MinimumCase{"y", {TypeKind::kDate, 0, 0}, "\"0001-01-01\"", -719162, kTyped},
        MinimumCase{"y", {TypeKind::kDate, 0, 0}, "\"9999-12-31\"", 2932896, kTyped},
        MinimumCase{"y", {TypeKind::kDate, 0, 0}, "\"2023-02-29\"", kNone, kPartial},
        MinimumCase{"y", {TypeKind::kDate, 0, 0}, "\"soon\"", kNone, kPartial},
        MinimumCase{"o", {TypeKind::kBoolean, 0, 0}, "false", 0, kTyped},
        MinimumCase{"o", {TypeKind::kBoolean, 0, 0}, "true", 1, kTyped},
        MinimumCase{"x", {TypeKind::kBinary, 0, 0}, "\"AAE=\"", kNone, kPartial},
        MinimumCase{"a", {TypeKind::kArray, 0, 0}, "[1]", kNone, kPartial},
        MinimumCase{"nowhere", kLong, "1", kNone, kPartial}));

TEST(EntryBatchBuilderTest, NestedColumnsNest) {
  const std::string stats =
      R"({"numRecords":3,"minValues":{"st":{"in":1,"de":{"ep":"a"}}},"maxValues":{"st":{"in":9,"other":1}},)"
      R"("nullCount":{"st":{"in":0,"de":{"ep":2}},"a":1},"tightBounds":false})";
  const Batch batch = BatchOf({stats, stats});
  const std::string in = std::string("st") + types::kPathSeparator + "in";
  const std::string ep = std::string("st") + types::kPathSeparator + "de" + types::kPathSeparator + "ep";
  for (const std::size_t row : {0, 1}) {
    EXPECT_EQ(ValueOf(batch, ColumnRole::kMin, in, kLong, row), types::PhysicalValue(1));
    EXPECT_EQ(ValueOf(batch, ColumnRole::kMin, ep, {TypeKind::kString, 0, 0}, row),
              types::PhysicalValue("a"));
    EXPECT_EQ(ValueOf(batch, ColumnRole::kMax, in, kLong, row), types::PhysicalValue(9));
    EXPECT_EQ(ValueOf(batch, ColumnRole::kNullCount, ep, kLong, row), types::PhysicalValue(2));
    EXPECT_EQ(ValueOf(batch, ColumnRole::kNullCount, "a", kLong, row), types::PhysicalValue(1));
    EXPECT_EQ(batch.Find(ColumnRole::kTightBounds)->ints[row], 0);
    EXPECT_EQ(batch.Find(ColumnRole::kNumRecords)->ints[row], 3);
    EXPECT_EQ(batch.Find(ColumnRole::kStatsResidual)->strings[row], R"({"maxValues":{"st":{"other":1}}})");
    EXPECT_TRUE(fakes::JsonEqual(stats, *RenderStats(batch)[row]));
  }
}

TEST(EntryBatchBuilderTest, StatisticsThatAreNoObjectStayAsTheyAre) {
  for (const char* const text :
       {"", "null", "[]", "\"x\"", "{", "{\"numRecords\":1", "{\"numRecords\":01}", "{\"numRecords\":1}}",
        "{\"numRecords\":1,\"numRecords\":2}", "{\"minValues\":{\"l\":1,\"l\":2}}",
        "{\"minValues\":{\"s\":\"\xff\"}}", "nonsense"}) {
    const Batch batch = BatchOf({R"({"numRecords":5})", text});
    EXPECT_EQ(FormOf(batch, 1), static_cast<std::int64_t>(StatsForm::kRaw)) << text;
    EXPECT_EQ(RenderStats(batch)[1], text);
    EXPECT_FALSE(batch.Find(ColumnRole::kNumRecords)->IsValid(1));
  }
}

TEST(EntryBatchBuilderTest, OddObjectsComeBack) {
  for (const char* const text :
       {"{}", R"({"numRecords":"5"})", R"({"numRecords":null})", R"({"minValues":{}})",
        R"({"minValues":null})", R"({"minValues":5,"maxValues":{"l":1}})", R"({"minValues":{"st":5}})",
        R"({"minValues":{"st":{}}})", R"({"minValues":{"st":{"de":{}}}})", R"({"minValues":{"l":{"x":1}}})",
        R"({"extra":{"a":[1,{"b":null}]}})", R"({"tightBounds":"yes"})",
        R"({"nullCount":{"l":1.5,"nope":1}})", R"({"minValues":{"":1}})"}) {
    const Batch batch = BatchOf({text, text});
    for (const std::size_t row : {0, 1}) {
      EXPECT_TRUE(fakes::JsonEqual(text, *RenderStats(batch)[row])) << text << "\n"
                                                                    << *RenderStats(batch)[row];
    }
  }
}

TEST(EntryBatchBuilderTest, FramesSurviveWhatDoesNotFit) {
  const std::vector<std::string> texts = {R"({"numRecords":1,"minValues":{"l":1,"s":"a"}})",
                                          R"({"numRecords":2,"minValues":{"l":2,"s":"b"}})",
                                          R"({"numRecords":3,"minValues":{"l":2.5,"s":"b"}})",
                                          R"({"numRecords":4,"minValues":{"s":"c"}})",
                                          R"({"numRecords":5,"minValues":{"l":5,"s":"\u0041"}})",
                                          R"({"numRecords":6,"minValues":{"l":06,"s":"d"}})",
                                          R"({"numRecords":7,"minValues":{"l":7,"s":"e"}} )",
                                          R"({ "numRecords" : 8 })",
                                          R"({"numRecords":9,"minValues":{"l":-9,"s":"f"}})",
                                          R"({"numRecords":10,"minValues":{"l":1,"s":"a"})",
                                          R"({"numRecords":11,"minValues":{"s":"g"}})"};
  const Batch batch = BatchOf(texts);
  const auto rendered = RenderStats(batch);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    EXPECT_TRUE(fakes::JsonEqual(texts[row], *rendered[row])) << texts[row] << "\n" << *rendered[row];
  }
  EXPECT_EQ(ValueOf(batch, ColumnRole::kMin, "l", kLong, 8), types::PhysicalValue(-9));
  EXPECT_EQ(FormOf(batch, 5), static_cast<std::int64_t>(StatsForm::kRaw));
}

TEST(EntryBatchBuilderTest, RandomTextsComeBack) {
  std::mt19937 random(11);
  const std::string base =
      R"({"numRecords":12,"minValues":{"l":-5,"g":1.5,"s":"ab","t":"2024-01-01T12:00:00.000Z","st":{"in":3}},)"
      R"("maxValues":{"y":"2024-01-01","d":1.25},"nullCount":{"l":0}})";
  std::vector<std::string> texts;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = base;
    const std::string_view alphabet = "0123456789.-e\"{}[]:,atZ \\";
    for (int change = 0; change < 1 + i % 2; ++change)
      text[random() % text.size()] = alphabet[random() % alphabet.size()];
    texts.push_back(std::move(text));
  }
  const Batch batch = BatchOf(texts);
  const auto rendered = RenderStats(batch);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    ASSERT_TRUE(fakes::JsonEqual(texts[row], *rendered[row])) << texts[row] << "\n" << *rendered[row];
  }
}

TEST(EntryBatchBuilderTest, EveryFieldOfAnAdd) {
  EntryBatchBuilder builder(TestSchema());
  AddAction add;
  add.path = "a%20b";
  add.partition_values = {{"p", "2024-01-02"}, {"q", ""}, {"foreign", "z"}};
  add.size_bytes = 5;
  add.modification_time_ms = 6;
  add.data_change = true;
  add.tags_json = R"({"k":"v"})";
  add.deletion_vector = DeletionVectorDescriptor{"u", "dv", 1, 2, 3};
  add.base_row_id = 8;
  add.default_row_commit_version = 9;
  add.clustering_provider = "liquid";
  add.residual_json = R"({"x":1})";
  builder.Append(add);
  AddAction bare;
  bare.path = "b";
  bare.partition_values = {{"p", "never"}, {"q", std::nullopt}};
  builder.Append(bare);
  const Batch batch = builder.Finish();
  EXPECT_EQ(builder.rows(), 0u);
  ASSERT_EQ(batch.rows, 2u);
  EXPECT_EQ(batch.Find(ColumnRole::kPath)->strings[0], "a%20b");
  EXPECT_EQ(batch.Find(ColumnRole::kSize)->ints[0], 5);
  EXPECT_EQ(batch.Find(ColumnRole::kModificationTime)->ints[0], 6);
  EXPECT_EQ(batch.Find(ColumnRole::kDataChange)->ints[0], 1);
  EXPECT_EQ(batch.Find(ColumnRole::kTags)->strings[0], R"({"k":"v"})");
  EXPECT_EQ(batch.Find(ColumnRole::kDvStorageType)->strings[0], "u");
  EXPECT_EQ(batch.Find(ColumnRole::kDvOffset)->ints[0], 1);
  EXPECT_EQ(batch.Find(ColumnRole::kDvCardinality)->ints[0], 3);
  EXPECT_FALSE(batch.Find(ColumnRole::kDvStorageType)->IsValid(1));
  EXPECT_EQ(batch.Find(ColumnRole::kBaseRowId)->ints[0], 8);
  EXPECT_EQ(batch.Find(ColumnRole::kDefaultRowCommitVersion)->ints[0], 9);
  EXPECT_EQ(batch.Find(ColumnRole::kClusteringProvider)->strings[0], "liquid");
  EXPECT_EQ(batch.Find(ColumnRole::kActionResidual)->strings[0], R"({"x":1})");
  EXPECT_EQ(batch.Find(ColumnRole::kStatsForm), nullptr) << "null in every row";
  EXPECT_EQ(static_cast<std::uint64_t>(batch.Find(ColumnRole::kKeyHash)->ints[0]),
            types::FileKeyHash("a%20b", "udv@1"));
  EXPECT_EQ(static_cast<std::uint64_t>(batch.Find(ColumnRole::kKeyHash)->ints[1]),
            types::FileKeyHash("b", ""));
  const types::PrimitiveType text{TypeKind::kString, 0, 0};
  const types::PrimitiveType date{TypeKind::kDate, 0, 0};
  EXPECT_EQ(ValueOf(batch, ColumnRole::kPartition, "p", text), types::PhysicalValue("2024-01-02"));
  EXPECT_EQ(ValueOf(batch, ColumnRole::kPartition, "q", text), types::PhysicalValue(""));
  EXPECT_EQ(ValueOf(batch, ColumnRole::kPartition, "q", text, 1), kNone);
  EXPECT_EQ(ValueOf(batch, ColumnRole::kPartition, "foreign", text), types::PhysicalValue("z"));
  EXPECT_EQ(ValueOf(batch, ColumnRole::kPartitionValue, "p", date), types::PhysicalValue(19724));
  EXPECT_EQ(ValueOf(batch, ColumnRole::kPartition, "p", text, 1), types::PhysicalValue("never"));
  EXPECT_EQ(ValueOf(batch, ColumnRole::kPartitionValue, "p", date, 1), kNone) << "unknown, not a value";
  EXPECT_FALSE(RenderStats(batch)[0]);
}

// "Several columns of one path": the narrow one has the value as the log spelt it.
TEST(RenderStatsTest, AWidenedColumnIsWrittenAsItWasRead) {
  Batch batch;
  batch.rows = 2;
  const auto add = [&](ColumnRole role, const char* path, types::PrimitiveType type, auto... values) {
    columnar::BatchColumn column{{role, path, type}, {}};
    (column.values.PushValue(values), ...);
    batch.columns.push_back(std::move(column));
  };
  using types::PhysicalValue;
  add(ColumnRole::kStatsForm, "", {TypeKind::kLong, 0, 0}, PhysicalValue(std::int64_t{1}), PhysicalValue(std::int64_t{1}));
  add(ColumnRole::kMin, "d", {TypeKind::kTimestampNtz, 0, 0}, PhysicalValue(std::int64_t{86'400'000'000}),
      PhysicalValue(std::int64_t{0}));
  add(ColumnRole::kMin, "d", {TypeKind::kDate, 0, 0}, PhysicalValue(std::int64_t{1}), PhysicalValue());
  const auto stats = RenderStats(batch);
  EXPECT_EQ(stats[0], R"({"minValues":{"d":"1970-01-02"}})");
  EXPECT_EQ(stats[1], R"({"minValues":{"d":"1970-01-01T00:00:00.000"}})");
}

TEST(RemovesToBatchTest, EveryFieldOfARemove) {
  RemoveAction remove;
  remove.path = "r";
  remove.deletion_timestamp_ms = 5;
  remove.data_change = true;
  remove.extended_file_metadata = true;
  remove.partition_values.emplace().emplace_back("q", "v");
  remove.size_bytes = 6;
  remove.tags_json = "{}";
  remove.deletion_vector = DeletionVectorDescriptor{"p", "/x", std::nullopt, 2, 3};
  remove.stats_json = "{}";
  remove.residual_json = R"({"y":1})";
  RemoveAction bare;
  bare.path = "s";
  const Batch batch = RemovesToBatch({remove, bare}, TestSchema());
  ASSERT_EQ(batch.rows, 2u);
  EXPECT_EQ(batch.Find(ColumnRole::kDeletionTimestamp)->ints[0], 5);
  EXPECT_FALSE(batch.Find(ColumnRole::kDeletionTimestamp)->IsValid(1));
  EXPECT_EQ(batch.Find(ColumnRole::kRemoveDataChange)->ints[1], 0);
  EXPECT_EQ(batch.Find(ColumnRole::kExtendedFileMetadata)->ints[0], 1);
  EXPECT_EQ(batch.Find(ColumnRole::kSize)->ints[0], 6);
  EXPECT_EQ(batch.Find(ColumnRole::kRemoveResidual)->strings[0], R"({"y":1,"stats":"{}"})");
  EXPECT_FALSE(batch.Find(ColumnRole::kRemoveResidual)->IsValid(1));
  EXPECT_EQ(static_cast<std::uint64_t>(batch.Find(ColumnRole::kKeyHash)->ints[0]),
            types::FileKeyHash("r", "p/x"));
  EXPECT_EQ(ValueOf(batch, ColumnRole::kPartition, "q", {TypeKind::kString, 0, 0}),
            types::PhysicalValue("v"));
}

}  // namespace
}  // namespace levee::delta

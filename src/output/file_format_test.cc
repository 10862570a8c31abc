#include "output/file_format.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "types/schema.h"

namespace levee::output {
namespace {

using columnar::Batch;
using columnar::ColumnKey;
using columnar::ColumnRole;
using columnar::PlainKey;
using types::TypeKind;

// Collects what a format writes in a temporary file.
class FileFormatTest : public testing::Test {
 protected:
  FileFormatTest() : file_(std::tmpfile()), writer_(fileno(file_)) {}
  ~FileFormatTest() override { std::fclose(file_); }

  std::string Print(FileFormat& format, const FileRows& rows) {
    EXPECT_TRUE(format.Write(rows));
    EXPECT_TRUE(format.Finish());
    return Printed();
  }

  std::string Printed() {
    EXPECT_TRUE(writer_.Flush());
    std::string text(writer_.total_bytes(), '\0');
    EXPECT_EQ(::pread(fileno(file_), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
    return text;
  }

  std::FILE* file_;
  BufferedWriter writer_;
};

void SetColumn(Batch& batch, const ColumnKey& key, const std::vector<types::PhysicalValue>& values) {
  columnar::BatchColumn column{key, {}};
  column.values.physical = types::PhysicalTypeOf(key.type);
  for (const types::PhysicalValue& value : values) column.values.PushValue(value);
  batch.rows = values.size();
  batch.columns.push_back(std::move(column));
}

types::PhysicalValue Text(std::string text) { return text; }
types::PhysicalValue Integer(std::int64_t value) { return value; }
constexpr std::monostate kNull;

Batch TwoFiles() {
  Batch batch;
  SetColumn(batch, PlainKey(ColumnRole::kPath), {Text("a,\"1\".parquet"), Text("b%20.parquet")});
  SetColumn(batch, PlainKey(ColumnRole::kSize), {Integer(1420), Integer(7)});
  SetColumn(batch, PartitionKey("day"), {Text("2024-01-31"), kNull});
  SetColumn(batch, PartitionKey("old"), {kNull, Text("")});
  SetColumn(batch, PlainKey(ColumnRole::kNumRecords), {Integer(3), kNull});
  SetColumn(batch, PlainKey(ColumnRole::kDvStorageType), {kNull, Text("u")});
  SetColumn(batch, PlainKey(ColumnRole::kDvPathOrInline), {kNull, Text("ab^-x")});
  SetColumn(batch, PlainKey(ColumnRole::kDvOffset), {kNull, Integer(1)});
  SetColumn(batch, PlainKey(ColumnRole::kDvSizeInBytes), {kNull, Integer(36)});
  SetColumn(batch, PlainKey(ColumnRole::kDvCardinality), {kNull, Integer(2)});
  return batch;
}

FileFields Fields(const std::vector<std::string>& names) {
  FileFields fields;
  for (const std::string& name : names) {
    fields.push_back(*PlainFileField(name));
    if (name == "partitionValues") fields.back().partition_columns = {"day"};
  }
  return fields;
}

TEST_F(FileFormatTest, PathsAreLines) {
  const Batch batch = TwoFiles();
  EXPECT_EQ(Print(*MakePathsFormat(writer_), {batch, {}}), "a,\"1\".parquet\nb%20.parquet\n");
}

TEST_F(FileFormatTest, NdjsonHasTheProtocolsNames) {
  Batch batch = TwoFiles();
  SetColumn(batch, StatsTextKey(), {Text(R"({"numRecords":3})"), kNull});
  const auto format = MakeNdjsonFormat(
      Fields({"path", "size", "partitionValues", "numRecords", "deletionVector", "stats", "tags", "addedVersion"}), writer_);
  EXPECT_EQ(Print(*format, {batch, {}}),
            R"({"path":"a,\"1\".parquet","size":1420,"partitionValues":{"day":"2024-01-31"},"numRecords":3,)"
            R"("deletionVector":null,"stats":{"numRecords":3},"tags":null,"addedVersion":null})"
            "\n"
            R"({"path":"b%20.parquet","size":7,"partitionValues":{"day":null,"old":""},"numRecords":null,)"
            R"("deletionVector":{"storageType":"u","pathOrInlineDv":"ab^-x","offset":1,"sizeInBytes":36,)"
            R"("cardinality":2},"stats":null,"tags":null,"addedVersion":null})"
            "\n");
}

TEST_F(FileFormatTest, StatsThatAreNoObjectAreNull) {
  Batch batch = TwoFiles();
  SetColumn(batch, PlainKey(ColumnRole::kStatsForm), {Integer(3), Integer(1)});
  SetColumn(batch, StatsTextKey(), {Text("no json"), Text("{}")});
  EXPECT_EQ(Print(*MakeNdjsonFormat(Fields({"stats"}), writer_), {batch, {}}), "{\"stats\":null}\n{\"stats\":{}}\n");
}

// RFC 4180: quotes double inside quotes; lines end in CRLF.
TEST_F(FileFormatTest, CsvQuotes) {
  const Batch batch = TwoFiles();
  const auto format = MakeCsvFormat(Fields({"path", "size", "numRecords", "partitionValues"}), writer_);
  EXPECT_EQ(Print(*format, {batch, {}}),
            "path,size,numRecords,partitionValues\r\n"
            "\"a,\"\"1\"\".parquet\",1420,3,\"{\"\"day\"\":\"\"2024-01-31\"\"}\"\r\n"
            "b%20.parquet,7,,\"{\"\"day\"\":null,\"\"old\"\":\"\"\"\"}\"\r\n");
}

TEST_F(FileFormatTest, CsvOfNothingHasItsHeader) {
  EXPECT_TRUE(MakeCsvFormat(Fields({"path", "size"}), writer_)->Finish());
  EXPECT_EQ(Printed(), "path,size\r\n");
}

TEST_F(FileFormatTest, TableAligns) {
  const Batch batch = TwoFiles();
  EXPECT_EQ(Print(*MakeTableFormat(Fields({"path", "size", "numRecords"}), {}, writer_), {batch, {}}),
            "path              size  numRecords\n"
            "a,\"1\".parquet  1.42 KB           3\n"
            "b%20.parquet       7 B           -\n");
}

TEST_F(FileFormatTest, TableFitsATerminal) {
  Batch batch;
  SetColumn(batch, PlainKey(ColumnRole::kPath), {Text("part-00000-0123456789abcdef.snappy.parquet")});
  SetColumn(batch, PlainKey(ColumnRole::kSize), {Integer(5)});
  EXPECT_EQ(Print(*MakeTableFormat(Fields({"path", "size"}), {.width = 30, .colour = false}, writer_), {batch, {}}),
            "path                      size\n"
            "part-00000-...py.parquet   5 B\n");
}

TEST_F(FileFormatTest, ChangesStandBeforeTheFile) {
  const Batch batch = TwoFiles();
  FileFields fields{{.kind = FileFieldKind::kChange, .name = "change"},
                    {.kind = FileFieldKind::kVersion, .name = "version"},
                    {.kind = FileFieldKind::kDataChange, .name = "dataChange"}};
  fields.push_back(*PlainFileField("size"));
  const std::vector<ChangeMark> marks{{false, 3, std::nullopt}, {true, 4, true}};
  EXPECT_EQ(Print(*MakeNdjsonFormat(fields, writer_), {batch, marks}),
            "{\"change\":\"remove\",\"version\":3,\"dataChange\":null,\"size\":1420}\n"
            "{\"change\":\"add\",\"version\":4,\"dataChange\":true,\"size\":7}\n");
}

TEST_F(FileFormatTest, BoundsHaveTheirTypes) {
  const std::vector<std::tuple<types::PrimitiveType, types::PhysicalValue, std::string>> cases{
      {{TypeKind::kBoolean, 0, 0}, Integer(1), "true"},
      {{TypeKind::kLong, 0, 0}, Integer(-5), "-5"},
      {{TypeKind::kDouble, 0, 0}, types::PhysicalValue(0.25), "0.25"},
      {{TypeKind::kDecimal, 10, 2}, Integer(1250), "12.50"},
      {{TypeKind::kString, 0, 0}, Text("a\"b"), R"("a\"b")"},
      {{TypeKind::kDate, 0, 0}, Integer(19753), "\"2024-01-31\""},
      {{TypeKind::kLong, 0, 0}, kNull, "null"}};
  std::string expected;
  for (const auto& [type, value, text] : cases) {
    Batch batch;
    const ColumnKey key{ColumnRole::kMin, "c", type};
    SetColumn(batch, key, {value});
    const auto format = MakeNdjsonFormat({{.kind = FileFieldKind::kBound, .name = "min.c", .column = key}}, writer_);
    EXPECT_TRUE(format->Write({batch, {}}));
    expected += "{\"min.c\":" + text + "}\n";
  }
  EXPECT_EQ(Printed(), expected);
}

TEST(PlainFileField, KnowsTheProtocolsNamesOnly) {
  EXPECT_TRUE(PlainFileField("modificationTime"));
  EXPECT_FALSE(PlainFileField("modificationtime"));
  EXPECT_FALSE(PlainFileField("min.id"));
}

}  // namespace
}  // namespace levee::output

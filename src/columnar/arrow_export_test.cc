// What is exported is what pyarrow reads.
#include "columnar/arrow_export.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "columnar/arrow_array.h"

namespace levee::columnar {
namespace {

using types::PhysicalType;
using types::PrimitiveType;
using types::TypeKind;

class Batches : public BatchStream {
 public:
  explicit Batches(std::vector<Batch> batches, bool fails = false)
      : batches_(std::move(batches)), fails_(fails) {}
  Result<std::unique_ptr<Batch>> Next() override {
    if (next_ < batches_.size()) return std::make_unique<Batch>(batches_[next_++]);
    if (fails_) return Fail(ErrorCode::kCorrupt, "blob 7", "broken");
    return std::unique_ptr<Batch>();
  }

 private:
  std::vector<Batch> batches_;
  std::size_t next_ = 0;
  bool fails_;
};

ColumnKey Min(std::string path, PrimitiveType type) { return {ColumnRole::kMin, std::move(path), type}; }
ColumnKey Partition(std::string path) {
  return {ColumnRole::kPartition, std::move(path), {TypeKind::kString, 0, 0}};
}

const std::vector<PrimitiveType> kTypes = {
    {TypeKind::kBoolean, 0, 0},   {TypeKind::kByte, 0, 0},        {TypeKind::kShort, 0, 0},
    {TypeKind::kInteger, 0, 0},   {TypeKind::kLong, 0, 0},        {TypeKind::kFloat, 0, 0},
    {TypeKind::kDouble, 0, 0},    {TypeKind::kDecimal, 10, 2},    {TypeKind::kDecimal, 38, 3},
    {TypeKind::kString, 0, 0},    {TypeKind::kBinary, 0, 0},      {TypeKind::kDate, 0, 0},
    {TypeKind::kTimestamp, 0, 0}, {TypeKind::kTimestampNtz, 0, 0}};

// Three rows: a value, null, another value.
Batch TypedBatch() {
  Batch batch;
  batch.rows = 3;
  for (std::size_t i = 0; i < kTypes.size(); ++i) {
    ColumnVector values;
    values.physical = types::PhysicalTypeOf(kTypes[i]);
    for (const int number : {1, 0, -5}) {
      if (number == 0) {
        values.PushNull();
      } else if (values.physical == PhysicalType::kInt64) {
        values.PushInt(kTypes[i].kind == TypeKind::kBoolean ? number > 0 : number);
      } else if (values.physical == PhysicalType::kDouble) {
        values.PushDouble(number * 0.5);
      } else if (kTypes[i].kind == TypeKind::kDecimal) {
        values.PushString(
            types::EncodeWideDecimal(types::Int128{number} * 1'000'000'000'000 * 1'000'000'000'000));
      } else {
        values.PushString("t" + std::to_string(number));
      }
    }
    batch.columns.push_back({Min("c" + std::to_string(i), kTypes[i]), std::move(values)});
  }
  return batch;
}

std::string Python() {
  const char* const given = std::getenv("LEVEE_TEST_PYTHON");
  if (given != nullptr) return given;
  // src/columnar/arrow_export_test.cc -> the checkout
  std::string root = __FILE__;
  for (int up = 0; up < 3; ++up) root.resize(root.rfind('/'));
  return root + "/build/_deps/venv/bin/python";
}

// Writes the stream to a file and lets pyarrow run `script` with `t` as its table; gives what it prints.
std::string ReadWithPyarrow(std::unique_ptr<BatchStream> batches, std::vector<ArrowColumn> columns,
                            const std::string& script) {
  char path[] = "/tmp/levee_arrow_XXXXXX";
  const int file = mkstemp(path);
  const Status status = WriteArrowIpc(std::move(batches), std::move(columns), FileDescriptorSink(file));
  close(file);
  EXPECT_TRUE(status.has_value()) << (status ? "" : status.error().ToString());
  const std::string command = Python() + " -c \"import pyarrow as pa; r = pa.ipc.open_stream('" + path +
                              "'); t = r.read_all(); t.validate(full=True); " + script + "\" 2>&1";
  std::FILE* const pipe = popen(command.c_str(), "r");
  std::string out;
  std::array<char, 4096> buffer;
  while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe))
    out.append(buffer.data(), size);
  pclose(pipe);
  unlink(path);
  return out;
}

#define SKIP_WITHOUT_PYARROW() \
  if (access(Python().c_str(), X_OK) != 0) GTEST_SKIP() << "no python with pyarrow at " << Python()

TEST(ArrowIpc, EveryTypeIsReadBack) {
  SKIP_WITHOUT_PYARROW();
  std::vector<ArrowColumn> columns;
  for (std::size_t i = 0; i < kTypes.size(); ++i) {
    columns.push_back({"c" + std::to_string(i), {}, Min("c" + std::to_string(i), kTypes[i]), {}});
  }
  columns.push_back({"absent", {}, Min("absent", {TypeKind::kString, 0, 0}), {}});
  const std::string out =
      ReadWithPyarrow(std::make_unique<Batches>(std::vector<Batch>{TypedBatch(), TypedBatch()}), columns,
                      "[print(f.type, t.column(f.name).to_pylist()[2:4]) for f in t.schema]");
  EXPECT_EQ(
      out,
      "bool [False, True]\n"
      "int8 [-5, 1]\n"
      "int16 [-5, 1]\n"
      "int32 [-5, 1]\n"
      "int64 [-5, 1]\n"
      "float [-2.5, 0.5]\n"
      "double [-2.5, 0.5]\n"
      "decimal128(10, 2) [Decimal('-0.05'), Decimal('0.01')]\n"
      "decimal128(38, 3) [Decimal('-5000000000000000000000.000'), Decimal('1000000000000000000000.000')]\n"
      "string ['t-5', 't1']\n"
      "binary [b't-5', b't1']\n"
      "date32[day] [datetime.date(1969, 12, 27), datetime.date(1970, 1, 2)]\n"
      "timestamp[us, tz=UTC] [datetime.datetime(1969, 12, 31, 23, 59, 59, 999995, "
      "tzinfo=zoneinfo.ZoneInfo(key='UTC')), "
      "datetime.datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=zoneinfo.ZoneInfo(key='UTC'))]\n"
      "timestamp[us] [datetime.datetime(1969, 12, 31, 23, 59, 59, 999995), datetime.datetime(1970, 1, 1, 0, "
      "0, 0, 1)]\n"
      "string [None, None]\n");
}

Batch PartitionedBatch(int rows) {
  Batch batch;
  batch.rows = static_cast<std::size_t>(rows);
  ColumnVector date, region;
  date.physical = region.physical = PhysicalType::kString;
  for (int i = 0; i < rows; ++i) {
    date.PushString("2024-01-0" + std::to_string(i));
    i == 1 ? region.PushNull() : region.PushString(i == 2 ? "" : "a region with a long name");
  }
  batch.columns.push_back({Partition("date"), std::move(date)});
  batch.columns.push_back({Partition("region"), std::move(region)});
  return batch;
}

TEST(ArrowIpc, PartitionValuesAreAMap) {
  SKIP_WITHOUT_PYARROW();
  const std::vector<ArrowColumn> columns = {
      {"partitionValues",
       ArrowColumn::Kind::kPartitionMap,
       {},
       {{"date", Partition("date")}, {"region", Partition("region")}, {"gone", Partition("gone")}}},
      {"one", ArrowColumn::Kind::kPartitionMap, {}, {{"region", Partition("region")}}},
      {"none", ArrowColumn::Kind::kPartitionMap, {}, {}},
      {"date", {}, Partition("date"), {}}};
  const std::string out =
      ReadWithPyarrow(std::make_unique<Batches>(std::vector<Batch>{PartitionedBatch(3), PartitionedBatch(1)}),
                      columns, "print(t.schema.field(0).type); [print(row) for row in t.to_pylist()]");
  EXPECT_EQ(out,
            "map<string, string>\n"
            "{'partitionValues': [('date', '2024-01-00'), ('region', 'a region with a long name'), ('gone', "
            "None)], "
            "'one': [('region', 'a region with a long name')], 'none': [], 'date': '2024-01-00'}\n"
            "{'partitionValues': [('date', '2024-01-01'), ('region', None), ('gone', None)], "
            "'one': [('region', None)], 'none': [], 'date': '2024-01-01'}\n"
            "{'partitionValues': [('date', '2024-01-02'), ('region', ''), ('gone', None)], "
            "'one': [('region', '')], 'none': [], 'date': '2024-01-02'}\n"
            "{'partitionValues': [('date', '2024-01-00'), ('region', 'a region with a long name'), ('gone', "
            "None)], "
            "'one': [('region', 'a region with a long name')], 'none': [], 'date': '2024-01-00'}\n");
}

TEST(ArrowIpc, AnEmptyStreamHasItsSchema) {
  SKIP_WITHOUT_PYARROW();
  EXPECT_EQ(ReadWithPyarrow(std::make_unique<Batches>(std::vector<Batch>{}),
                            {{"x", {}, Min("x", {TypeKind::kLong, 0, 0}), {}}},
                            "print(t.num_rows, t.schema.names)"),
            "0 ['x']\n");
}

TEST(ArrowStream, MovesBuffersAndReleases) {
  ArrowArrayStream stream;
  ExportArrowStream(std::make_unique<Batches>(std::vector<Batch>{TypedBatch()}),
                    {{"long", {}, Min("c4", kTypes[4]), {}}, {"again", {}, Min("c4", kTypes[4]), {}}},
                    &stream);
  ArrowSchema schema;
  ASSERT_EQ(stream.get_schema(&stream, &schema), 0);
  EXPECT_STREQ(schema.format, "+s");
  ASSERT_EQ(schema.n_children, 2);
  EXPECT_STREQ(schema.children[0]->format, "l");
  EXPECT_STREQ(schema.children[1]->name, "again");
  schema.release(&schema);
  ArrowArray array;
  ASSERT_EQ(stream.get_next(&stream, &array), 0);
  ASSERT_EQ(array.length, 3);
  for (int i = 0; i < 2; ++i) {
    const ArrowArray& column = *array.children[i];
    EXPECT_EQ(column.null_count, 1);
    EXPECT_EQ(static_cast<const std::uint8_t*>(column.buffers[0])[0], 0b101);
    EXPECT_EQ(static_cast<const std::int64_t*>(column.buffers[1])[2], -5);
  }
  // A child that a consumer took lives on without its parent.
  ArrowArray taken = *array.children[0];
  array.children[0]->release = nullptr;
  array.release(&array);
  EXPECT_EQ(array.release, nullptr);
  EXPECT_EQ(static_cast<const std::int64_t*>(taken.buffers[1])[0], 1);
  taken.release(&taken);
  ASSERT_EQ(stream.get_next(&stream, &array), 0);
  EXPECT_EQ(array.release, nullptr);
  stream.release(&stream);
  EXPECT_EQ(stream.release, nullptr);
}

TEST(ArrowStream, GivesTheErrorOfItsBatches) {
  ArrowArrayStream stream;
  ExportArrowStream(std::make_unique<Batches>(std::vector<Batch>{}, true), {}, &stream);
  ArrowArray array;
  EXPECT_NE(stream.get_next(&stream, &array), 0);
  EXPECT_EQ(std::string(stream.get_last_error(&stream)), "blob 7: broken");
  stream.release(&stream);

  const Status status = WriteArrowIpc(std::make_unique<Batches>(std::vector<Batch>{}, true), {},
                                      [](ByteSpan) { return Status(); });
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(status.error().what, "blob 7");
}

TEST(ArrowStream, RefusesAColumnOfAnotherType) {
  Batch batch = TypedBatch();
  batch.columns[4].values = batch.columns[9].values;  // text where the key says long
  ArrowArrayStream stream;
  ExportArrowStream(std::make_unique<Batches>(std::vector<Batch>{batch}),
                    {{"x", {}, Min("c4", kTypes[4]), {}}}, &stream);
  ArrowArray array;
  EXPECT_NE(stream.get_next(&stream, &array), 0);
  stream.release(&stream);
}

TEST(ArrowIpc, GivesTheErrorOfItsSink) {
  const Status status = WriteArrowIpc(
      std::make_unique<Batches>(std::vector<Batch>{TypedBatch()}), {{"x", {}, Min("c4", kTypes[4]), {}}},
      [](ByteSpan) -> Status { return Fail(ErrorCode::kUnavailable, "pipe", "full"); });
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(FileDescriptorSink(-1)(AsBytes("x")).has_value());
}

}  // namespace
}  // namespace levee::columnar

#include "catalog/table_state.h"

#include <gmock/gmock.h>

#include "catalog/table_columns.h"
#include "types/value.h"

namespace levee::catalog {
namespace {

using columnar::ColumnKey;
using columnar::ColumnRole;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using types::TypeKind;

constexpr char kProtocol[] = R"({"minReaderVersion":1,"minWriterVersion":2})";
constexpr char kMetadata[] =
    R"({"id":"m","format":{"provider":"parquet","options":{}},"schemaString":)"
    R"("{\"type\":\"struct\",\"fields\":[{\"name\":\"a\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}}]}",)"
    R"("partitionColumns":[],"configuration":{},"createdTime":0})";

store::StateRecord Record(delta::StateKind kind, const std::string& key, const std::string& json) {
  return {.kind = static_cast<std::uint8_t>(kind), .key = key, .version = 0, .json = json};
}

TEST(TableStateTest, KeepsTransactionsAndLiveDomains) {
  const auto state = BuildTableState(
      {}, {.version = 4},
      {Record(delta::StateKind::kProtocol, "", kProtocol), Record(delta::StateKind::kMetadata, "", kMetadata),
       Record(delta::StateKind::kTransaction, "app", R"({"appId":"app","version":7})"),
       Record(delta::StateKind::kDomainMetadata, "d", R"({"domain":"d","configuration":"{\"x\":1}","removed":false})"),
       Record(delta::StateKind::kDomainMetadata, "e", R"({"domain":"e","configuration":"","removed":true})")});
  ASSERT_TRUE(state) << state.error().ToString();
  EXPECT_EQ(state->version, 4);
  EXPECT_EQ(state->transactions.at("app"), 7);
  ASSERT_EQ(state->domains.size(), 1u);
  EXPECT_EQ(state->domains.at("d"), R"({"x":1})");
}

TEST(TableStateTest, RefusesWhatIsMissingOrUnreadable) {
  const auto no_protocol = BuildTableState({}, {}, {Record(delta::StateKind::kMetadata, "", kMetadata)});
  ASSERT_FALSE(no_protocol);
  EXPECT_EQ(no_protocol.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(no_protocol.error().why, HasSubstr("protocol"));
  const auto no_metadata = BuildTableState({}, {}, {Record(delta::StateKind::kProtocol, "", kProtocol)});
  ASSERT_FALSE(no_metadata);
  EXPECT_THAT(no_metadata.error().why, HasSubstr("metaData"));
  const auto newer = BuildTableState(
      {}, {}, {Record(delta::StateKind::kProtocol, "", R"({"minReaderVersion":9,"minWriterVersion":9})"),
               Record(delta::StateKind::kMetadata, "", kMetadata)});
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, ErrorCode::kUnsupported);
  const auto bad_transaction = BuildTableState({}, {}, {Record(delta::StateKind::kTransaction, "a", R"({"version":"x"})")});
  ASSERT_FALSE(bad_transaction);
  EXPECT_EQ(bad_transaction.error().code, ErrorCode::kCorrupt);
}

TEST(TableStateTest, InCommitTimestampsNeedToBeEnabled) {
  delta::Metadata metadata;
  EXPECT_EQ(InCommitTimestampsFrom(metadata), std::nullopt);
  metadata.configuration["delta.inCommitTimestampEnablementVersion"] = "7";
  EXPECT_EQ(InCommitTimestampsFrom(metadata), std::nullopt);
  metadata.configuration["delta.enableInCommitTimestamps"] = "true";
  EXPECT_EQ(InCommitTimestampsFrom(metadata), 7);
  metadata.configuration.erase("delta.inCommitTimestampEnablementVersion");
  EXPECT_EQ(InCommitTimestampsFrom(metadata), 0);
}

types::Field Leaf(const std::string& name, TypeKind kind, const std::string& physical = "") {
  return {.name = name, .type = {.primitive = {kind}}, .physical_name = physical.empty() ? name : physical};
}

types::Schema NestedSchema() {
  types::Field nested{.name = "Point", .type = {.primitive = {TypeKind::kStruct}}, .physical_name = "col-2"};
  nested.type.fields = std::make_shared<const std::vector<types::Field>>(
      std::vector<types::Field>{Leaf("x", TypeKind::kDouble, "col-3"), Leaf("X", TypeKind::kLong, "col-4")});
  types::Field list{.name = "tags", .type = {.primitive = {TypeKind::kArray}}, .physical_name = "tags"};
  list.type.fields = std::make_shared<const std::vector<types::Field>>(
      std::vector<types::Field>{Leaf("element", TypeKind::kString)});
  return {.fields = {Leaf("Day", TypeKind::kDate, "col-1"), nested, list, Leaf("a.b", TypeKind::kString)},
          .partition_columns = {"Day"}};
}

TEST(SchemaResolverTest, BindsWithoutCaseAndByPhysicalPath) {
  const SchemaResolver resolver(NestedSchema());
  const auto day = resolver.Resolve({"DAY"});
  ASSERT_TRUE(day);
  EXPECT_EQ(day->name, "Day");
  EXPECT_EQ(day->physical_path, "col-1");
  EXPECT_TRUE(day->is_partition);
  const auto exact = resolver.Resolve({"point", "x"});
  ASSERT_TRUE(exact);
  EXPECT_EQ(exact->name, "Point.x");
  EXPECT_EQ(exact->physical_path, std::string("col-2") + types::kPathSeparator + "col-3");
  EXPECT_FALSE(exact->is_partition);
  // Names that differ in case only: the exact spelling wins.
  EXPECT_EQ(resolver.Resolve({"Point", "X"})->physical_path, std::string("col-2") + types::kPathSeparator + "col-4");
  EXPECT_EQ(resolver.Resolve({"point"})->type.kind, TypeKind::kStruct);
  EXPECT_EQ(resolver.Resolve({"tags"})->type.kind, TypeKind::kArray);
}

TEST(SchemaResolverTest, RefusesWhatIsNoColumn) {
  const SchemaResolver resolver(NestedSchema());
  EXPECT_FALSE(resolver.Resolve({"nights"}));
  EXPECT_FALSE(resolver.Resolve({"tags", "element"}));
  EXPECT_FALSE(resolver.Resolve({"Point.x"}));
  EXPECT_FALSE(resolver.Resolve({}));
  EXPECT_THAT(resolver.Names(), ElementsAre("Day", "Point", "Point.x", "Point.X", "tags", "a.b"));
}

TEST(SchemaResolverTest, DottedNamesAreTakenWholeFirst) {
  const SchemaResolver resolver(NestedSchema());
  EXPECT_EQ(resolver.ResolveDotted("a.b")->physical_path, "a.b");
  EXPECT_EQ(resolver.ResolveDotted("Point.x")->name, "Point.x");
  EXPECT_FALSE(resolver.ResolveDotted("Point."));
}

TEST(TableColumnsTest, WidenedColumnsComeOnce) {
  const types::Schema schema{.fields = {Leaf("n", TypeKind::kLong), Leaf("t", TypeKind::kString)}};
  const ColumnKey narrow{ColumnRole::kMin, "n", {TypeKind::kInteger}}, wide{ColumnRole::kMin, "n", {TypeKind::kLong}};
  const ColumnKey other{ColumnRole::kMin, "t", {TypeKind::kLong}}, dropped{ColumnRole::kMin, "gone", {TypeKind::kDate}};
  const ColumnKey path = columnar::PlainKey(ColumnRole::kPath);
  EXPECT_THAT(ColumnsAtVersion({path, narrow, wide, other, dropped}, schema),
              ElementsAre(path, dropped, wide, other));
}

}  // namespace
}  // namespace levee::catalog

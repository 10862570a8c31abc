#include "delta/actions.h"

#include <gtest/gtest.h>

#include "delta/json_text.h"

namespace levee::delta {
namespace {

using types::TypeKind;

TEST(ProtocolTest, ParsesVersionsAndFeatures) {
  const auto protocol = ParseProtocol(
      R"({"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["a","b"],"writerFeatures":["a"],"new":{}})");
  ASSERT_TRUE(protocol);
  EXPECT_EQ(protocol->min_reader_version, 3);
  EXPECT_EQ(protocol->min_writer_version, 7);
  EXPECT_EQ(protocol->reader_features->size(), 2u);
  EXPECT_FALSE(
      ParseProtocol(R"({"minReaderVersion":1,"minWriterVersion":2,"readerFeatures":null})")->reader_features);
}

TEST(ProtocolTest, RefusesWhatIsNoProtocol) {
  for (const char* const json :
       {"", "[]", "{}", R"({"minReaderVersion":1})", R"({"minWriterVersion":1})",
        R"({"minReaderVersion":"1","minWriterVersion":1})", R"({"minReaderVersion":-1,"minWriterVersion":1})",
        R"({"minReaderVersion":9999999999,"minWriterVersion":1})",
        R"({"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":"x"})",
        R"({"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":[1]})"}) {
    const auto protocol = ParseProtocol(json);
    ASSERT_FALSE(protocol) << json;
    EXPECT_EQ(protocol.error().code, ErrorCode::kCorrupt);
  }
}

TEST(CheckReadableTest, ReadsTheFeaturesOfTheDesign) {
  for (const char* const feature :
       {"columnMapping", "deletionVectors", "timestampNtz", "typeWidening", "typeWidening-preview",
        "v2Checkpoint", "vacuumProtocolCheck", "variantType", "variantType-preview", "variantShredding",
        "variantShredding-preview"}) {
    EXPECT_TRUE(CheckReadable({3, 7, {{feature}}, {}})) << feature;
  }
  EXPECT_TRUE(CheckReadable({1, 2, {}, {}}));
  EXPECT_TRUE(CheckReadable({2, 5, {}, {}}));
}

TEST(CheckReadableTest, RefusesByName) {
  const auto unknown = CheckReadable({3, 7, {{"columnMapping", "teleport"}}, {}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(unknown.error().why.find("teleport"), std::string::npos);
  for (const char* const feature : {"catalogManaged", "catalogOwned-preview"}) {
    const auto managed = CheckReadable({3, 7, {{feature}}, {}});
    ASSERT_FALSE(managed);
    EXPECT_EQ(managed.error().code, ErrorCode::kUnsupported);
    EXPECT_NE(managed.error().why.find("needs its catalog"), std::string::npos);
  }
  const auto version = CheckReadable({4, 7, {{"columnMapping"}}, {}});
  EXPECT_EQ(version.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(version.error().why.find("4"), std::string::npos);
  EXPECT_EQ(CheckReadable({3, 7, {}, {}}).error().code, ErrorCode::kCorrupt);
}

TEST(MetadataTest, ParsesEveryField) {
  const auto metadata = ParseMetadata(
      R"({"id":"i","name":"n","description":null,"format":{"provider":"parquet"},"schemaString":)"
      R"("{\"type\":\"struct\",\"fields\":[{\"name\":\"a\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}}]}",)"
      R"("partitionColumns":["a"],"configuration":{"k":"v","number":5},"createdTime":1})");
  ASSERT_TRUE(metadata) << metadata.error().ToString();
  EXPECT_EQ(metadata->id, "i");
  EXPECT_EQ(metadata->name, "n");
  EXPECT_EQ(metadata->partition_columns, std::vector<std::string>{"a"});
  EXPECT_EQ(metadata->configuration.at("k"), "v");
  EXPECT_EQ(metadata->configuration.at("number"), "5");
  ASSERT_EQ(metadata->schema.fields.size(), 1u);
  EXPECT_EQ(metadata->schema.partition_columns, std::vector<std::string>{"a"});
}

TEST(MetadataTest, SchemaMayBeAbsent) {
  for (const char* const json :
       {R"({"id":"i"})", R"({"id":"i","schemaString":""})", R"({"schemaString":null})"}) {
    const auto metadata = ParseMetadata(json);
    ASSERT_TRUE(metadata) << json;
    EXPECT_TRUE(metadata->schema.fields.empty());
  }
}

TEST(MetadataTest, RefusesWrongTypes) {
  for (const char* const json :
       {"[]", R"({"id":1})", R"({"name":{}})", R"({"schemaString":{}})", R"({"schemaString":"nonsense"})",
        R"({"partitionColumns":"a"})", R"({"partitionColumns":[1]})", R"({"configuration":[]})"}) {
    const auto metadata = ParseMetadata(json);
    ASSERT_FALSE(metadata) << json;
    EXPECT_EQ(metadata.error().code, ErrorCode::kCorrupt);
  }
}

constexpr char kSchema[] =
    R"schema({"type":"struct","fields":[
      {"name":"id","type":"long","nullable":false,"metadata":{"delta.columnMapping.id":7,
       "delta.columnMapping.physicalName":"col-x","note":1.50}},
      {"name":"d","type":"decimal(10,2)","nullable":true,"metadata":{}},
      {"name":"s","type":{"type":"struct","fields":[{"name":"x","type":"timestamp_ntz","nullable":true,"metadata":{}}]},
       "nullable":true,"metadata":{}},
      {"name":"l","type":{"type":"array","elementType":"string","containsNull":true},"nullable":true,"metadata":{}},
      {"name":"m","type":{"type":"map","keyType":"string","valueType":{"type":"struct","fields":[]},
       "valueContainsNull":false},"nullable":true,"metadata":{}},
      {"name":"u","type":{"type":"udt","class":"c","sqlType":"double"},"nullable":true,"metadata":{}},
      {"name":"v","type":"void","nullable":true,"metadata":{}},
      {"name":"w","type":{"type":"cube"},"nullable":true,"metadata":{}}]})schema";

TEST(ParseSchemaTest, ParsesEveryKindOfType) {
  const auto schema = ParseSchema(kSchema, {"id"}, "none");
  ASSERT_TRUE(schema) << schema.error().ToString();
  const std::vector<types::Field>& fields = schema->fields;
  ASSERT_EQ(fields.size(), 8u);
  EXPECT_EQ(fields[0].type.kind(), TypeKind::kLong);
  EXPECT_FALSE(fields[0].nullable);
  EXPECT_EQ(fields[0].physical_name, "id") << "mapping is off";
  EXPECT_NE(fields[0].metadata_json.find("1.50"), std::string::npos);
  EXPECT_EQ(fields[1].type.primitive, (types::PrimitiveType{TypeKind::kDecimal, 10, 2}));
  EXPECT_EQ(fields[2].type.fields->front().type.kind(), TypeKind::kTimestampNtz);
  EXPECT_EQ(fields[3].type.kind(), TypeKind::kArray);
  EXPECT_TRUE(fields[3].type.fields->front().nullable);
  EXPECT_EQ(fields[4].type.kind(), TypeKind::kMap);
  EXPECT_FALSE((*fields[4].type.fields)[1].nullable);
  EXPECT_EQ(fields[5].type.kind(), TypeKind::kDouble);
  EXPECT_EQ(fields[6].type.kind(), TypeKind::kUnknown);
  EXPECT_EQ(fields[7].type.kind(), TypeKind::kUnknown);
}

TEST(ParseSchemaTest, PhysicalNamesWhenMappingIsOn) {
  for (const char* const mode : {"name", "id"}) {
    const auto schema = ParseSchema(kSchema, {}, mode);
    ASSERT_TRUE(schema);
    EXPECT_EQ(schema->fields[0].physical_name, "col-x");
    EXPECT_EQ(schema->fields[0].column_mapping_id, 7);
    EXPECT_EQ(schema->fields[1].physical_name, "d");
  }
  EXPECT_EQ(ParseSchema(kSchema, {}, "telepathy").error().code, ErrorCode::kUnsupported);
}

TEST(ParseSchemaTest, KnowsWhichColumnsWereFloats) {
  const auto field = [](const std::string& name, const std::string& changes) {
    return R"({"name":")" + name + R"(","type":"double","nullable":true,"metadata":{)" + changes + "}}";
  };
  const auto schema = ParseSchema(
      R"({"type":"struct","fields":[)" + field("a", "") + "," +
          field("b", R"("delta.typeChanges":[{"fromType":"short","toType":"float"},{"fromType":"float","toType":"double"}])") +
          "," + field("c", R"("delta.typeChanges":[{"fromType":"integer","toType":"double"}])") + "," +
          field("d", R"("delta.typeChanges":"float")") + "]}",
      {}, "none");
  ASSERT_TRUE(schema) << schema.error().ToString();
  EXPECT_FALSE(schema->fields[0].was_float);
  EXPECT_TRUE(schema->fields[1].was_float);
  EXPECT_FALSE(schema->fields[2].was_float);
  EXPECT_FALSE(schema->fields[3].was_float);
}

TEST(ParseSchemaTest, RefusesNonsense) {
  for (const char* const text :
       {"", "{", "\"long\"", "{}", R"({"type":"struct"})", R"({"type":"struct","fields":{}})",
        R"({"type":"struct","fields":[1]})", R"({"type":"struct","fields":[{"type":"long"}]})",
        R"({"type":"struct","fields":[{"name":"a"}]})",
        R"({"type":"struct","fields":[{"name":"a","type":5}]})",
        R"({"type":"struct","fields":[{"name":"a","type":{"type":"array"}}]})",
        R"({"type":"struct","fields":[{"name":"a","type":{"type":"map","keyType":"long"}}]})"}) {
    const auto schema = ParseSchema(text, {}, "none");
    ASSERT_FALSE(schema) << text;
    EXPECT_EQ(schema.error().code, ErrorCode::kCorrupt);
  }
}

TEST(ParseSchemaTest, DepthHasALimit) {
  std::string deep = "\"long\"";
  for (int i = 0; i < 120; ++i)
    deep = R"({"type":"array","elementType":)" + deep + R"(,"containsNull":true})";
  const std::string schema = R"({"type":"struct","fields":[{"name":"a","type":)" + deep + "}]}";
  const auto parsed = ParseSchema(schema, {}, "none");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, ErrorCode::kCorrupt);
}

TEST(DeletionVectorTest, UniqueIdFollowsTheProtocol) {
  EXPECT_EQ((DeletionVectorDescriptor{"u", "ab^-aqEH.-t@S}K{vb[*k^", 4, 40, 6}.UniqueId()),
            "uab^-aqEH.-t@S}K{vb[*k^@4");
  EXPECT_EQ((DeletionVectorDescriptor{"i", "wi5b", {}, 40, 6}.UniqueId()), "iwi5b");
}

}  // namespace
}  // namespace levee::delta

#include "types/data_type.h"

#include <gtest/gtest.h>

#include "types/schema.h"

namespace levee::types {
namespace {

PrimitiveType Parsed(std::string_view name) { return ParsePrimitiveType(name); }

TEST(DataType, NamesGoRoundTrip) {
  for (const char* name :
       {"boolean", "byte", "short", "integer", "long", "float", "double", "string", "binary", "date",
        "timestamp", "timestamp_ntz", "variant", "decimal(10,2)", "decimal(38,38)", "decimal(1,0)"}) {
    EXPECT_NE(Parsed(name).kind, TypeKind::kUnknown) << name;
    EXPECT_EQ(TypeName(Parsed(name)), name);
  }
  EXPECT_EQ(TypeName(Parsed("decimal")), "decimal(10,0)");
  EXPECT_EQ(TypeName(Parsed("decimal(5)")), "decimal(5,0)");
  EXPECT_EQ(TypeName(Parsed("decimal( 12 , 3 )")), "decimal(12,3)");
}

TEST(DataType, OtherNamesAreUnknown) {
  for (const char* name :
       {"", "void", "int", "LONG", "decimal(0,0)", "decimal(39,0)", "decimal(5,6)", "decimal(5,-1)",
        "decimal(5,)", "decimal()", "decimal(5,2", "decimal(5,2)x", "decimalx", "struct"}) {
    EXPECT_EQ(Parsed(name).kind, TypeKind::kUnknown) << name;
  }
}

TEST(DataType, Physical) {
  EXPECT_EQ(PhysicalTypeOf(Parsed("decimal(18,2)")), PhysicalType::kInt64);
  EXPECT_EQ(PhysicalTypeOf(Parsed("decimal(19,2)")), PhysicalType::kString);
  EXPECT_EQ(PhysicalTypeOf(Parsed("float")), PhysicalType::kDouble);
  EXPECT_EQ(PhysicalTypeOf(Parsed("timestamp")), PhysicalType::kInt64);
  EXPECT_EQ(PhysicalTypeOf(Parsed("binary")), PhysicalType::kString);
}

TEST(DataType, WideningFollowsTheProtocol) {
  const std::pair<const char*, const char*> allowed[] = {{"byte", "short"},
                                                         {"byte", "long"},
                                                         {"short", "integer"},
                                                         {"integer", "long"},
                                                         {"integer", "double"},
                                                         {"byte", "double"},
                                                         {"float", "double"},
                                                         {"date", "timestamp_ntz"},
                                                         {"integer", "decimal(10,0)"},
                                                         {"integer", "decimal(12,2)"},
                                                         {"long", "decimal(20,0)"},
                                                         {"decimal(10,1)", "decimal(12,3)"},
                                                         {"decimal(10,1)", "decimal(20,1)"},
                                                         {"string", "string"}};
  for (const auto& [from, to] : allowed) EXPECT_TRUE(CanWiden(Parsed(from), Parsed(to))) << from << " " << to;
  const std::pair<const char*, const char*> refused[] = {{"short", "byte"},
                                                         {"long", "double"},
                                                         {"long", "integer"},
                                                         {"double", "float"},
                                                         {"integer", "float"},
                                                         {"date", "timestamp"},
                                                         {"integer", "decimal(10,1)"},
                                                         {"long", "decimal(19,0)"},
                                                         {"decimal(10,1)", "decimal(10,2)"},
                                                         {"decimal(10,1)", "decimal(11,3)"},
                                                         {"decimal(10,2)", "decimal(12,1)"},
                                                         {"integer", "string"},
                                                         {"timestamp", "date"},
                                                         {"decimal(5,0)", "long"},
                                                         {"boolean", "byte"}};
  for (const auto& [from, to] : refused)
    EXPECT_FALSE(CanWiden(Parsed(from), Parsed(to))) << from << " " << to;
}

Field Leaf(std::string name, const char* type, std::string physical = {}) {
  return {.name = std::move(name),
          .type = {Parsed(type), nullptr},
          .nullable = false,
          .physical_name = std::move(physical)};
}

TEST(Schema, LeavesGoThroughStructsOnly) {
  auto inner = std::make_shared<std::vector<Field>>();
  inner->push_back(Leaf("x", "long", "col-2"));
  inner->push_back(
      {.name = "list",
       .type = {{TypeKind::kArray},
                std::make_shared<std::vector<Field>>(std::vector<Field>{Leaf("element", "long")})}});
  Schema schema;
  schema.fields.push_back(Leaf("Day", "date"));
  schema.fields.push_back(
      {.name = "s", .type = {{TypeKind::kStruct}, inner}, .nullable = true, .physical_name = "col-1"});
  schema.partition_columns = {"day"};
  const auto leaves = schema.Leaves();
  ASSERT_EQ(leaves.size(), 3u);
  EXPECT_TRUE(leaves[0].is_partition);
  EXPECT_FALSE(leaves[0].nullable);
  EXPECT_EQ(leaves[0].physical_path, "Day");
  EXPECT_EQ(leaves[1].logical_path, (std::vector<std::string>{"s", "x"}));
  EXPECT_EQ(leaves[1].physical_path, std::string("col-1") + kPathSeparator + "col-2");
  EXPECT_TRUE(leaves[1].nullable);  // the struct may be null
  EXPECT_FALSE(leaves[1].is_partition);
  EXPECT_EQ(leaves[2].type.kind, TypeKind::kArray);
}

}  // namespace
}  // namespace levee::types

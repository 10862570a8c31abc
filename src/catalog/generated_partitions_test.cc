#include <gmock/gmock.h>

#include "catalog/catalog_test_bed.h"

namespace levee::catalog {
namespace {

constexpr char kGenerated[] =
    R"({\"type\":\"struct\",\"fields\":[{\"name\":\"name\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}},)"
    R"({\"name\":\"Region\",\"type\":\"string\",\"nullable\":true,)"
    R"(\"metadata\":{\"delta.generationExpression\":\"SUBSTRING(name, 1, 2)\"}}]})";

class GeneratedPartitionsTest : public CatalogTestBed {
 protected:
  void Fill(const std::string& protocol) {
    Commit(0, protocol + MetadataLine("", kGenerated) + AddLine({.path = "eu"}) +
                  AddLine({.path = "us", .region = "us"}) + AddLine({.path = "none", .region = ""}));
  }
};

TEST_F(GeneratedPartitionsTest, APredicateOnTheSourcePrunesPartitions) {
  Fill(R"({"protocol":{"minReaderVersion":1,"minWriterVersion":4}})" "\n");
  EXPECT_EQ(Paths({}, {.where = "name = 'eu-west'"}), "eu");
  EXPECT_EQ(Paths({}, {.where = "name >= 'f'"}), "us");
  EXPECT_EQ(Paths({}, {.where = "name < 'f'"}), "eu none");
  EXPECT_EQ(Paths({}, {.where = "name IN ('us-east', 'xx')"}), "us");
  EXPECT_EQ(Paths({}, {.where = "name IS NULL"}), "none");
  EXPECT_EQ(Paths({}, {.where = "name = ''"}), "none");
  EXPECT_EQ(Paths({}, {.where = "name <> 'eu'"}), "eu none us");
  EXPECT_EQ(Paths({}, {.where = "name = 'eu' OR name > 'v'"}), "eu");
}

TEST_F(GeneratedPartitionsTest, NamedAsAWriterFeatureItDoesToo) {
  Fill(R"({"protocol":{"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["generatedColumns"]}})" "\n");
  EXPECT_EQ(Paths({}, {.where = "name = 'eu-west'"}), "eu");
}

// Writers that do not know the expression may have put any value there.
TEST_F(GeneratedPartitionsTest, WithoutTheFeatureNothingIsImplied) {
  Fill(R"({"protocol":{"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["appendOnly"]}})" "\n");
  EXPECT_EQ(Paths({}, {.where = "name = 'eu-west'"}), "eu none us");
}

}  // namespace
}  // namespace levee::catalog

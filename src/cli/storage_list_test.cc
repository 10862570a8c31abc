#include "cli/storage_list.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace levee::cli {
namespace {

std::string ErrorOf(std::string_view text, std::vector<std::string> wanted = {}) {
  const auto listed = ParseStorageList(text, wanted);
  EXPECT_FALSE(listed);
  return listed ? "" : listed.error().ToString();
}

TEST(StorageList, ReadsQuotesNullsAndNumbers) {
  const std::vector<std::string> wanted{"size", "owner", "zeros"};
  const auto listed = ParseStorageList(
      "\xEF\xBB\xBFsize,path,owner,zeros\r\n"
      "10,a,\"x, \"\"y\"\"\r\nz\",007\r\n"
      "\n"
      ",\"b \",,\n"
      "-3,c,\"\",1",
      wanted);
  ASSERT_TRUE(listed) << listed.error().ToString();
  EXPECT_EQ(listed->paths, (std::vector<std::string>{"a", "b ", "c"}));
  const columnar::Batch& rows = *listed->rows;
  ASSERT_EQ(rows.rows, 3U);
  ASSERT_EQ(rows.columns.size(), 3U);
  EXPECT_EQ(rows.columns[0].key.type.kind, types::TypeKind::kLong);
  EXPECT_EQ(rows.columns[0].values.ints, (std::vector<std::int64_t>{10, 0, -3}));
  EXPECT_FALSE(rows.columns[0].values.IsValid(1));
  EXPECT_EQ(rows.columns[1].values.strings[0], "x, \"y\"\r\nz");
  EXPECT_FALSE(rows.columns[1].values.IsValid(1));
  EXPECT_TRUE(rows.columns[1].values.IsValid(2));
  // Would print otherwise than it was written.
  EXPECT_EQ(rows.columns[2].key.type.kind, types::TypeKind::kString);
  EXPECT_EQ(rows.columns[2].values.strings[0], "007");
}

TEST(StorageList, MayHaveNoRows) {
  const auto listed = ParseStorageList("path,size\n", std::vector<std::string>{"size"});
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed->rows->rows, 0U);
}

TEST(StorageList, TellsWhatIsWrong) {
  EXPECT_NE(ErrorOf("").find("there is no column 'path'"), std::string::npos);
  EXPECT_NE(ErrorOf("name,size\n").find("there is no column 'path'"), std::string::npos);
  EXPECT_NE(ErrorOf("path,size\n", {"sise"}).find("did you mean size?"), std::string::npos);
  EXPECT_NE(ErrorOf("path,path\n").find("two columns 'path'"), std::string::npos);
  EXPECT_NE(ErrorOf("path,size\na,1\nb\n").find("line 3: it has 1 fields, the first line 2"), std::string::npos);
  EXPECT_NE(ErrorOf("path,size\n,1\n").find("line 2: its path is empty"), std::string::npos);
  EXPECT_NE(ErrorOf("path\n\"a\nb").find("line 2: a quoted field does not end"), std::string::npos);
  EXPECT_NE(ErrorOf("path\n\"a\"b\n").find("line 2: a quoted field goes on after its quote"), std::string::npos);
}

}  // namespace
}  // namespace levee::cli

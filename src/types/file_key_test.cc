#include "types/file_key.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace levee::types {
namespace {

TEST(CanonicalPath, Forms) {
  const std::pair<const char*, const char*> forms[] = {
      {"part-0.parquet", "part-0.parquet"},
      {"a%20b/c", "a b/c"},
      {"date=2024-01-01%2010%3A00/x", "date=2024-01-01 10:00/x"},
      {"100%25", "100%"},
      {"100%", "100%"},
      {"%zz%4", "%zz%4"},
      {"%e4%BD%A0", "\xe4\xbd\xa0"},
      {"file:/x", "/x"},
      {"file:///x", "/x"},
      {"FILE:///x", "/x"},
      {"file://localhost/x", "/x"},
      {"file://host/x", "file://host/x"},
      {"file:///a%20b", "/a b"},
      {"/x", "/x"},
      {"s3://b/k%20x", "s3://b/k x"},
      {"abfss://c@a.dfs/k", "abfss://c@a.dfs/k"},
      {"file.parquet", "file.parquet"},
      {"file:relative", "file:relative"},
      {"", ""},
  };
  for (const auto& [raw, canonical] : forms) EXPECT_EQ(CanonicalPath(raw), canonical) << raw;
}

TEST(DvUniqueId, FollowsTheProtocol) {
  EXPECT_EQ(DvUniqueId("u", "ab^-aqEH.-t@S}K{vb[*k^", 4), "uab^-aqEH.-t@S}K{vb[*k^@4");
  EXPECT_EQ(DvUniqueId("i", "xyz", std::nullopt), "ixyz");
  EXPECT_EQ(DvUniqueId("p", "s3://b/x", 0), "ps3://b/x@0");
  EXPECT_EQ(DvUniqueId("", "", std::nullopt), "");
}

TEST(FileKeyHash, IsOfTheCanonicalPathAndTheVector) {
  EXPECT_EQ(FileKeyHash("a%20b", "u1@2"), Hash64(std::string_view("a b\0u1@2", 8)));
  EXPECT_EQ(FileKeyHash("file:///x", ""), FileKeyHash("/x", ""));
  EXPECT_NE(FileKeyHash("x", ""), FileKeyHash("x", "u"));
  const std::string long_path(5000, 'p');
  EXPECT_EQ(FileKeyHash(long_path, "d"), Hash64(long_path + std::string("\0d", 2)));
}

}  // namespace
}  // namespace levee::types

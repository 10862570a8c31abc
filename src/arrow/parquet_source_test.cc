#include <gtest/gtest.h>

#include "arrow/loader.h"
#include "tests/fakes/memory_object_store.h"

namespace levee::arrow {
namespace {

TEST(ParquetSourceTest, BytesThatAreNoParquetAreCorrupt) {
  const auto source = LoadParquetSource();
  ASSERT_TRUE(source) << source.error().ToString();
  fakes::MemoryObjectStore store;
  store.Put("a.parquet", "PAR1 this is none PAR1");
  store.Put("empty.parquet", "");
  for (const char* const path : {"a.parquet", "empty.parquet"}) {
    const auto file = (*source)->Open(store, path);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, ErrorCode::kCorrupt);
    EXPECT_EQ(file.error().what, path);
  }
}

TEST(ParquetSourceTest, MissingFileIsNotFound) {
  const auto source = LoadParquetSource();
  ASSERT_TRUE(source) << source.error().ToString();
  fakes::MemoryObjectStore store;
  const auto file = (*source)->Open(store, "gone.parquet");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace levee::arrow

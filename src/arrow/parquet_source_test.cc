#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "arrow/loader.h"
#include "arrow/module.h"
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

std::filesystem::path TablesFolder() {
  const char* const given = std::getenv("LEVEE_TEST_TABLES");
  return given != nullptr ? given : std::filesystem::path(LEVEE_SOURCE_DIR) / "../shared/tables";
}

// A source of its own, since the process's has the process's budget.
objectstore::ParquetSource* SourceOver(MemoryBudget& budget, std::int64_t set_aside_bytes) {
  EXPECT_TRUE(LoadParquetSource());
  const char* const named = std::getenv("LEVEE_ARROW_MODULE");
  const auto beside = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "lib/levee_arrow.so";
  void* module = ::dlopen(named != nullptr ? named : beside.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) return nullptr;
  return reinterpret_cast<ModuleFactory>(::dlsym(module, kModuleFactory))(budget, set_aside_bytes);
}

TEST(ParquetSourceTest, CountsWhatTheLibraryTakesBeyondWhatIsSetAside) {
  const std::string path = "golden/dv-partitioned-with-checkpoint/_delta_log/00000000000000000010.checkpoint.parquet";
  if (!std::filesystem::exists(TablesFolder() / path)) GTEST_SKIP() << "no tables at " << TablesFolder();
  fakes::MemoryObjectStore store;
  std::ostringstream bytes;
  bytes << std::ifstream(TablesFolder() / path, std::ios::binary).rdbuf();
  store.Put("c.parquet", bytes.str());
  for (const std::int64_t set_aside_bytes : {std::int64_t{0}, std::int64_t{1} << 30}) {
    static MemoryBudget budgets[2]{MemoryBudget(1 << 20), MemoryBudget(1 << 20)};
    MemoryBudget& budget = budgets[set_aside_bytes > 0 ? 1 : 0];
    static objectstore::ParquetSource* sources[2];
    objectstore::ParquetSource*& source = sources[set_aside_bytes > 0 ? 1 : 0];
    source = SourceOver(budget, set_aside_bytes);
    ASSERT_NE(source, nullptr);
    {
      const auto file = source->Open(store, "c.parquet");
      ASSERT_TRUE(file) << file.error().ToString();
      ArrowArrayStream stream{};
      ASSERT_TRUE((*file)->OpenStream(0, {"add"}, 1024, &stream));
      ArrowArray array{};
      ASSERT_EQ(stream.get_next(&stream, &array), 0);
      EXPECT_GT(array.length, 0);
      EXPECT_EQ(budget.UseOf(MemoryPart::kImports).bytes > 0, set_aside_bytes == 0);
      array.release(&array);
      stream.release(&stream);
    }
    EXPECT_EQ(budget.UseOf(MemoryPart::kImports).bytes, 0u);
    EXPECT_EQ(budget.UseOf(MemoryPart::kImports).peak_bytes > 0, set_aside_bytes == 0);
    EXPECT_EQ(budget.used_bytes(), 0u);
  }
}

}  // namespace
}  // namespace levee::arrow

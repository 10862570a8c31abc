// Reading given checkpoints that were cut, bent or misdirected. Sound ones: table_sweep_test.cc.
#include "delta/checkpoint_reader.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <random>
#include <set>
#include <sstream>

#include "arrow/loader.h"
#include "delta/checkpoint_parts.h"
#include "delta/log_names.h"
#include "delta/plain_replay.h"
#include "tests/fakes/memory_object_store.h"

namespace levee::delta {
namespace {

std::filesystem::path TablesFolder() {
  const char* const given = std::getenv("LEVEE_TEST_TABLES");
  return given != nullptr ? given : std::filesystem::path(LEVEE_SOURCE_DIR) / "../shared/tables";
}

class CheckpointReaderTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(TablesFolder() / "made")) GTEST_SKIP() << "no tables at " << TablesFolder();
    const auto loaded = arrow::LoadParquetSource();
    ASSERT_TRUE(loaded) << loaded.error().ToString();
    parquet_ = *loaded;
  }

  // A table's log in memory.
  void Load(const std::string& table) {
    const std::filesystem::path root = TablesFolder() / table;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "_delta_log")) {
      if (!entry.is_regular_file()) continue;
      std::ostringstream text;
      text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      store_.Put(std::filesystem::relative(entry.path(), root).string(), text.str());
    }
  }

  Result<std::size_t> CountAdds(const CheckpointFiles& checkpoint, int threads) {
    LEVEE_ASSIGN(const CheckpointState state, ReadCheckpointState(store_, *parquet_, checkpoint));
    std::mutex mutex;
    std::size_t rows = 0;
    LEVEE_RETURN_IF_ERROR(ReadCheckpointFiles(
        store_, *parquet_, checkpoint, state, types::Schema(), {.threads = threads, .tombstones = true},
        [&](columnar::Batch batch) -> Status {
          const std::lock_guard lock(mutex);
          rows += batch.rows;
          return {};
        },
        [](columnar::Batch) -> Status { return {}; }));
    return rows;
  }

  fakes::MemoryObjectStore store_;
  objectstore::ParquetSource* parquet_ = nullptr;
};

TEST_F(CheckpointReaderTest, ReadsThroughAStoreThatIsNotLocal) {
  Load("made/multi-part-checkpoint-dv");
  const auto listing = ListLog(store_, 0);
  ASSERT_FALSE(listing->checkpoints.empty());
  const CheckpointFiles& checkpoint = listing->checkpoints.back();
  const auto one = CountAdds(checkpoint, 1);
  ASSERT_TRUE(one) << one.error().ToString();
  EXPECT_GT(*one, 0u);
  EXPECT_EQ(*CountAdds(checkpoint, 4), *one);
}

TEST_F(CheckpointReaderTest, CutAndBentFilesAreCorruptAndFallBack) {
  Load("made/struct-stats-only-partitioned");
  const CheckpointFiles checkpoint = ListLog(store_, 0)->checkpoints.back();
  const std::string path = "_delta_log/" + checkpoint.Id();
  const std::string sound = *store_.Read(path);
  const auto expected = ReplayTablePlainly(store_, parquet_, checkpoint.version);
  ASSERT_TRUE(expected);
  for (const std::size_t size : {std::size_t{0}, std::size_t{4}, sound.size() / 2, sound.size() - 1}) {
    store_.Put(path, sound.substr(0, size));
    const auto count = CountAdds(checkpoint, 2);
    ASSERT_FALSE(count) << size;
    EXPECT_EQ(count.error().code, ErrorCode::kCorrupt);
    const auto state = ReplayTablePlainly(store_, parquet_, checkpoint.version);
    ASSERT_TRUE(state) << "the log has every commit";
    EXPECT_EQ(state->files.size(), expected->files.size());
  }
  std::mt19937 random(3);
  for (int i = 0; i < 300; ++i) {
    std::string bent = sound;
    bent[random() % bent.size()] = static_cast<char>(random());
    store_.Put(path, bent);
    (void)CountAdds(checkpoint, 1);  // whatever it says, it must come back
  }
}

TEST_F(CheckpointReaderTest, MissingSidecarIsCorrupt) {
  Load("made/v2-checkpoint-json-sidecars-dv");
  const CheckpointFiles checkpoint = ListLog(store_, 0)->checkpoints.back();
  ASSERT_TRUE(CountAdds(checkpoint, 1));
  const auto state = ReadCheckpointState(store_, *parquet_, checkpoint);
  ASSERT_TRUE(state);
  ASSERT_FALSE(state->sidecars.empty());
  store_.Remove(*SidecarPath(store_, state->sidecars[0].name));
  const auto count = CountAdds(checkpoint, 1);
  ASSERT_FALSE(count);
  EXPECT_EQ(count.error().code, ErrorCode::kCorrupt);
}

TEST_F(CheckpointReaderTest, BrokenManifestIsCorrupt) {
  Load("made/v2-checkpoint-json-sidecars-dv");
  const CheckpointFiles checkpoint = ListLog(store_, 0)->checkpoints.back();
  ASSERT_EQ(checkpoint.kind, CheckpointFiles::Kind::kV2Json);
  for (const char* const text : {"{\"sidecar\":{}}", "{", "{\"sidecar\":{\"path\":5}}"}) {
    store_.Put("_delta_log/" + checkpoint.Id(), text);
    EXPECT_EQ(ReadCheckpointState(store_, *parquet_, checkpoint).error().code, ErrorCode::kCorrupt) << text;
  }
}

TEST_F(CheckpointReaderTest, ErrorOfACallbackStopsTheReading) {
  Load("made/multi-part-checkpoint-dv");
  const CheckpointFiles checkpoint = ListLog(store_, 0)->checkpoints.back();
  const auto state = ReadCheckpointState(store_, *parquet_, checkpoint);
  const Status status = ReadCheckpointFiles(
      store_, *parquet_, checkpoint, *state, types::Schema(), {.threads = 2, .tombstones = true},
      [](columnar::Batch) -> Status { return Fail(ErrorCode::kCancelled, "import", "stopped"); },
      [](columnar::Batch) -> Status { return {}; });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kCancelled);
}

// Counts what it is given, and the units of which that is all.
class CountingSink final : public CheckpointSink {
 public:
  struct Counts {
    std::mutex mutex;
    std::size_t adds = 0, removes = 0, largest = 0;
    std::multiset<std::size_t> units;
  };
  explicit CountingSink(Counts& counts) : counts_(counts) {}
  Status Adds(columnar::Batch batch) override {
    adds_ += batch.rows;
    const std::lock_guard lock(counts_.mutex);
    counts_.largest = std::max(counts_.largest, batch.rows);
    return {};
  }
  Status Removes(columnar::Batch batch) override {
    removes_ += batch.rows;
    return {};
  }
  Status Complete(const std::vector<std::size_t>& units) override {
    const std::lock_guard lock(counts_.mutex);
    counts_.adds += std::exchange(adds_, 0);
    counts_.removes += std::exchange(removes_, 0);
    counts_.units.insert(units.begin(), units.end());
    return {};
  }

 private:
  Counts& counts_;
  std::size_t adds_ = 0, removes_ = 0;
};

class CheckpointUnitsTest : public CheckpointReaderTest, public testing::WithParamInterface<const char*> {};

TEST_P(CheckpointUnitsTest, CanBeReadOneByOne) {
  Load(GetParam());
  const CheckpointFiles checkpoint = ListLog(store_, 0)->checkpoints.back();
  const auto state = ReadCheckpointState(store_, *parquet_, checkpoint);
  ASSERT_TRUE(state);
  const auto units = CheckpointUnits::Open(store_, *parquet_, checkpoint, *state);
  ASSERT_TRUE(units) << units.error().ToString();
  ASSERT_GT(units->size(), 1u);
  const auto read = [&](const Bitmap& done, int threads, std::size_t batch_bytes, CountingSink::Counts& counts) {
    const Status status = units->Read(types::Schema(), {.threads = threads, .batch_bytes = batch_bytes}, done,
                                      [&] { return std::make_unique<CountingSink>(counts); });
    EXPECT_TRUE(status) << status.error().ToString();
  };
  CountingSink::Counts whole, one_by_one, small;
  read({}, 4, 0, whole);
  EXPECT_EQ(whole.adds, *CountAdds(checkpoint, 1));
  for (std::size_t unit = 0; unit < units->size(); ++unit) {
    EXPECT_EQ(whole.units.count(unit), 1u);
    Bitmap others(units->size(), true);
    others.Clear(unit);
    read(others, 2, 0, one_by_one);
    EXPECT_EQ(one_by_one.units.count(unit), 1u);
    EXPECT_EQ(one_by_one.units.size(), unit + 1);
  }
  EXPECT_EQ(one_by_one.adds, whole.adds);
  EXPECT_EQ(one_by_one.removes, whole.removes);
  // A unit's rows are complete however small its batches are.
  read({}, 1, 1, small);
  EXPECT_EQ(small.adds, whole.adds);
  EXPECT_EQ(small.units, whole.units);
  EXPECT_LE(small.largest, whole.largest);
  CountingSink::Counts none;
  read(Bitmap(units->size(), true), 2, 0, none);
  EXPECT_TRUE(none.units.empty());
}

INSTANTIATE_TEST_SUITE_P(Tables, CheckpointUnitsTest,
                         testing::Values("made/multi-part-checkpoint-dv", "made/v2-checkpoint-json-sidecars-dv"));

TEST(SidecarPathTest, RelativeAndAbsolute) {
  const auto store = objectstore::OpenObjectStore("/data/my table");
  ASSERT_TRUE(store);
  EXPECT_EQ(*SidecarPath(**store, "x.parquet"), "_delta_log/_sidecars/x.parquet");
  EXPECT_EQ(*SidecarPath(**store, "file:///data/my%20table/_delta_log/_sidecars/x.parquet"),
            "_delta_log/_sidecars/x.parquet");
  EXPECT_EQ(*SidecarPath(**store, "file:/data/my%20table/_delta_log/_sidecars/x.parquet"),
            "_delta_log/_sidecars/x.parquet");
  EXPECT_EQ(SidecarPath(**store, "file:///data/other/x.parquet").error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(SidecarPath(**store, "s3://b/x.parquet").error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace levee::delta

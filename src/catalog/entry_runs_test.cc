// What is taken over must be what was added: a cut import that goes on gives the same rows and totals.
#include "catalog/entry_runs.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>

#include "types/file_key.h"

namespace levee::catalog {
namespace {

namespace fs = std::filesystem;
using columnar::ColumnRole;

constexpr std::size_t kUnits = 6, kUnitRows = 2'000;

class EntryRunsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("levee-entry-runs-" + std::to_string(::getpid()) + "-" +
                                           testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::unique_ptr<EntryRuns> MakeRuns(const std::string& store) {
    RunsPlace place{.prefix = (folder_ / store).string(), .incarnation = 1, .plan = {.low = 1, .high = 2}};
    return std::make_unique<EntryRuns>(
        EntryRunsOptions{.partition_paths = {"p"}, .threads = 2, .spill_folder = folder_.string(), .place = place},
        [this](const std::string& note) { notes_.push_back(note); });
  }

  // Every 7th entry has ended at version 5, but those of unit 0.
  static columnar::Batch Entries(std::size_t unit) {
    columnar::ColumnVector path, part, low, high, size, removed, hashes;
    path.physical = part.physical = types::PhysicalType::kString;
    for (std::size_t row = 0; row < kUnitRows; ++row) {
      const std::size_t id = (unit * kUnitRows + row) * 7'919 % (kUnits * kUnitRows);
      path.PushString("f" + std::to_string(id));
      id % 5 == 0 ? part.PushNull() : part.PushString(std::to_string(id % 5));
      low.PushInt(static_cast<std::int64_t>(id) * 10);
      high.PushInt(static_cast<std::int64_t>(id) * 10 + 9);
      size.PushInt(static_cast<std::int64_t>(id));
      unit > 0 && row % 7 == 0 ? removed.PushInt(5) : removed.PushNull();
      hashes.PushInt(static_cast<std::int64_t>(types::FileKeyHash("f" + std::to_string(id), "")));
    }
    columnar::Batch batch;
    batch.rows = kUnitRows;
    const types::PrimitiveType text{types::TypeKind::kString}, number{types::TypeKind::kLong};
    batch.columns.push_back({columnar::PlainKey(ColumnRole::kPath), std::move(path)});
    batch.columns.push_back({columnar::PlainKey(ColumnRole::kSize), std::move(size)});
    batch.columns.push_back({{ColumnRole::kPartition, "p", text}, std::move(part)});
    batch.columns.push_back({{ColumnRole::kMin, "v", number}, std::move(low)});
    batch.columns.push_back({{ColumnRole::kMax, "v", number}, std::move(high)});
    batch.columns.push_back({columnar::PlainKey(ColumnRole::kRemovedVersion), std::move(removed)});
    batch.columns.push_back({columnar::PlainKey(ColumnRole::kKeyHash), std::move(hashes)});
    return batch;
  }
  static columnar::Batch Tombstones(std::size_t unit) {
    columnar::Batch batch;
    columnar::ColumnVector path;
    path.physical = types::PhysicalType::kString;
    path.PushString("gone" + std::to_string(unit));
    batch.rows = 1;
    batch.columns.push_back({columnar::PlainKey(ColumnRole::kPath), std::move(path)});
    return batch;
  }

  void AddUnit(EntryRuns& runs, std::size_t unit) {
    const auto share = runs.NewShare();
    ASSERT_TRUE(runs.Add(Entries(unit), share));
    ASSERT_TRUE(runs.AddTombstones(Tombstones(unit), share));
    share->CountFiles(kUnitRows);
    share->MetEnd(WideFileKey("met" + std::to_string(unit), ""));
    share->SealEnds(timeline_);
    ASSERT_TRUE(runs.Complete(share, {unit}));
  }

  // Rows by path as "history size removed", in the order that they come out within a batch.
  static std::map<std::string, std::string> Drain(EntryRuns& runs) {
    std::map<std::string, std::string> rows;
    std::mutex mutex;
    for (const bool history : {false, true}) {
      EXPECT_TRUE(runs.Finish(history, [&](columnar::Batch batch) -> Status {
        const std::lock_guard lock(mutex);
        const auto& low = *batch.Find({ColumnRole::kMin, "v", {types::TypeKind::kLong}});
        const auto& part = *batch.Find({ColumnRole::kPartition, "p", {types::TypeKind::kString}});
        for (std::size_t row = 0; row < batch.rows; ++row) {
          const std::int64_t size = batch.Find(ColumnRole::kSize)->ints[row];
          const std::string text = std::to_string(history) + " " + std::to_string(size);
          EXPECT_TRUE(rows.emplace(batch.Find(ColumnRole::kPath)->strings[row], text).second);
          const columnar::ColumnVector* removed = batch.Find(ColumnRole::kRemovedVersion);
          EXPECT_EQ(removed != nullptr && removed->IsValid(row), history);
          if (row == 0 || part.strings[row] != part.strings[row - 1]) continue;
          EXPECT_LE(low.ints[row - 1], low.ints[row]);
        }
        return {};
      }));
    }
    return rows;
  }
  static std::int64_t FilesOf(const EntryRuns& runs) {
    std::vector<store::CommitRecord> commits(2);
    commits[0].version = 3;
    commits[1].version = 5;
    runs.totals().Fill(commits);
    return commits[0].num_files * 1'000'000 + commits[1].num_files;
  }

  // Applies a commit that removes a file.
  void Remove(std::int64_t version, const std::string& path) {
    delta::CommitContent commit;
    commit.version = version;
    commit.removes.push_back({.path = path, .deletion_timestamp_ms = version});
    timeline_.Apply(commit);
  }
  std::size_t UnitsFound(const std::string& store) {
    const auto runs = MakeRuns(store);
    const auto found = runs->Resume(kUnits, timeline_, [](const columnar::Batch&) -> Status { return {}; });
    EXPECT_TRUE(found);
    return found ? found->units : 0;
  }

  fs::path folder_;
  std::vector<std::string> notes_;
  EntryTimeline timeline_{{}};
};

TEST_F(EntryRunsTest, AFreshImportAndOneInPiecesGiveTheSame) {
  const auto no_tombstones = [](const columnar::Batch&) -> Status { return {}; };
  const auto whole = MakeRuns("whole");
  for (std::size_t unit = 0; unit < kUnits; ++unit) AddUnit(*whole, unit);
  const std::int64_t files = FilesOf(*whole);
  const auto expected = Drain(*whole);
  ASSERT_EQ(expected.size(), kUnits * kUnitRows);

  Bitmap done(kUnits);
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto runs = MakeRuns("cut");
    std::vector<std::string> gone;
    const auto found = runs->Resume(kUnits, timeline_, [&](const columnar::Batch& batch) -> Status {
      gone.emplace_back(batch.Find(ColumnRole::kPath)->strings[0]);
      return {};
    });
    ASSERT_TRUE(found) << found.error().ToString();
    EXPECT_EQ(found->units, done.Count());
    EXPECT_EQ(found->files, static_cast<std::int64_t>(done.Count() * kUnitRows));
    EXPECT_EQ(found->met_ends.size(), done.Count());
    EXPECT_EQ(gone.size(), done.Count());
    if (attempt > 0) {
      EXPECT_EQ(found->done, done);
    }
    // Three units an attempt. The very first is not kept: its removes came before anything was spilled.
    for (std::size_t unit = 0, added = 0; unit < kUnits && added < 3; ++unit) {
      if (done.Get(unit)) continue;
      AddUnit(*runs, unit);
      if (attempt > 0 || added > 0) done.Set(unit);
      ++added;
    }
    if (done.All()) {
      EXPECT_EQ(FilesOf(*runs), files);
      EXPECT_EQ(Drain(*runs), expected);
      EXPECT_EQ(runs->rows(), kUnits * kUnitRows);
      runs->Discard();
    }
  }
  EXPECT_TRUE(done.All());
  EXPECT_TRUE(notes_.empty());
  const auto after = MakeRuns("cut")->Resume(kUnits, timeline_, no_tombstones);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->units, 0u);
}

TEST_F(EntryRunsTest, RunsWhoseEntriesEndOtherwiseAreLeftOut) {
  Remove(5, "met3");
  {
    const auto runs = MakeRuns("ends");
    for (std::size_t unit = 0; unit < kUnits; ++unit) AddUnit(*runs, unit);
  }
  ASSERT_EQ(UnitsFound("ends"), kUnits - 1);  // the first came before anything was spilled
  Remove(6, "unknown");
  EXPECT_EQ(UnitsFound("ends"), kUnits - 1);
  EXPECT_TRUE(notes_.empty());
  // Row 1 of unit 2 was alive.
  Remove(7, "f" + std::to_string((2 * kUnitRows + 1) * 7'919 % (kUnits * kUnitRows)));
  EXPECT_EQ(UnitsFound("ends"), kUnits - 2);
  ASSERT_EQ(notes_.size(), 1u);
  EXPECT_EQ(notes_[0], "commits that landed since end entries of 1 row groups: read again");
  Remove(8, "met3");  // its entry ended at version 5 already
  EXPECT_EQ(UnitsFound("ends"), kUnits - 2);
  Remove(9, "met4");
  EXPECT_EQ(UnitsFound("ends"), kUnits - 3);
}

TEST_F(EntryRunsTest, OneBatchLeavesNoFile) {
  const auto runs = MakeRuns("small");
  AddUnit(*runs, 0);
  EXPECT_TRUE(fs::is_empty(folder_));
  // What commits added may spill, but has nothing to leave behind.
  ASSERT_TRUE(runs->Add(Entries(3), nullptr));
  EXPECT_TRUE(fs::is_empty(folder_));
  EXPECT_EQ(Drain(*runs).size(), 2 * kUnitRows);
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(EntryRunsTest, ASecondImportAtTheSameTimeSpillsOnItsOwn) {
  const auto first = MakeRuns("busy"), second = MakeRuns("busy");
  for (std::size_t unit = 0; unit < kUnits; ++unit) {
    AddUnit(*first, unit);
    AddUnit(*second, unit);
  }
  EXPECT_EQ(Drain(*first).size(), kUnits * kUnitRows);
  first->Discard();
  EXPECT_TRUE(fs::is_empty(folder_));
  EXPECT_EQ(Drain(*second).size(), kUnits * kUnitRows);
}

}  // namespace
}  // namespace levee::catalog

#include "catalog/kept_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace levee::catalog {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class KeptRunsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("levee-kept-runs-" + std::to_string(::getpid()) + "-" +
                                           testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  RunsPlace Place(std::uint64_t plan = 1, std::int64_t incarnation = 7) const {
    return {.prefix = (folder_ / "s.db").string(), .incarnation = incarnation, .plan = {.low = plan, .high = 0}};
  }
  NoteSink Note() {
    return [this](const std::string& note) { notes_.push_back(note); };
  }
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
  }
  fs::path File(const std::string& ending, std::uint64_t plan = 1) const {
    return folder_ / ("s.db.import-7-000000000000000" + std::to_string(plan) + ending);
  }
  void Flip(const fs::path& path, std::int64_t at) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    if (at < 0) at += static_cast<std::int64_t>(fs::file_size(path));
    file.seekg(at);
    const char byte = static_cast<char>(file.get() ^ 1);
    file.seekp(at);
    file.put(byte);
  }
  // `units` units, each with a run of 1,000 rows, and then the end of the process.
  void KeepUnits(std::size_t units, std::uint64_t plan = 1) {
    auto kept = KeptRuns::Create(Place(plan));
    ASSERT_TRUE(kept) << kept.error().ToString();
    ASSERT_NE(*kept, nullptr);
    ASSERT_TRUE((*kept)->Append(EncodeRecord(KeptOrder{})));
    for (std::size_t unit = 0; unit < units; ++unit) {
      CompletedUnits completed{.units = {unit}, .files = 1'000, .runs = {}, .totals = {}, .met_ends = {}};
      auto run = (*kept)->file().Append(Sizes(unit), Rows());
      ASSERT_TRUE(run);
      completed.runs.push_back({RunKind::kAlive, std::move(*run)});
      ASSERT_TRUE((*kept)->Append(EncodeRecord(completed)));
    }
  }
  static columnar::Batch Sizes(std::size_t unit) {
    columnar::ColumnVector sizes;
    for (std::int64_t row = 0; row < 1'000; ++row) sizes.PushInt(static_cast<std::int64_t>(unit) * 1'000 + row);
    columnar::Batch batch;
    batch.rows = sizes.rows;
    batch.columns.push_back({columnar::PlainKey(columnar::ColumnRole::kSize), std::move(sizes)});
    return batch;
  }
  static std::vector<std::uint32_t> Rows() {
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = 0; row < 1'000; ++row) rows.push_back(row);
    return rows;
  }
  // The units that are found again, after their rows were compared; -1 for a run of other rows.
  std::vector<int> Found(std::uint64_t plan = 1) {
    auto kept = KeptRuns::Reopen(Place(plan), Note());
    EXPECT_TRUE(kept) << kept.error().ToString();
    std::vector<int> units;
    if (!kept || !*kept) return units;
    for (const CompletedUnits& completed : (*kept)->found().completed) {
      const auto& run = completed.runs.at(0).run;
      const auto sizes = (*kept)->file().Read(run.columns.at(0), 0, run.rows);
      const std::size_t unit = completed.units.at(0);
      units.push_back(sizes && sizes->ints == Sizes(unit).columns[0].values.ints ? static_cast<int>(unit) : -1);
    }
    return units;
  }

  fs::path folder_;
  std::vector<std::string> notes_;
};

TEST_F(KeptRunsTest, FindsWhatAnotherImportLeft) {
  EXPECT_THAT(Found(), IsEmpty());
  KeepUnits(3);
  EXPECT_THAT(Found(), ElementsAre(0, 1, 2));
  EXPECT_THAT(Found(), ElementsAre(0, 1, 2)) << "it is still there";
  EXPECT_THAT(notes_, IsEmpty());
  EXPECT_EQ(Files().size(), 2u);
}

TEST_F(KeptRunsTest, GoesOnBehindWhatIsThere) {
  KeepUnits(2);
  {
    auto kept = KeptRuns::Reopen(Place(), Note());
    ASSERT_TRUE(kept && *kept);
    auto run = (*kept)->file().Append(Sizes(5), Rows());
    ASSERT_TRUE(run);
    CompletedUnits completed{.units = {5}, .files = 1'000, .runs = {{RunKind::kAlive, std::move(*run)}},
                             .totals = {}, .met_ends = {}};
    ASSERT_TRUE((*kept)->Append(EncodeRecord(completed)));
  }
  EXPECT_THAT(Found(), ElementsAre(0, 1, 5));
}

TEST_F(KeptRunsTest, LeavesOutTheTornEnd) {
  KeepUnits(3);
  fs::resize_file(File(".manifest"), fs::file_size(File(".manifest")) - 1);
  EXPECT_THAT(Found(), ElementsAre(0, 1));
}

// The manifest reached the disk, its runs did not.
TEST_F(KeptRunsTest, NeverUsesARunWhoseBytesAreOthers) {
  KeepUnits(3);
  Flip(File(".runs"), static_cast<std::int64_t>(fs::file_size(File(".runs")) / 2));
  EXPECT_THAT(Found(), ElementsAre(0, 2));
  EXPECT_THAT(notes_, ElementsAre(HasSubstr("damaged: 1 row groups are read again")));
  fs::resize_file(File(".runs"), fs::file_size(File(".runs")) - 1);
  EXPECT_THAT(Found(), ElementsAre(0));
}

TEST_F(KeptRunsTest, RemovesWhatIsOfNoUse) {
  KeepUnits(3);
  Flip(File(".manifest"), 9);  // the version
  EXPECT_THAT(Found(), IsEmpty());
  EXPECT_THAT(notes_, ElementsAre(HasSubstr("starts anew")));
  EXPECT_THAT(Files(), IsEmpty());
  KeepUnits(3);
  fs::remove(File(".runs"));
  EXPECT_THAT(Found(), IsEmpty());
  EXPECT_THAT(Files(), IsEmpty());
}

TEST_F(KeptRunsTest, BelongsToOneImportAtATime) {
  auto first = KeptRuns::Create(Place());
  ASSERT_TRUE(first && *first);
  auto second = KeptRuns::Create(Place());
  ASSERT_TRUE(second);
  EXPECT_EQ(*second, nullptr);
  auto reopened = KeptRuns::Reopen(Place(), Note());
  ASSERT_TRUE(reopened);
  EXPECT_EQ(*reopened, nullptr);
  RemoveStaleRuns(Place(2), [](std::int64_t) { return false; }, Note());
  RemoveRunsOf(Place().prefix, 7);
  EXPECT_EQ(Files().size(), 2u);
  first->reset();
  RemoveRunsOf(Place().prefix, 7);
  EXPECT_THAT(Files(), IsEmpty());
}

// A process that is killed gives its lock back.
TEST_F(KeptRunsTest, IsFreeWhenItsProcessIsGone) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto kept = KeptRuns::Create(Place());
    ::_exit(kept && *kept && (*kept)->Append(EncodeRecord(CompletedUnits{.units = {4}})) ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  auto kept = KeptRuns::Reopen(Place(), Note());
  ASSERT_TRUE(kept && *kept);
  EXPECT_EQ((*kept)->found().completed.at(0).units, std::vector<std::size_t>{4});
}

TEST_F(KeptRunsTest, RemovesOtherPlansAndTablesThatAreGone) {
  KeepUnits(1, 1);
  KeepUnits(1, 2);
  for (const std::int64_t incarnation : {8, 9}) {
    ASSERT_TRUE(KeptRuns::Create(Place(1, incarnation)));
  }
  std::ofstream(folder_ / "other.db.import-7-0000000000000003.manifest") << "x";
  std::ofstream(folder_ / "s.db.import-x-0000000000000003.runs") << "x";
  RemoveStaleRuns(Place(2), [](std::int64_t incarnation) { return incarnation == 9; }, Note());
  EXPECT_THAT(Files(), ElementsAre("other.db.import-7-0000000000000003.manifest",
                                   "s.db.import-7-0000000000000002.manifest", "s.db.import-7-0000000000000002.runs",
                                   "s.db.import-9-0000000000000001.manifest", "s.db.import-9-0000000000000001.runs",
                                   "s.db.import-x-0000000000000003.runs"));
  EXPECT_THAT(notes_, ElementsAre(HasSubstr("another state of the log")));
}

TEST_F(KeptRunsTest, AFolderThatIsNotThereIsAnError) {
  RunsPlace place = Place();
  place.prefix = "/nowhere/at/all/s.db";
  const auto kept = KeptRuns::Create(place);
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().code, ErrorCode::kIo);
  EXPECT_THAT(kept.error().what, HasSubstr("/nowhere/at/all"));
  const auto found = KeptRuns::Reopen(place, Note());
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, nullptr);
}

}  // namespace
}  // namespace levee::catalog

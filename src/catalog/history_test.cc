#include <gmock/gmock.h>

#include "catalog/catalog_test_bed.h"

namespace levee::catalog {
namespace {

using columnar::ColumnRole;
using ::testing::HasSubstr;

class HistoryTest : public CatalogTestBed {
 protected:
  std::string Versions(std::optional<std::int64_t> limit) {
    const auto commits = catalog_->History(kTable, limit);
    if (!commits) return commits.error().ToString();
    std::string text;
    for (const auto& commit : *commits) text += (text.empty() ? "" : " ") + std::to_string(commit.version);
    return text;
  }
  // "added" and "removed" versions of each changed file, e.g. "f1+1 f2+2-4".
  std::string Changes(std::int64_t from, std::optional<std::int64_t> to) {
    const auto stream = catalog_->Changes(kTable, from, to,
                                          {columnar::PlainKey(ColumnRole::kPath),
                                           columnar::PlainKey(ColumnRole::kAddedVersion),
                                           columnar::PlainKey(ColumnRole::kRemovedVersion)});
    if (!stream) return stream.error().ToString();
    std::vector<std::string> files;
    for (;;) {
      const auto batch = (*stream)->Next();
      if (!batch) return batch.error().ToString();
      if (!*batch) break;
      for (std::size_t row = 0; row < (*batch)->rows; ++row) {
        std::string text((*batch)->Find(ColumnRole::kPath)->strings[row]);
        const auto* added = (*batch)->Find(ColumnRole::kAddedVersion);
        const auto* removed = (*batch)->Find(ColumnRole::kRemovedVersion);
        if (added != nullptr && added->IsValid(row)) text += "+" + std::to_string(added->ints[row]);
        if (removed != nullptr && removed->IsValid(row)) text += "-" + std::to_string(removed->ints[row]);
        files.push_back(std::move(text));
      }
    }
    std::ranges::sort(files);
    std::string text;
    for (const std::string& file : files) text += (text.empty() ? "" : " ") + file;
    return text;
  }
};

TEST_F(HistoryTest, ListsCommitsNewestFirst) {
  CommitMany(2);
  Commit(2, InfoLine(R"("operation":"DELETE")") + RemoveLine("f0") + AddLine({.path = "g", .rows = 4}));
  EXPECT_EQ(Versions({}), "2 1 0");
  EXPECT_EQ(Versions(2), "2 1");
  EXPECT_EQ(Versions(0), "");
  const auto newest = catalog_->History(kTable, 1);
  ASSERT_TRUE(newest);
  const store::CommitRecord& commit = newest->front();
  EXPECT_EQ(commit.files_added, 1);
  EXPECT_EQ(commit.files_removed, 1);
  EXPECT_EQ(commit.bytes_added, 100);
  EXPECT_EQ(commit.rows_added, 4);
  EXPECT_EQ(commit.timestamp_ms, TimeOf(2));
  EXPECT_THAT(commit.commit_info_json, HasSubstr("DELETE"));
}

TEST_F(HistoryTest, CommitsThatOnlyTheLogHasAreListedToo) {
  CommitMany(6);
  Checkpoint(4);
  EXPECT_EQ(Versions({}), "5 4 3 2 1 0");
  const auto commits = catalog_->History(kTable, {});
  ASSERT_TRUE(commits);
  EXPECT_EQ((*commits)[1].files_added, 1);  // the checkpoint's own commit
  EXPECT_EQ((*commits)[1].num_files, 5);
  EXPECT_EQ((*commits)[4].files_added, 1);
  RemoveCommits(0, 3);
  EXPECT_EQ(Versions({}), "5 4");
}

TEST_F(HistoryTest, ChangesAreTheCommitsAfterFrom) {
  CommitMany(4);
  Commit(4, RemoveLine("f2"));
  EXPECT_EQ(Changes(1, {}), "f2+2-4 f3+3");
  EXPECT_EQ(Changes(3, 4), "f2+2-4");
  EXPECT_EQ(Changes(4, 4), "");
  EXPECT_EQ(Changes(0, 1), "f1+1");
}

TEST_F(HistoryTest, ChangesTellRemovesOfFilesThatWereNotThere) {
  CommitMany(3);
  Commit(3, RemoveLine("x"));
  Commit(4, RemoveLine("x") + RemoveLine("x"));
  EXPECT_EQ(Changes(2, 4), "x-3 x-4");
  Commit(5, RemoveLine("f0") + RemoveLine("x"));  // lands on a table that is followed
  Commit(6, RemoveLine("f0"));
  EXPECT_EQ(Changes(3, 6), "f0+0-5 f0-6 x-4 x-5");
}

TEST_F(HistoryTest, ARemoveAfterTheRemoveOfACheckpointsFileIsAChangeToo) {
  CommitMany(3);
  Checkpoint(2);
  Commit(3, RemoveLine("f0"));
  Commit(4, RemoveLine("f0"));
  EXPECT_EQ(Changes(2, 4), "f0-3 f0-4");
  EXPECT_EQ(Changes(3, 4), "f0-4");
}

TEST_F(HistoryTest, ChangesOutsideTheRangeAreRefused) {
  CommitMany(3);
  ASSERT_EQ(Paths(), "f0 f1 f2");
  EXPECT_THAT(Changes(2, 1), HasSubstr("runs backwards"));
  EXPECT_THAT(Changes(1, 9), HasSubstr("versions 0 to 2 are"));
  EXPECT_THAT(Changes(-1, 1), HasSubstr("versions 0 to 2 are"));
}

TEST_F(HistoryTest, ChangesBelowTheFloorAreFilledIn) {
  CommitMany(8);
  Checkpoint(5);
  ASSERT_EQ(Paths(), "f0 f1 f2 f3 f4 f5 f6 f7");
  EXPECT_EQ(Changes(2, 4), "f3+3 f4+4");
  EXPECT_EQ(Changes(5, 7), "f6+6 f7+7");
}

TEST_F(HistoryTest, ChangesCrossTheFloor) {
  CommitMany(8);
  Checkpoint(5);
  ASSERT_EQ(Paths(), "f0 f1 f2 f3 f4 f5 f6 f7");
  EXPECT_EQ(Changes(3, 6), "f4+4 f5+5 f6+6");
  EXPECT_EQ(Changes(4, 5), "f5+5");
}

}  // namespace
}  // namespace levee::catalog

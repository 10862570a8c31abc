#include "catalog/view_refresher.h"

#include <gtest/gtest.h>

#include "catalog/catalog_test_bed.h"

namespace levee::catalog {
namespace {

// Commits land in the store through the bed's catalog, which is told not to refresh; the refresher under test is.
class ViewRefresherTest : public CatalogTestBed {
 protected:
  // Commits 1 .. count, each synced on its own.
  void Sync(std::int64_t first, std::int64_t last) {
    for (std::int64_t version = first; version <= last; ++version) {
      CommitFile(version);
      const auto report = catalog_->Sync(kTable, {}, false);
      ASSERT_TRUE(report) << report.error().ToString();
    }
    const auto tables = store_->ListTables();
    ASSERT_TRUE(tables);
    table_ = tables->front().id;
  }
  std::optional<std::int64_t> Kept() {
    const auto view = store_->ReadViewState(table_);
    EXPECT_TRUE(view) << view.error().ToString();
    return view ? view->version : std::nullopt;
  }
  std::function<void(const std::string&)> Notes() {
    return [this](const std::string& note) { notes_.push_back(note); };
  }

  std::int64_t table_ = 0;
};

TEST_F(ViewRefresherTest, AtCommitNothingStaysBehind) {
  Sync(0, 2);
  EXPECT_EQ(Kept(), 0);
  ViewRefresher refresher(*store_, ViewRefresh::kCommit, Notes());
  refresher.Published(table_);
  EXPECT_EQ(Kept(), 2);
}

TEST_F(ViewRefresherTest, OnDemandNothingHappens) {
  Sync(0, 20);
  ViewRefresher refresher(*store_, ViewRefresh::kDemand, Notes());
  refresher.Published(table_);
  refresher.Finish();
  EXPECT_LT(Kept().value_or(-1), 20);
}

TEST_F(ViewRefresherTest, InTheBackgroundSeveralCommitsAreOneRefresh) {
  Sync(0, 5);
  ViewRefresher refresher(*store_, ViewRefresh::kBackground, Notes());
  refresher.Published(table_);
  refresher.Finish();
  EXPECT_EQ(Kept(), 0);
  Reopen({});
  Sync(6, 15);
  const std::int64_t before = Kept().value_or(-1);
  EXPECT_LT(before, 15);
  Sync(16, 20);  // the bed's own catalog refreshes in the background
  Reopen({});    // its thread ends with what was due
  EXPECT_GE(Kept().value_or(-1), 16);
}

TEST_F(ViewRefresherTest, WhatIsDueIsDoneAtTheEnd) {
  Sync(0, 15);
  CommitFile(16);
  {
    ViewRefresher refresher(*store_, ViewRefresh::kBackground, Notes());
    Sync(16, 16);
    refresher.Published(table_);
  }
  Reopen({});
  EXPECT_EQ(Kept(), 16);
}

TEST_F(ViewRefresherTest, ATableThatWasForgottenIsNoError) {
  Sync(0, 1);
  ASSERT_TRUE(catalog_->Forget(kTable));
  ViewRefresher refresher(*store_, ViewRefresh::kCommit, Notes());
  refresher.Published(table_);
  EXPECT_TRUE(notes_.empty());
}

}  // namespace
}  // namespace levee::catalog

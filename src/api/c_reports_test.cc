// What the C interface says of tables beside their files, and how its work is called off.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <thread>
#include <utility>

#include "api/c_api_test_bed.h"
#include "levee/cancel.h"
#include "levee/levee.h"
#include "levee/levee_c.h"

namespace levee::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CReportsTest : public CApiTest {
 protected:
  const char* Table() const { return table_name_.c_str(); }
  std::filesystem::path Log() const { return folder_ / "table" / "_delta_log"; }

  // Of the last call, which failed with `code`.
  void ExpectFailed(levee_code code, levee_code expected) {
    EXPECT_EQ(code, expected) << Text();
    EXPECT_EQ(levee_error_code(error_), expected);
    levee_error_free(std::exchange(error_, nullptr));
  }
};

TEST_F(CReportsTest, ASyncSaysWhatItDid) {
  levee_sync_report* report = nullptr;
  ASSERT_EQ(levee_store_add(store_, Table(), "orders", &report, &error_), LEVEE_OK) << Text();
  EXPECT_TRUE(report->imported);
  EXPECT_STREQ(report->name, "orders");
  EXPECT_STREQ(report->uri, ("file://" + table_name_).c_str());
  EXPECT_STREQ(report->base, "");
  EXPECT_EQ(report->from_version, -1);
  EXPECT_EQ(report->to_version, 1);
  EXPECT_EQ(report->files, 3);
  levee_sync_report_free(report);
  WriteCommit(Log(), 2, Add("d", 30));
  ASSERT_EQ(levee_store_sync_report(store_, "orders", &report, &error_), LEVEE_OK) << Text();
  EXPECT_FALSE(report->imported);
  EXPECT_EQ(report->from_version, 1);
  EXPECT_EQ(report->to_version, 2);
  EXPECT_EQ(report->commits, 1);
  EXPECT_EQ(report->files, 4);
  levee_sync_report_free(report);
  EXPECT_EQ(levee_store_add(store_, Table(), nullptr, nullptr, &error_), LEVEE_OK) << Text();  // nobody wants a report
}

TEST_F(CReportsTest, ListsTablesAndForgetsThem) {
  levee_table_list* tables = nullptr;
  ASSERT_EQ(levee_store_tables(store_, &tables, &error_), LEVEE_OK) << Text();
  EXPECT_EQ(levee_table_list_count(tables), 0U);
  EXPECT_EQ(levee_table_list_table(tables, 0), nullptr);
  levee_table_list_free(tables);
  ASSERT_EQ(levee_store_add(store_, Table(), "orders", nullptr, &error_), LEVEE_OK) << Text();
  ASSERT_EQ(levee_store_tables(store_, &tables, &error_), LEVEE_OK) << Text();
  ASSERT_EQ(levee_table_list_count(tables), 1U);
  const levee_table_info* const table = levee_table_list_table(tables, 0);
  EXPECT_STREQ(table->name, "orders");
  EXPECT_STREQ(table->uri, ("file://" + table_name_).c_str());
  EXPECT_EQ(table->version, 1);
  EXPECT_EQ(table->files, 3);
  EXPECT_EQ(table->bytes, 100 + 110 + 120);
  EXPECT_EQ(table->records, 30);
  EXPECT_EQ(levee_table_list_table(tables, 1), nullptr);
  levee_table_list_free(tables);
  ASSERT_EQ(levee_store_forget(store_, "orders", &error_), LEVEE_OK) << Text();
  ExpectFailed(levee_store_forget(store_, "orders", &error_), LEVEE_NOT_FOUND);
}

TEST_F(CReportsTest, HistoryIsNewestFirst) {
  levee_history* history = nullptr;
  ASSERT_EQ(levee_store_history(store_, Table(), -1, &history, &error_), LEVEE_OK) << Text();
  ASSERT_EQ(levee_history_count(history), 2U);
  const levee_commit* const newest = levee_history_commit(history, 0);
  EXPECT_EQ(newest->version, 1);
  EXPECT_EQ(newest->timestamp_ms, 1'700'000'001'000);
  EXPECT_STREQ(newest->commit_info_json, R"({"timestamp":1700000001000})");
  EXPECT_EQ(newest->files_added, 1);
  EXPECT_EQ(newest->files_removed, 0);
  EXPECT_EQ(newest->bytes_added, 120);
  EXPECT_EQ(newest->rows_added, 10);
  EXPECT_EQ(levee_history_commit(history, 1)->version, 0);
  EXPECT_EQ(levee_history_commit(history, 2), nullptr);
  levee_history_free(history);
  ASSERT_EQ(levee_store_history(store_, Table(), 1, &history, &error_), LEVEE_OK) << Text();
  EXPECT_EQ(levee_history_count(history), 1U);
  levee_history_free(history);
}

TEST_F(CReportsTest, ChangesAreThoseOfTheCommitsBetween) {
  WriteCommit(Log(), 2, R"({"remove":{"path":"a","dataChange":true,"deletionTimestamp":1700000002000}})" "\n");
  levee_changes_query query = LEVEE_CHANGES_QUERY;
  const char* const columns[] = {"path"};
  query.columns = columns;
  query.columns_count = 1;
  const auto ask = [&](int column) {
    ArrowArrayStream stream;
    EXPECT_EQ(levee_store_changes(store_, Table(), &query, &stream, &error_), LEVEE_OK) << Text();
    return Texts(stream, column);
  };
  query.from = 0;
  EXPECT_THAT(ask(0), ElementsAre("add", "remove"));
  EXPECT_THAT(ask(3), ElementsAre("c", "a"));
  query.to = 1;
  EXPECT_THAT(ask(3), ElementsAre("c"));
  query.to = 0;
  EXPECT_THAT(ask(3), ElementsAre());
  query.from = 1;
  ArrowArrayStream stream;
  ExpectRefused(levee_store_changes(store_, Table(), &query, &stream, &error_), "changes");
  EXPECT_EQ(stream.release, nullptr);
  query.to = 9;
  ExpectFailed(levee_store_changes(store_, Table(), &query, &stream, &error_), LEVEE_OUT_OF_RANGE);
  query.from = -1;
  ExpectRefused(levee_store_changes(store_, Table(), &query, &stream, &error_), "argument query");
}

TEST_F(CReportsTest, ACheckNamesWhatIsWrong) {
  OpenTable();
  levee_check_report* report = nullptr;
  ASSERT_EQ(levee_store_check(store_, Table(), &report, &error_), LEVEE_OK) << Text();
  EXPECT_EQ(report->status, LEVEE_CHECK_EQUAL);
  EXPECT_EQ(report->store_version, 1);
  EXPECT_EQ(report->log_version, 1);
  EXPECT_EQ(report->missing.count + report->unexpected.count + report->differing.count, 0U);
  levee_check_report_free(report);
  WriteCommit(Log(), 2, Add("d", 30));
  ASSERT_EQ(levee_store_check(store_, Table(), &report, &error_), LEVEE_OK) << Text();
  EXPECT_EQ(report->status, LEVEE_CHECK_LAGGING);
  EXPECT_EQ(report->log_version, 2);
  levee_check_report_free(report);
  // A log of another commit 1: file e in c's place.
  std::filesystem::remove(Log() / "00000000000000000002.json");
  WriteCommit(Log(), 1, R"({"commitInfo":{"timestamp":1700000009000}})" "\n" + Add("e", 50));
  ASSERT_EQ(levee_store_check(store_, Table(), &report, &error_), LEVEE_OK) << Text();
  EXPECT_NE(report->status, LEVEE_CHECK_EQUAL);
  if (report->status == LEVEE_CHECK_DRIFT) {
    ASSERT_EQ(report->missing.count, 1U);
    EXPECT_STREQ(report->missing.texts[0], "e");
    ASSERT_EQ(report->unexpected.count, 1U);
    EXPECT_STREQ(report->unexpected.texts[0], "c");
  }
  levee_check_report_free(report);
}

TEST_F(CReportsTest, DescribesATable) {
  OpenTable();
  char* json = nullptr;
  ASSERT_EQ(levee_table_describe(table_, &json, &error_), LEVEE_OK) << Text();
  EXPECT_THAT(json, HasSubstr(R"("numFiles":3)"));
  levee_text_free(json);
  EXPECT_EQ(levee_table_partition_columns_count(table_), 0U);
  EXPECT_EQ(levee_table_partition_column(table_, 0), nullptr);
}

TEST_F(CReportsTest, WorkIsCalledOffOnTheThreadThatUsesTheToken) {
  OpenTable();
  levee_cancel_token* token = nullptr;
  ASSERT_EQ(levee_cancel_token_new(-1, &token, &error_), LEVEE_OK) << Text();
  ASSERT_EQ(levee_cancel_token_use(token, &error_), LEVEE_OK) << Text();
  std::int64_t files = 0;
  ArrowArrayStream stream;
  ASSERT_EQ(levee_table_files(table_, nullptr, &stream, &error_), LEVEE_OK) << Text();
  std::thread([token] { levee_cancel_token_cancel(token); }).join();
  ArrowArray batch;
  EXPECT_EQ(stream.get_next(&stream, &batch), ECANCELED);
  EXPECT_THAT(stream.get_last_error(&stream), HasSubstr("cancelled"));
  stream.release(&stream);
  levee_check_report* report = nullptr;
  ExpectFailed(levee_store_check(store_, Table(), &report, &error_), LEVEE_CANCELLED);
  EXPECT_EQ(report, nullptr);
  // Another thread is not concerned, and this one no more once it is told so.
  std::thread([&] { EXPECT_EQ(levee_table_count(table_, nullptr, &files, nullptr), LEVEE_OK); }).join();
  EXPECT_EQ(files, 3);
  levee_cancel_token_free(token);
  ExpectFailed(levee_store_check(store_, Table(), &report, &error_), LEVEE_CANCELLED);
  ASSERT_EQ(levee_cancel_token_use(nullptr, &error_), LEVEE_OK) << Text();
  ASSERT_EQ(levee_store_check(store_, Table(), &report, &error_), LEVEE_OK) << Text();
  levee_check_report_free(report);
}

TEST_F(CReportsTest, ATimeBoundEndsWork) {
  OpenTable();
  levee_check_report* report = nullptr;
  for (const std::int64_t timeout_ms : {std::int64_t{0}, std::int64_t{60'000}, INT64_MAX}) {
    levee_cancel_token* token = nullptr;
    ASSERT_EQ(levee_cancel_token_new(timeout_ms, &token, &error_), LEVEE_OK) << Text();
    ASSERT_EQ(levee_cancel_token_use(token, &error_), LEVEE_OK) << Text();
    levee_cancel_token_free(token);
    const levee_code code = levee_store_check(store_, Table(), &report, &error_);
    EXPECT_EQ(code, timeout_ms == 0 ? LEVEE_CANCELLED : LEVEE_OK) << Text();
    levee_error_free(std::exchange(error_, nullptr));
    levee_check_report_free(report);
  }
  ASSERT_EQ(levee_cancel_token_use(nullptr, nullptr), LEVEE_OK);
}

TEST_F(CReportsTest, ScopesOfTheCppInterfaceNest) {
  OpenTable();
  const auto opened = OpenStore({.uri = uri_});
  ASSERT_TRUE(opened) << opened.error().ToString();
  const CancelToken outer;
  const CancelScope scope(outer);
  {
    const CancelToken inner(0);
    const CancelScope inner_scope(inner);
    const auto refused = (*opened)->Check(table_name_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kCancelled);
  }
  EXPECT_TRUE((*opened)->Check(table_name_));
  outer.Cancel();
  EXPECT_FALSE((*opened)->Check(table_name_));
}

TEST_F(CReportsTest, NullIsRefusedByName) {
  OpenTable();
  levee_sync_report* sync = nullptr;
  levee_check_report* check = nullptr;
  levee_history* history = nullptr;
  levee_table_list* tables = nullptr;
  levee_changes_query query = LEVEE_CHANGES_QUERY;
  query.from = 0;
  ArrowArrayStream stream;
  char* json = nullptr;
  ExpectRefused(levee_store_add(nullptr, Table(), "n", &sync, &error_), "argument store");
  ExpectRefused(levee_store_add(store_, nullptr, "n", &sync, &error_), "argument table");
  ExpectRefused(levee_store_sync_report(nullptr, Table(), &sync, &error_), "argument store");
  ExpectRefused(levee_store_sync_report(store_, nullptr, &sync, &error_), "argument table");
  ExpectRefused(levee_store_sync_report(store_, Table(), nullptr, &error_), "argument report");
  ExpectRefused(levee_store_check(nullptr, Table(), &check, &error_), "argument store");
  ExpectRefused(levee_store_check(store_, nullptr, &check, &error_), "argument table");
  ExpectRefused(levee_store_check(store_, Table(), nullptr, &error_), "argument report");
  ExpectRefused(levee_store_forget(nullptr, Table(), &error_), "argument store");
  ExpectRefused(levee_store_forget(store_, nullptr, &error_), "argument table");
  ExpectRefused(levee_store_history(nullptr, Table(), 1, &history, &error_), "argument store");
  ExpectRefused(levee_store_history(store_, nullptr, 1, &history, &error_), "argument table");
  ExpectRefused(levee_store_history(store_, Table(), 1, nullptr, &error_), "argument history");
  ExpectRefused(levee_store_tables(nullptr, &tables, &error_), "argument store");
  ExpectRefused(levee_store_tables(store_, nullptr, &error_), "argument tables");
  ExpectRefused(levee_store_changes(nullptr, Table(), &query, &stream, &error_), "argument store");
  ExpectRefused(levee_store_changes(store_, nullptr, &query, &stream, &error_), "argument table");
  ExpectRefused(levee_store_changes(store_, Table(), nullptr, &stream, &error_), "argument query");
  ExpectRefused(levee_store_changes(store_, Table(), &query, nullptr, &error_), "argument changes");
  query.columns_count = 1;
  ExpectRefused(levee_store_changes(store_, Table(), &query, &stream, &error_), "argument columns");
  ExpectRefused(levee_table_describe(nullptr, &json, &error_), "argument table");
  ExpectRefused(levee_table_describe(table_, nullptr, &error_), "argument json");
  ExpectRefused(levee_cancel_token_new(1, nullptr, &error_), "argument token");
}

TEST_F(CReportsTest, NullIsNothingToGiveBack) {
  levee_sync_report_free(nullptr);
  levee_check_report_free(nullptr);
  levee_history_free(nullptr);
  levee_table_list_free(nullptr);
  levee_cancel_token_free(nullptr);
  levee_cancel_token_cancel(nullptr);
  EXPECT_EQ(levee_history_count(nullptr), 0U);
  EXPECT_EQ(levee_history_commit(nullptr, 0), nullptr);
  EXPECT_EQ(levee_table_list_count(nullptr), 0U);
  EXPECT_EQ(levee_table_list_table(nullptr, 0), nullptr);
}

}  // namespace
}  // namespace levee::api

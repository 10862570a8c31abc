// The C interface against the C++ one, and what it refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "api/c_api_test_bed.h"
#include "api/c_error.h"
#include "levee/levee.h"
#include "levee/levee_c.h"

namespace levee::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(CApiTest, SaysWhatATableIs) {
  std::int64_t version = 0;
  ASSERT_EQ(levee_store_sync(store_, table_name_.c_str(), &version, &error_), LEVEE_OK) << Text();
  EXPECT_EQ(version, 1);
  OpenTable();
  EXPECT_EQ(levee_table_version(table_), 1);
  EXPECT_EQ(levee_table_timestamp_ms(table_), 1'700'000'001'000);
  EXPECT_STREQ(levee_table_uri(table_), ("file://" + table_name_).c_str());
  EXPECT_STREQ(levee_table_name(table_), "");
  EXPECT_STREQ(levee_table_schema_json(table_), kSchema);
  EXPECT_THAT(levee_store_uri(store_), HasSubstr("levee.db"));
  EXPECT_EQ(error_, nullptr);
}

TEST_F(CApiTest, OpensAVersionAndATime) {
  ASSERT_EQ(levee_table_open_at_version(store_, table_name_.c_str(), 0, &table_, &error_), LEVEE_OK) << Text();
  EXPECT_EQ(levee_table_version(table_), 0);
  levee_table_close(table_);
  ASSERT_EQ(levee_table_open_at_time(store_, table_name_.c_str(), 1'700'000'000'999, &table_, &error_), LEVEE_OK)
      << Text();
  EXPECT_EQ(levee_table_version(table_), 0);
  levee_table_close(table_);
  EXPECT_EQ(levee_table_open_at_version(store_, table_name_.c_str(), 7, &table_, &error_), LEVEE_OUT_OF_RANGE);
  EXPECT_EQ(table_, nullptr);
  EXPECT_THAT(Text(), HasSubstr(levee_error_why(error_)));
}

TEST_F(CApiTest, EveryFieldOfAQueryCounts) {
  OpenTable();
  levee_query query = LEVEE_QUERY;
  query.order = "size desc";
  EXPECT_THAT(Paths(query), ElementsAre("c", "b", "a"));
  query.limit = 2;
  EXPECT_THAT(Paths(query), ElementsAre("c", "b"));
  query.where = "id < 15";
  EXPECT_THAT(Paths(query), ElementsAre("b", "a"));
  query = LEVEE_QUERY;
  const char* const paths[] = {"a", "c", "nowhere"};
  query.paths = paths;
  query.paths_count = 3;
  query.order = "path";
  EXPECT_THAT(Paths(query), ElementsAre("a", "c"));
  query.except = paths;
  query.except_count = 1;
  EXPECT_THAT(Paths(query), ElementsAre("c"));
  query.paths_count = 0;  // a list of none, not no list
  EXPECT_THAT(Paths(query), ElementsAre());
  query = LEVEE_QUERY;
  query.rows = 11;
  EXPECT_EQ(Paths(query).size(), 2U);
}

TEST_F(CApiTest, CountsAndExplains) {
  OpenTable();
  levee_query query = LEVEE_QUERY;
  query.where = "id < 15";
  std::int64_t files = 0;
  ASSERT_EQ(levee_table_count(table_, &query, &files, &error_), LEVEE_OK) << Text();
  EXPECT_EQ(files, 2);
  ASSERT_EQ(levee_table_count(table_, nullptr, &files, &error_), LEVEE_OK) << Text();
  EXPECT_EQ(files, 3);
  for (const auto& [format, expected] :
       {std::pair{LEVEE_EXPLAIN_TEXT, "2 of 3"}, {LEVEE_EXPLAIN_JSON, "{"}, {LEVEE_EXPLAIN_SVG, "<svg"}}) {
    char* text = nullptr;
    ASSERT_EQ(levee_table_explain(table_, &query, format, false, &text, &error_), LEVEE_OK) << Text();
    EXPECT_THAT(text, HasSubstr(expected));
    levee_text_free(text);
  }
}

TEST_F(CApiTest, WhatFailsGivesItsReason) {
  OpenTable();
  levee_query query = LEVEE_QUERY;
  query.where = "nothing = 1";
  ArrowArrayStream stream;
  ExpectRefused(levee_table_files(table_, &query, &stream, &error_), "predicate");
  EXPECT_EQ(stream.release, nullptr);
  std::int64_t files = 5;
  EXPECT_EQ(levee_table_count(table_, &query, &files, nullptr), LEVEE_INVALID_ARGUMENT);  // nobody wants the reason
  EXPECT_EQ(files, 0);
  levee_table* other = nullptr;
  EXPECT_EQ(levee_table_open(store_, (folder_ / "none").c_str(), &other, &error_), LEVEE_NOT_A_TABLE) << Text();
  EXPECT_EQ(other, nullptr);
}

TEST_F(CApiTest, NullIsRefusedByName) {
  OpenTable();
  const char* const name = table_name_.c_str();
  levee_table* other = table_;
  ExpectRefused(levee_store_open(nullptr, nullptr, &error_), "argument store");
  ExpectRefused(levee_store_sync(nullptr, name, nullptr, &error_), "argument store");
  ExpectRefused(levee_store_sync(store_, nullptr, nullptr, &error_), "argument table");
  ExpectRefused(levee_table_open(nullptr, name, &other, &error_), "argument store");
  EXPECT_EQ(other, nullptr);
  ExpectRefused(levee_table_open(store_, nullptr, &other, &error_), "argument table");
  ExpectRefused(levee_table_open_at_version(store_, name, 0, nullptr, &error_), "argument opened");
  ArrowArrayStream stream;
  std::int64_t files = 0;
  char* text = nullptr;
  ExpectRefused(levee_table_files(nullptr, nullptr, &stream, &error_), "argument table");
  ExpectRefused(levee_table_files(table_, nullptr, nullptr, &error_), "argument files");
  ExpectRefused(levee_table_count(nullptr, nullptr, &files, &error_), "argument table");
  ExpectRefused(levee_table_count(table_, nullptr, nullptr, &error_), "argument files");
  ExpectRefused(levee_table_explain(nullptr, nullptr, LEVEE_EXPLAIN_TEXT, false, &text, &error_), "argument table");
  ExpectRefused(levee_table_explain(table_, nullptr, LEVEE_EXPLAIN_TEXT, false, nullptr, &error_), "argument text");
  ExpectRefused(levee_table_explain(table_, nullptr, static_cast<levee_explain_format>(3), false, &text, &error_),
                "argument format");
}

TEST_F(CApiTest, NullInAListIsRefusedByName) {
  OpenTable();
  std::int64_t files = 0;
  const char* const texts[] = {"path", nullptr};
  levee_query query = LEVEE_QUERY;
  query.columns = texts;
  query.columns_count = 2;
  ExpectRefused(levee_table_count(table_, &query, &files, &error_), "argument columns");
  query = LEVEE_QUERY;
  query.except_count = 1;
  ExpectRefused(levee_table_count(table_, &query, &files, &error_), "argument except");
  levee_store* other = nullptr;
  levee_store_options options = options_;
  options.settings_count = 1;
  ExpectRefused(levee_store_open(&options, &other, &error_), "argument settings");
  const levee_setting setting{"freshness", nullptr};
  options.settings = &setting;
  ExpectRefused(levee_store_open(&options, &other, &error_), "argument settings");
  EXPECT_EQ(other, nullptr);
}

TEST_F(CApiTest, NullIsNoObject) {
  EXPECT_EQ(levee_table_version(nullptr), -1);
  EXPECT_EQ(levee_table_timestamp_ms(nullptr), -1);
  for (const char* const text : {levee_table_uri(nullptr), levee_table_name(nullptr), levee_table_schema_json(nullptr),
                                 levee_store_uri(nullptr), levee_error_what(nullptr), levee_error_why(nullptr),
                                 levee_error_hint(nullptr), levee_error_text(nullptr)}) {
    EXPECT_STREQ(text, "");
  }
  EXPECT_EQ(levee_error_code(nullptr), LEVEE_OK);
  EXPECT_EQ(levee_table_partition_columns_count(nullptr), 0U);
  EXPECT_EQ(levee_table_partition_column(nullptr, 0), nullptr);
  levee_store_close(nullptr);
  levee_table_close(nullptr);
  levee_error_free(nullptr);
  levee_text_free(nullptr);
}

TEST_F(CApiTest, SettingsAreTakenAndChecked) {
  levee_store* other = nullptr;
  levee_store_options options = options_;
  levee_setting setting{"freshness", "cached"};
  options.settings = &setting;
  options.settings_count = 1;
  OpenTable();  // imports version 1
  WriteCommit(folder_ / "table" / "_delta_log", 2, Add("d", 30));
  ASSERT_EQ(levee_store_open(&options, &other, &error_), LEVEE_OK) << Text();
  levee_table* cached = nullptr;
  ASSERT_EQ(levee_table_open(other, table_name_.c_str(), &cached, &error_), LEVEE_OK) << Text();
  EXPECT_EQ(levee_table_version(cached), 1);
  levee_table_close(cached);
  levee_store_close(other);
  setting = {"no_such", "1"};
  ExpectRefused(levee_store_open(&options, &other, &error_), "setting 'no_such'");
}

// Callers that were compiled with other versions of the header.
TEST_F(CApiTest, StructuresOfOtherVersionsAreReadAsFarAsTheyGo) {
  OpenTable();
  std::int64_t files = 0;
  levee_query shorter = LEVEE_QUERY;
  shorter.where = "id < 15";
  shorter.size = offsetof(levee_query, columns);
  shorter.columns_count = 9;  // not of the structure that the caller knows
  shorter.limit = 0;
  ASSERT_EQ(levee_table_count(table_, &shorter, &files, &error_), LEVEE_OK) << Text();
  EXPECT_EQ(files, 2);
  struct {
    levee_query known = LEVEE_QUERY;
    std::int64_t later = 0;
  } longer;
  longer.known.size = sizeof(longer);
  EXPECT_EQ(levee_table_count(table_, &longer.known, &files, &error_), LEVEE_OK) << Text();
  longer.later = 1;
  EXPECT_EQ(levee_table_count(table_, &longer.known, &files, &error_), LEVEE_UNSUPPORTED) << Text();
  levee_error_free(std::exchange(error_, nullptr));
  for (const std::size_t wrong : {std::size_t{0}, std::size_t{1} << 40}) {
    longer.known.size = wrong;
    ExpectRefused(levee_table_count(table_, &longer.known, &files, &error_), "argument query");
  }
}

TEST_F(CApiTest, ObjectsOutliveTheirMakers) {
  OpenTable();
  ArrowArrayStream stream;
  ASSERT_EQ(levee_table_files(table_, nullptr, &stream, &error_), LEVEE_OK) << Text();
  levee_store_close(std::exchange(store_, nullptr));
  std::int64_t files = 0;
  ASSERT_EQ(levee_table_count(table_, nullptr, &files, &error_), LEVEE_OK) << Text();
  levee_table_close(std::exchange(table_, nullptr));
  ArrowArray batch;
  ASSERT_EQ(stream.get_next(&stream, &batch), 0);
  stream.release(&stream);
  ASSERT_NE(batch.release, nullptr);
  EXPECT_EQ(batch.length, files);
  batch.release(&batch);
}

TEST(CErrorTest, EveryCodeHasTheNameOfItsKind) {
  for (int kind = 0; kind <= static_cast<int>(ErrorCode::kInternal); ++kind) {
    const auto code = static_cast<ErrorCode>(kind);
    levee_error* error = nullptr;
    EXPECT_STREQ(levee_code_name(Report({code, "a", "b", "c"}, &error)), ErrorCodeName(code));
    EXPECT_STREQ(levee_error_text(error), "a: b (c)");
    EXPECT_STREQ(levee_error_hint(error), "c");
    levee_error_free(error);
  }
  EXPECT_STREQ(levee_code_name(LEVEE_OK), "ok");
  EXPECT_STREQ(levee_code_name(static_cast<levee_code>(14)), "unknown");
  EXPECT_STREQ(levee_code_name(static_cast<levee_code>(15)), "unknown");
}

TEST(CErrorTest, NoExceptionPasses) {
  levee_error* error = nullptr;
  EXPECT_EQ(RunForC(&error, []() -> Status { throw std::bad_alloc(); }), LEVEE_RESOURCE_EXHAUSTED);
  EXPECT_STREQ(levee_error_text(error), "memory: none was left");
  levee_error_free(error);
  levee_error_free(error);  // belongs to nobody
  EXPECT_EQ(RunForC(&error, []() -> Status { throw std::runtime_error("odd"); }), LEVEE_INTERNAL);
  EXPECT_THAT(levee_error_text(error), HasSubstr("odd"));
  levee_error_free(error);
  EXPECT_EQ(RunForC(nullptr, []() -> Status { throw 1; }), LEVEE_INTERNAL);
}

}  // namespace
}  // namespace levee::api

// The C interface where the system has no memory: each allocation of a session with it fails in turn, and each time
// the failing call says so, whatever the layers below throw.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "levee/levee_c.h"
#include "tests/injection/failing_new.h"

namespace levee::injection {
namespace {

constexpr char kLog[] =
    R"({"protocol":{"minReaderVersion":1,"minWriterVersion":2}})" "\n"
    R"({"metaData":{"id":"t","format":{"provider":"parquet","options":{}},"schemaString":)"
    R"("{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}}]}",)"
    R"("partitionColumns":[],"configuration":{}}})" "\n"
    R"({"add":{"path":"a","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true,)"
    R"("stats":"{\"numRecords\":1,\"minValues\":{\"id\":1},\"maxValues\":{\"id\":9}}"}})" "\n";

class CApiInjection : public ::testing::Test {
 protected:
  CApiInjection()
      : folder_(std::filesystem::temp_directory_path() / ("levee_c_injection." + std::to_string(::getpid()))),
        table_((folder_ / "table").string()),
        uri_((folder_ / "levee.db").string()) {
    std::filesystem::create_directories(folder_ / "table/_delta_log");
    std::ofstream(folder_ / "table/_delta_log/00000000000000000000.json") << kLog;
  }
  ~CApiInjection() override {
    FailAllocation(0);
    std::filesystem::remove_all(folder_);
  }

  // What a call may end with; an error has a text even where there is no memory for one.
  static void Look(levee_code code, levee_error** given) {
    levee_error* const error = *given;
    EXPECT_TRUE(code == LEVEE_OK || code == LEVEE_RESOURCE_EXHAUSTED) << levee_error_text(error);
    EXPECT_EQ(levee_error_code(error), code);
    EXPECT_EQ(*levee_error_text(error) == '\0', code == LEVEE_OK);
    levee_error_free(error);
  }

  // Files that were listed and counted; less than 2 where something failed.
  std::int64_t Ask(levee_store* store) {
    levee_query query = LEVEE_QUERY;
    query.where = "id > 3";
    levee_error* error = nullptr;
    levee_table* table = nullptr;
    Look(levee_table_open(store, table_.c_str(), &table, &error), &error);
    if (table == nullptr) return 0;
    std::int64_t counted = 0;
    Look(levee_table_count(table, &query, &counted, &error), &error);
    char* text = nullptr;
    Look(levee_table_explain(table, &query, LEVEE_EXPLAIN_JSON, false, &text, &error), &error);
    levee_text_free(text);
    ArrowArrayStream stream;
    Look(levee_table_files(table, &query, &stream, &error), &error);
    levee_table_close(table);
    if (stream.release == nullptr) return counted;
    ArrowArray batch{};
    if (stream.get_next(&stream, &batch) == 0 && batch.release != nullptr) {
      counted += batch.length;
      batch.release(&batch);
    }
    stream.release(&stream);
    return counted;
  }

  // Commits, changes, tables and kinds of files that a check looked for; less than 4 where something failed.
  std::int64_t AskOfCommits(levee_store* store) {
    levee_error* error = nullptr;
    levee_cancel_token* token = nullptr;
    Look(levee_cancel_token_new(60'000, &token, &error), &error);
    Look(levee_cancel_token_use(token, &error), &error);
    levee_cancel_token_free(token);
    levee_history* history = nullptr;
    Look(levee_store_history(store, table_.c_str(), -1, &history, &error), &error);
    std::int64_t told = static_cast<std::int64_t>(levee_history_count(history));
    levee_history_free(history);
    levee_table_list* tables = nullptr;
    Look(levee_store_tables(store, &tables, &error), &error);
    told += static_cast<std::int64_t>(levee_table_list_count(tables));
    levee_table_list_free(tables);
    levee_check_report* check = nullptr;
    Look(levee_store_check(store, table_.c_str(), &check, &error), &error);
    told += check != nullptr && check->status == LEVEE_CHECK_EQUAL ? 1 : 0;
    levee_check_report_free(check);
    levee_sync_report* sync = nullptr;
    Look(levee_store_sync_report(store, table_.c_str(), &sync, &error), &error);
    told += sync == nullptr ? 0 : 1;
    levee_sync_report_free(sync);
    levee_cancel_token_use(nullptr, nullptr);
    return told;
  }

  std::int64_t OpenAndAsk() {
    levee_store_options options = LEVEE_STORE_OPTIONS;
    options.uri = uri_.c_str();
    // What works in the background would take the failure.
    const levee_setting settings[] = {{"cache_warming", "off"}, {"threads", "1"}};
    options.settings = settings;
    options.settings_count = 2;
    levee_error* error = nullptr;
    levee_store* store = nullptr;
    Look(levee_store_open(&options, &store, &error), &error);
    if (store == nullptr) return 0;
    const std::int64_t counted = Ask(store) + AskOfCommits(store);
    levee_store_close(store);
    return counted;
  }

  const std::filesystem::path folder_;
  const std::string table_, uri_;
};

TEST_F(CApiInjection, SaysSoWhereThereIsNoMemory) {
  ASSERT_EQ(OpenAndAsk(), 6);  // imports the table
  std::int64_t failures = 0;
  bool failed = true;
  for (std::int64_t nth = 1; failed; ++nth) {
    FailAllocation(nth);
    const std::int64_t counted = OpenAndAsk();
    failed = AllocationFailed();
    FailAllocation(0);
    failures += counted < 6 ? 1 : 0;
    if (HasFailure()) FAIL() << "at allocation " << nth;
    ASSERT_LT(nth, 100'000);
  }
  EXPECT_GT(failures, 20);
  EXPECT_EQ(OpenAndAsk(), 6);
}

}  // namespace
}  // namespace levee::injection

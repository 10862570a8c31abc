// A table and a store for the tests of the C interface.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "levee/levee_c.h"

namespace levee::api {

inline void WriteCommit(const std::filesystem::path& log, int version, const std::string& actions) {
  const std::string name = std::to_string(version);
  std::ofstream(log / (std::string(20 - name.size(), '0') + name + ".json")) << actions;
}

inline std::string Add(const std::string& path, int first_id) {
  return R"({"add":{"path":")" + path + R"(","partitionValues":{},"size":)" + std::to_string(100 + first_id) +
         R"(,"modificationTime":1700000000000,"dataChange":true,"stats":"{\"numRecords\":10,\"minValues\":{\"id\":)" +
         std::to_string(first_id) + R"(},\"maxValues\":{\"id\":)" + std::to_string(first_id + 9) +
         R"(},\"nullCount\":{\"id\":0}}"}})" + "\n";
}

inline constexpr char kSchema[] = R"({"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":{}}]})";

inline std::string Escaped(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '"' ? "\\\"" : std::string(1, c);
  return out;
}

// A table of files a (ids 0-9) and b (10-19), c (20-29) from version 1 on.
class CApiTest : public ::testing::Test {
 protected:
  CApiTest() : folder_(std::filesystem::temp_directory_path() / ("levee_c_api." + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder_);
    const auto log = folder_ / "table" / "_delta_log";
    std::filesystem::create_directories(log);
    WriteCommit(log, 0, R"({"commitInfo":{"timestamp":1700000000000}})" "\n"
                        R"({"protocol":{"minReaderVersion":1,"minWriterVersion":2}})" "\n"
                        R"({"metaData":{"id":"t","format":{"provider":"parquet","options":{}},"schemaString":")" +
                            Escaped(kSchema) + R"(","partitionColumns":[],"configuration":{}}})" "\n" + Add("a", 0) +
                            Add("b", 10));
    WriteCommit(log, 1, R"({"commitInfo":{"timestamp":1700000001000}})" "\n" + Add("c", 20));
    // Time travel goes by the times of the log's files.
    for (const int version : {0, 1}) {
      const auto at = std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000 + version));
      std::filesystem::last_write_time(log / ("0000000000000000000" + std::to_string(version) + ".json"),
                                       std::chrono::file_clock::from_sys(at));
    }
    table_name_ = (folder_ / "table").string();
    uri_ = (folder_ / "levee.db").string();
    options_.uri = uri_.c_str();
    EXPECT_EQ(levee_store_open(&options_, &store_, nullptr), LEVEE_OK);
  }
  ~CApiTest() override {
    levee_error_free(error_);
    levee_table_close(table_);
    levee_store_close(store_);
    std::filesystem::remove_all(folder_);
  }

  void OpenTable() { ASSERT_EQ(levee_table_open(store_, table_name_.c_str(), &table_, &error_), LEVEE_OK) << Text(); }
  std::string Text() const { return levee_error_text(error_); }

  // What failed and why, when it is the caller's argument.
  void ExpectRefused(levee_code code, const std::string& what) {
    EXPECT_EQ(code, LEVEE_INVALID_ARGUMENT);
    ASSERT_NE(error_, nullptr);
    EXPECT_EQ(levee_error_code(error_), code);
    EXPECT_EQ(levee_error_what(error_), what) << Text();
    levee_error_free(error_);
    error_ = nullptr;
  }

  // The texts of one utf8 column of a stream, which is released.
  static std::vector<std::string> Texts(ArrowArrayStream& stream, int column) {
    std::vector<std::string> texts;
    ArrowArray batch;
    while (stream.get_next(&stream, &batch) == 0 && batch.release != nullptr) {
      const ArrowArray& values = *batch.children[column];
      const auto* const offsets = static_cast<const std::int32_t*>(values.buffers[1]);
      const auto* const text = static_cast<const char*>(values.buffers[2]);
      for (std::int64_t i = 0; i < batch.length; ++i) texts.emplace_back(text + offsets[i], text + offsets[i + 1]);
      batch.release(&batch);
    }
    stream.release(&stream);
    return texts;
  }

  std::vector<std::string> Paths(levee_query query) {
    const char* const columns[] = {"path"};
    query.columns = columns;
    query.columns_count = 1;
    ArrowArrayStream stream;
    EXPECT_EQ(levee_table_files(table_, &query, &stream, &error_), LEVEE_OK) << Text();
    return Texts(stream, 0);
  }

  const std::filesystem::path folder_;
  std::string table_name_, uri_;
  levee_store_options options_ = LEVEE_STORE_OPTIONS;
  levee_store* store_ = nullptr;
  levee_table* table_ = nullptr;
  levee_error* error_ = nullptr;
};

}  // namespace levee::api

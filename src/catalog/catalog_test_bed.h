// For tests: a catalog over a SQLite store in a temporary folder and a log in memory.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "catalog/catalog.h"
#include "delta/log_listing.h"
#include "objectstore/forwarding_object_store.h"
#include "store/open/open.h"
#include "tests/fakes/memory_object_store.h"

namespace levee::catalog {

// Stands still until it is moved.
class ManualClock final : public Clock {
 public:
  std::int64_t NowMicros() override { return now_micros; }
  std::int64_t MonotonicNanos() override { return now_micros * 1000; }
  void Advance(std::int64_t milliseconds) { now_micros += milliseconds * 1000; }

  std::int64_t now_micros = 1'700'000'000'000'000;
};

// Hands out one shared log.
class SharedObjectStore final : public objectstore::ForwardingObjectStore {
 public:
  explicit SharedObjectStore(fakes::MemoryObjectStore& log) : ForwardingObjectStore(log) {}
};

// Checkpoints of these tests are JSON.
class NoParquet final : public objectstore::ParquetSource {
 public:
  Result<std::unique_ptr<objectstore::ParquetFile>> Open(objectstore::ObjectStore&, std::string_view path) override {
    return Fail(ErrorCode::kCorrupt, std::string(path), "it is no Parquet file");
  }
};

inline constexpr char kSchema[] =
    R"({\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}},)"
    R"({\"name\":\"Region\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}]})";

inline std::string ProtocolLine(int reader = 1, const std::string& features = "") {
  return R"({"protocol":{"minReaderVersion":)" + std::to_string(reader) + R"(,"minWriterVersion":7)" +
         (features.empty() ? "" : R"(,"readerFeatures":[)" + features + R"(],"writerFeatures":[)" + features + "]") +
         "}}\n";
}

inline std::string MetadataLine(const std::string& configuration = "", const std::string& schema = kSchema) {
  return R"({"metaData":{"id":"t-1","format":{"provider":"parquet","options":{}},"schemaString":")" + schema +
         R"(","partitionColumns":["Region"],"configuration":{)" + configuration + R"(},"createdTime":1}})" + "\n";
}

struct FileSpec {
  std::string path;
  std::int64_t min = 0, max = 0, rows = 10;
  std::string region = "eu";
};

inline std::string AddLine(const FileSpec& file) {
  return R"({"add":{"path":")" + file.path + R"(","partitionValues":{"Region":")" + file.region +
         R"("},"size":100,"modificationTime":5,"dataChange":true,"stats":"{\"numRecords\":)" +
         std::to_string(file.rows) + R"(,\"minValues\":{\"id\":)" + std::to_string(file.min) +
         R"(},\"maxValues\":{\"id\":)" + std::to_string(file.max) + R"(},\"nullCount\":{\"id\":0}}"}})" + "\n";
}

inline std::string RemoveLine(const std::string& path) {
  return R"({"remove":{"path":")" + path + R"(","deletionTimestamp":7,"dataChange":true}})" + "\n";
}

inline std::string InfoLine(const std::string& body) { return R"({"commitInfo":{)" + body + "}}\n"; }

// The table is "/bed/t"; its log holds nothing until the test writes it.
class CatalogTestBed : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("levee-catalog-" + std::to_string(::getpid()) + "-" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    auto store = store::OpenStore((folder_ / "levee.db").string(), {});
    ASSERT_TRUE(store) << store.error().ToString();
    store_ = std::move(*store);
    Reopen({});
  }
  void TearDown() override {
    catalog_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  // A new catalog, as another process has it.
  void Reopen(Freshness freshness) {
    CatalogOptions options{.freshness = freshness, .threads = 2, .spill_folder = folder_.string(),
                           .on_note = [this](const std::string& note) { notes_.push_back(note); }};
    catalog_ = MakeCatalog(
        *store_, std::move(options),
        [this](std::string_view) -> Result<std::unique_ptr<objectstore::ObjectStore>> {
          return std::make_unique<SharedObjectStore>(log_);
        },
        [this]() -> Result<objectstore::ParquetSource*> { return &parquet_; }, clock_);
  }

  // `modified_ms`: an hour apart by default, the first at 1,000,000,000,000.
  void Commit(std::int64_t version, const std::string& content, std::int64_t modified_ms = -1) {
    log_.Put(delta::CommitPath(version), content, modified_ms >= 0 ? modified_ms : TimeOf(version));
  }
  static std::int64_t TimeOf(std::int64_t version) { return 1'000'000'000'000 + version * 3'600'000; }

  // Versions 0 .. count-1: each adds the file f<version>, with ids 10v to 10v+9.
  void CommitMany(std::int64_t count) {
    for (std::int64_t version = 0; version < count; ++version) CommitFile(version);
  }
  void CommitFile(std::int64_t version) {
    const std::string add = AddLine({.path = "f" + std::to_string(version), .min = version * 10, .max = version * 10 + 9});
    Commit(version, (version == 0 ? ProtocolLine() + MetadataLine() : std::string()) + add);
  }
  // A V2 checkpoint as one JSON file that holds the files f0 .. f<version>.
  void Checkpoint(std::int64_t version) {
    std::string text = R"({"checkpointMetadata":{"version":)" + std::to_string(version) + "}}\n" +
                       ProtocolLine() + MetadataLine();
    for (std::int64_t file = 0; file <= version; ++file) {
      text += AddLine({.path = "f" + std::to_string(file), .min = file * 10, .max = file * 10 + 9});
    }
    std::string path = delta::CommitPath(version);
    path.resize(path.size() - 4);
    log_.Put(path + "checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json", text, TimeOf(version));
  }
  void RemoveCommits(std::int64_t first, std::int64_t last) {
    for (std::int64_t version = first; version <= last; ++version) log_.Remove(delta::CommitPath(version));
  }

  // The paths at a version, sorted, or the error's text.
  std::string Paths(const VersionChoice& choice = {}, const FilesRequest& question = {}) {
    auto view = catalog_->Open(kTable, choice);
    if (!view) return view.error().ToString();
    FilesRequest request = question;
    request.columns = {columnar::PlainKey(columnar::ColumnRole::kPath)};
    auto stream = (*view)->Files(request, nullptr);
    if (!stream) return stream.error().ToString();
    return PathsOf(**stream);
  }
  static std::string PathsOf(columnar::BatchStream& stream) {
    std::vector<std::string> paths;
    for (;;) {
      auto batch = stream.Next();
      if (!batch) return batch.error().ToString();
      if (!*batch) break;
      const columnar::ColumnVector* column = (*batch)->Find(columnar::ColumnRole::kPath);
      for (std::size_t row = 0; row < (*batch)->rows; ++row) paths.emplace_back(column->strings[row]);
    }
    std::ranges::sort(paths);
    std::string text;
    for (const std::string& path : paths) text += (text.empty() ? "" : " ") + path;
    return text;
  }

  static constexpr char kTable[] = "/bed/t";
  std::filesystem::path folder_;
  ManualClock clock_;
  fakes::MemoryObjectStore log_;
  NoParquet parquet_;
  std::vector<std::string> notes_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Catalog> catalog_;
};

}  // namespace levee::catalog

// The only translation unit that knows Parquet. Nothing thrown by the library leaves this file.
#include "objectstore/parquet_source.h"

#include <arrow/c/bridge.h>
#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/schema.h>
#include <parquet/statistics.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "arrow/budgeted_pool.h"
#include "arrow/column_fetch.h"
#include "arrow/module.h"
#include "arrow/object_file.h"

namespace levee::arrow {
namespace {

// How much of a column chunk is held while its pages are decoded.
constexpr std::int64_t kReadBufferBytes = 256 * 1024;
// The same where each piece is a request over the network.
constexpr std::int64_t kRemoteReadBufferBytes = 4 << 20;
// What the columns of a row group may take that are fetched at once, whatever the memory's limit.
constexpr std::int64_t kFetchBytesMin = 4 << 20, kFetchBytesMax = 64 << 20;

parquet::ReaderProperties ReadingProperties(::arrow::MemoryPool& pool, bool remote) {
  parquet::ReaderProperties properties(&pool);
  // Else a whole column chunk - tens of MB of statistics - is held at once.
  properties.enable_buffered_stream();
  properties.set_buffer_size(remote ? kRemoteReadBufferBytes : kReadBufferBytes);
  return properties;
}

// Keeps the file reader that a record batch reader needs, and turns exceptions to a status: an IOError, which the C
// interface tells from the others, where the object store failed and not the file.
class GuardedReader final : public ::arrow::RecordBatchReader {
 public:
  GuardedReader(std::unique_ptr<parquet::arrow::FileReader> file,
                std::unique_ptr<::arrow::RecordBatchReader> batches, std::shared_ptr<RemoteFile> remote)
      : file_(std::move(file)), batches_(std::move(batches)), remote_(std::move(remote)) {}

  std::shared_ptr<::arrow::Schema> schema() const override { return batches_->schema(); }
  ::arrow::Status ReadNext(std::shared_ptr<::arrow::RecordBatch>* batch) override {
    ::arrow::Status status;
    try {
      status = batches_->ReadNext(batch);
    } catch (const std::exception& error) {
      status = ::arrow::Status::Invalid(error.what());
    }
    if (status.ok()) return status;
    if (const auto error = remote_ == nullptr ? std::nullopt : remote_->store_error()) {
      return ::arrow::Status::IOError(error->ToString());
    }
    return ::arrow::Status::Invalid(status.message());
  }

 private:
  std::unique_ptr<parquet::arrow::FileReader> file_;
  std::unique_ptr<::arrow::RecordBatchReader> batches_;
  const std::shared_ptr<RemoteFile> remote_;
};

// The store's own error where it failed, else that the file is corrupt.
std::unexpected<Error> ReadError(const std::shared_ptr<RemoteFile>& remote, const std::string& path, std::string why) {
  if (auto error = remote == nullptr ? std::nullopt : remote->store_error()) return std::unexpected(*std::move(error));
  return Fail(ErrorCode::kCorrupt, path, std::move(why));
}

bool Wanted(const std::string& leaf, const std::vector<std::string>& columns) {
  for (const std::string& column : columns) {
    if (leaf.starts_with(column) && (leaf.size() == column.size() || leaf[column.size()] == '.')) return true;
  }
  return false;
}

class ArrowParquetFile final : public objectstore::ParquetFile {
 public:
  struct Fetching {
    int requests = 1;  // at once
    std::int64_t bytes_max = 0;
  };

  ArrowParquetFile(::arrow::MemoryPool& pool, std::string path, OpenedFile file,
                   std::shared_ptr<parquet::FileMetaData> metadata, Fetching fetching)
      : pool_(pool), path_(std::move(path)), file_(std::move(file)), metadata_(std::move(metadata)) {
    for (int i = 0; i < metadata_->num_columns(); ++i) {
      leaf_paths_.push_back(metadata_->schema()->Column(i)->path()->ToDotString());
    }
    if (file_.remote == nullptr || fetching.requests <= 1) return;
    fetch_ = std::make_unique<ColumnFetch>(file_.file, metadata_, ReadingProperties(pool_, true), fetching.requests,
                                           fetching.bytes_max);
  }
  ~ArrowParquetFile() override {
    // Requests of a row group that nobody wanted any more may still run, over a store that goes.
    if (file_.remote != nullptr) file_.remote->Stop();
  }
  ArrowParquetFile(const ArrowParquetFile&) = delete;
  ArrowParquetFile& operator=(const ArrowParquetFile&) = delete;

  int row_groups() const override { return metadata_->num_row_groups(); }
  std::int64_t rows(int row_group) const override { return metadata_->RowGroup(row_group)->num_rows(); }
  const std::vector<std::string>& leaf_paths() const override { return leaf_paths_; }

  bool AllNull(int row_group, std::size_t leaf) const override {
    try {
      const auto chunk = metadata_->RowGroup(row_group)->ColumnChunk(static_cast<int>(leaf));
      const auto statistics = chunk->statistics();
      return statistics != nullptr && statistics->HasNullCount() &&
             statistics->null_count() == chunk->num_values();
    } catch (const std::exception&) {
      return false;
    }
  }

  Status OpenStream(int row_group, const std::vector<std::string>& columns, int batch_rows,
                    ArrowArrayStream* out) override {
    try {
      const ::arrow::Status status = TryOpenStream(row_group, columns, batch_rows, out);
      if (!status.ok()) return ReadError(file_.remote, path_, status.message());
      return {};
    } catch (const std::exception& error) {
      return ReadError(file_.remote, path_, error.what());
    }
  }

 private:
  ::arrow::Status TryOpenStream(int row_group, const std::vector<std::string>& columns, int batch_rows,
                                ArrowArrayStream* out) {
    std::vector<int> leaves;
    for (std::size_t i = 0; i < leaf_paths_.size(); ++i) {
      if (Wanted(leaf_paths_[i], columns)) leaves.push_back(static_cast<int>(i));
    }
    parquet::ArrowReaderProperties properties(/*use_threads=*/false);
    properties.set_batch_size(batch_rows);
    properties.set_pre_buffer(false);
    // In nanoseconds, its years beyond 2262 would wrap around.
    properties.set_coerce_int96_timestamp_unit(::arrow::TimeUnit::MICRO);
    // A reader of its own for each stream: the library's is not thread-safe.
    auto file = fetch_ != nullptr ? fetch_->Open({.row_group = row_group, .leaves = leaves})
                                  : parquet::ParquetFileReader::Open(
                                        file_.file, ReadingProperties(pool_, file_.remote != nullptr), metadata_);
    ARROW_ASSIGN_OR_RAISE(auto reader, parquet::arrow::FileReader::Make(&pool_, std::move(file), properties));
    ARROW_ASSIGN_OR_RAISE(auto batches, reader->GetRecordBatchReader({row_group}, leaves));
    return ::arrow::ExportRecordBatchReader(
        std::make_shared<GuardedReader>(std::move(reader), std::move(batches), file_.remote), out);
  }

  ::arrow::MemoryPool& pool_;
  const std::string path_;
  const OpenedFile file_;
  const std::shared_ptr<parquet::FileMetaData> metadata_;
  std::vector<std::string> leaf_paths_;
  std::unique_ptr<ColumnFetch> fetch_;  // null: columns are read where they are needed
};

class ArrowParquetSource final : public objectstore::ParquetSource {
 public:
  ArrowParquetSource(MemoryBudget& budget, std::int64_t set_aside_bytes)
      : budget_(budget), pool_(budget, set_aside_bytes, MemoryPart::kImports) {}

  Result<std::unique_ptr<objectstore::ParquetFile>> Open(objectstore::ObjectStore& store,
                                                         std::string_view path) override {
    LEVEE_ASSIGN(OpenedFile file, OpenObjectFile(store, path, pool_));
    const std::shared_ptr<RemoteFile> remote = file.remote;
    try {
      auto metadata = parquet::ParquetFileReader::Open(file.file, ReadingProperties(pool_, false))->metadata();
      const auto share = static_cast<std::int64_t>(budget_.limit_bytes() / 16);
      return std::make_unique<ArrowParquetFile>(
          pool_, std::string(path), std::move(file), std::move(metadata),
          ArrowParquetFile::Fetching{.requests = store.parallel_requests(),
                                     .bytes_max = std::clamp(share, kFetchBytesMin, kFetchBytesMax)});
    } catch (const std::exception& error) {
      return ReadError(remote, std::string(path), error.what());
    }
  }

 private:
  MemoryBudget& budget_;
  BudgetedPool pool_;
};

}  // namespace
}  // namespace levee::arrow

extern "C" __attribute__((visibility("default"))) levee::objectstore::ParquetSource* LeveeParquetSource2(
    levee::MemoryBudget& budget, std::int64_t set_aside_bytes) {
  return new levee::arrow::ArrowParquetSource(budget, set_aside_bytes);
}

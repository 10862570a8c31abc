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

#include <exception>

#include "arrow/budgeted_pool.h"
#include "arrow/module.h"
#include "arrow/object_file.h"

namespace levee::arrow {
namespace {

// How much of a column chunk is held while its pages are decoded.
constexpr std::int64_t kReadBufferBytes = 256 * 1024;

parquet::ReaderProperties ReadingProperties(::arrow::MemoryPool& pool) {
  parquet::ReaderProperties properties(&pool);
  // Else a whole column chunk - tens of MB of statistics - is held at once.
  properties.enable_buffered_stream();
  properties.set_buffer_size(kReadBufferBytes);
  return properties;
}

// Keeps the file reader that a record batch reader needs, and turns exceptions to a status.
class GuardedReader final : public ::arrow::RecordBatchReader {
 public:
  GuardedReader(std::unique_ptr<parquet::arrow::FileReader> file,
                std::unique_ptr<::arrow::RecordBatchReader> batches)
      : file_(std::move(file)), batches_(std::move(batches)) {}

  std::shared_ptr<::arrow::Schema> schema() const override { return batches_->schema(); }
  ::arrow::Status ReadNext(std::shared_ptr<::arrow::RecordBatch>* batch) override {
    try {
      return batches_->ReadNext(batch);
    } catch (const std::exception& error) {
      return ::arrow::Status::IOError(error.what());
    }
  }

 private:
  std::unique_ptr<parquet::arrow::FileReader> file_;
  std::unique_ptr<::arrow::RecordBatchReader> batches_;
};

bool Wanted(const std::string& leaf, const std::vector<std::string>& columns) {
  for (const std::string& column : columns) {
    if (leaf.starts_with(column) && (leaf.size() == column.size() || leaf[column.size()] == '.')) return true;
  }
  return false;
}

class ArrowParquetFile final : public objectstore::ParquetFile {
 public:
  ArrowParquetFile(::arrow::MemoryPool& pool, std::string path, std::shared_ptr<::arrow::io::RandomAccessFile> file,
                   std::shared_ptr<parquet::FileMetaData> metadata)
      : pool_(pool), path_(std::move(path)), file_(std::move(file)), metadata_(std::move(metadata)) {
    for (int i = 0; i < metadata_->num_columns(); ++i) {
      leaf_paths_.push_back(metadata_->schema()->Column(i)->path()->ToDotString());
    }
  }

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
      if (!status.ok()) return Fail(ErrorCode::kCorrupt, path_, status.message());
      return {};
    } catch (const std::exception& error) {
      return Fail(ErrorCode::kCorrupt, path_, error.what());
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
    auto file = parquet::ParquetFileReader::Open(file_, ReadingProperties(pool_), metadata_);
    ARROW_ASSIGN_OR_RAISE(auto reader, parquet::arrow::FileReader::Make(&pool_, std::move(file), properties));
    ARROW_ASSIGN_OR_RAISE(auto batches, reader->GetRecordBatchReader({row_group}, leaves));
    return ::arrow::ExportRecordBatchReader(
        std::make_shared<GuardedReader>(std::move(reader), std::move(batches)), out);
  }

  ::arrow::MemoryPool& pool_;
  const std::string path_;
  const std::shared_ptr<::arrow::io::RandomAccessFile> file_;
  const std::shared_ptr<parquet::FileMetaData> metadata_;
  std::vector<std::string> leaf_paths_;
};

class ArrowParquetSource final : public objectstore::ParquetSource {
 public:
  ArrowParquetSource(MemoryBudget& budget, std::int64_t set_aside_bytes)
      : pool_(budget, set_aside_bytes, MemoryPart::kImports) {}

  Result<std::unique_ptr<objectstore::ParquetFile>> Open(objectstore::ObjectStore& store,
                                                         std::string_view path) override {
    LEVEE_ASSIGN(auto file, OpenObjectFile(store, path));
    try {
      auto metadata = parquet::ParquetFileReader::Open(file, ReadingProperties(pool_))->metadata();
      return std::make_unique<ArrowParquetFile>(pool_, std::string(path), std::move(file), std::move(metadata));
    } catch (const std::exception& error) {
      return Fail(ErrorCode::kCorrupt, std::string(path), error.what());
    }
  }

 private:
  BudgetedPool pool_;
};

}  // namespace
}  // namespace levee::arrow

extern "C" __attribute__((visibility("default"))) levee::objectstore::ParquetSource* LeveeParquetSource2(
    levee::MemoryBudget& budget, std::int64_t set_aside_bytes) {
  return new levee::arrow::ArrowParquetSource(budget, set_aside_bytes);
}

#include "arrow/column_fetch.h"

#include <arrow/io/caching.h>
#include <arrow/util/thread_pool.h>

#include <algorithm>
#include <utility>

namespace levee::arrow {
namespace {

// Columns that stand nearer together than so are asked for in one request: less than a request's own time is worth.
constexpr std::int64_t kHoleBytesMax = 64 << 10;
constexpr std::int64_t kRequestBytesMax = 8 << 20;

// Threads that wait for answers. Not Arrow's own: where a program has loaded Arrow for itself, those are the program's.
::arrow::io::IOContext WaitingThreads(::arrow::MemoryPool* pool, int threads) {
  static std::mutex mutex;
  static std::shared_ptr<::arrow::internal::ThreadPool> waiting;  // guarded by mutex
  const std::lock_guard lock(mutex);
  if (waiting == nullptr) {
    auto made = ::arrow::internal::ThreadPool::MakeEternal(threads);
    if (!made.ok()) return ::arrow::io::IOContext(pool);
    waiting = *made;
  }
  return ::arrow::io::IOContext(pool, waiting.get());
}

}  // namespace

ColumnFetch::ColumnFetch(std::shared_ptr<::arrow::io::RandomAccessFile> file,
                         std::shared_ptr<parquet::FileMetaData> metadata, parquet::ReaderProperties properties,
                         int threads, std::int64_t bytes_max)
    : file_(std::move(file)),
      metadata_(std::move(metadata)),
      properties_(std::move(properties)),
      context_(WaitingThreads(properties_.memory_pool(), threads)),
      bytes_max_(bytes_max) {}

std::unique_ptr<parquet::ParquetFileReader> ColumnFetch::Open(const RowGroupColumns& wanted) {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<parquet::ParquetFileReader> reader;
  if (next_reader_ != nullptr && next_ == wanted) reader = std::move(next_reader_);
  if (reader == nullptr) reader = Begin(wanted);
  begun_ = std::max(begun_, wanted.row_group);
  // Whoever is free next takes it; groups are read in ascending order.
  if (next_reader_ == nullptr && begun_ + 1 < metadata_->num_row_groups()) {
    next_ = {.row_group = ++begun_, .leaves = wanted.leaves};
    if (SizeOf(next_) <= bytes_max_) next_reader_ = Begin(next_);
  }
  return reader;
}

std::unique_ptr<parquet::ParquetFileReader> ColumnFetch::Begin(const RowGroupColumns& wanted) {
  auto reader = parquet::ParquetFileReader::Open(file_, properties_, metadata_);
  if (SizeOf(wanted) > bytes_max_) return reader;
  ::arrow::io::CacheOptions options = ::arrow::io::CacheOptions::Defaults();
  options.hole_size_limit = kHoleBytesMax;
  options.range_size_limit = kRequestBytesMax;
  reader->PreBuffer({wanted.row_group}, wanted.leaves, context_, options);
  return reader;
}

std::int64_t ColumnFetch::SizeOf(const RowGroupColumns& columns) const {
  std::int64_t bytes = 0;
  const auto group = metadata_->RowGroup(columns.row_group);
  for (const int leaf : columns.leaves) bytes += group->ColumnChunk(leaf)->total_compressed_size();
  return bytes;
}

}  // namespace levee::arrow

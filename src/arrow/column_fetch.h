// Fetching the columns of a row group from far away: joined to few requests, several at once, the next group's while this
// one is decoded.
#pragma once

#include <arrow/io/interfaces.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace levee::arrow {

struct RowGroupColumns {
  int row_group = 0;
  std::vector<int> leaves;
  bool operator==(const RowGroupColumns&) const = default;
};

// Thread-safe.
class ColumnFetch {
 public:
  // `threads` requests at once; row groups whose columns take more than `bytes_max` are not fetched at once but read piece
  // by piece.
  ColumnFetch(std::shared_ptr<::arrow::io::RandomAccessFile> file, std::shared_ptr<parquet::FileMetaData> metadata,
              parquet::ReaderProperties properties, int threads, std::int64_t bytes_max);

  // A reader whose columns are on their way. The next row group's are asked for, too.
  std::unique_ptr<parquet::ParquetFileReader> Open(const RowGroupColumns& wanted);

 private:
  std::unique_ptr<parquet::ParquetFileReader> Begin(const RowGroupColumns& wanted);
  std::int64_t SizeOf(const RowGroupColumns& columns) const;

  const std::shared_ptr<::arrow::io::RandomAccessFile> file_;
  const std::shared_ptr<parquet::FileMetaData> metadata_;
  const parquet::ReaderProperties properties_;
  ::arrow::io::IOContext context_;
  const std::int64_t bytes_max_;
  std::mutex mutex_;
  // Guarded by mutex_.
  RowGroupColumns next_;
  std::unique_ptr<parquet::ParquetFileReader> next_reader_;  // null: none was begun
  int begun_ = -1;                                           // the last row group that was
};

}  // namespace levee::arrow

// Arrow batches as one Parquet file. Nothing thrown by the library leaves this file.
#include "objectstore/parquet_sink.h"

#include <arrow/c/bridge.h>
#include <arrow/io/interfaces.h>
#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <arrow/util/byte_size.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <new>
#include <optional>

#include "arrow/budgeted_pool.h"
#include "arrow/module.h"
#include "base/out_of_memory.h"

namespace levee::arrow {
namespace {

// A row group ends with the batch that brings it to one of these. Readers skip and spread by row group; the writer
// holds one, encoded, and so much of a small budget is enough.
constexpr std::int64_t kGroupRows = 131'072;
constexpr std::uint64_t kGroupBytes = 32 << 20;  // as Arrow arrays
constexpr std::uint64_t kBudgetPart = 32;
// Rows that are encoded at once: a few milliseconds.
constexpr std::int64_t kRowsBetweenLooks = 4096;

// Arrow's view of who takes the bytes; the first error is kept for the caller.
class TakenOutput final : public ::arrow::io::OutputStream {
 public:
  explicit TakenOutput(const objectstore::ParquetSink::Take& take) : take_(take) {}

  using OutputStream::Write;
  ::arrow::Status Write(const void* bytes, std::int64_t size) override {
    if (!error_) {
      Status taken = take_({static_cast<const std::uint8_t*>(bytes), static_cast<std::size_t>(size)});
      if (!taken) error_ = std::move(taken).error();
    }
    if (error_) return ::arrow::Status::IOError("not taken");
    position_ += size;
    return ::arrow::Status::OK();
  }
  ::arrow::Status Close() override {
    closed_ = true;
    return ::arrow::Status::OK();
  }
  bool closed() const override { return closed_; }
  ::arrow::Result<std::int64_t> Tell() const override { return position_; }

  const std::optional<Error>& error() const { return error_; }

 private:
  const objectstore::ParquetSink::Take& take_;
  std::optional<Error> error_;
  std::int64_t position_ = 0;
  bool closed_ = false;
};

std::shared_ptr<parquet::WriterProperties> Properties(::arrow::MemoryPool& pool) {
  // Its fast level; what lists of files hold - paths that share their beginnings - shrinks well.
  return parquet::WriterProperties::Builder()
      .memory_pool(&pool)
      ->compression(parquet::Compression::ZSTD)
      ->compression_level(1)
      ->created_by("levee")
      ->build();
}

class ArrowParquetSink final : public objectstore::ParquetSink {
 public:
  explicit ArrowParquetSink(MemoryBudget& budget) : budget_(budget), pool_(budget, 0, MemoryPart::kAnswers) {}

  Status Write(ArrowArrayStream* rows, const Take& take) override {
    const auto output = std::make_shared<TakenOutput>(take);
    try {
      const ::arrow::Status status = TryWrite(rows, output);
      if (status.ok()) return {};
      if (output->error()) return std::unexpected(*output->error());
      if (status.IsOutOfMemory()) return OutOfMemory();
      return Fail(ErrorCode::kIo, "Parquet", status.message());
    } catch (const std::bad_alloc&) {
      return OutOfMemory();
    } catch (const std::exception& error) {
      if (output->error()) return std::unexpected(*output->error());
      return Fail(ErrorCode::kIo, "Parquet", error.what());
    }
  }

 private:
  ::arrow::Status TryWrite(ArrowArrayStream* rows, const std::shared_ptr<TakenOutput>& output) {
    ARROW_ASSIGN_OR_RAISE(const auto batches, ::arrow::ImportRecordBatchReader(rows));
    // With the Arrow schema in it, so that who reads it with Arrow gets the very types.
    const auto arrow_properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
    ARROW_ASSIGN_OR_RAISE(const auto writer, parquet::arrow::FileWriter::Open(*batches->schema(), &pool_, output,
                                                                            Properties(pool_), arrow_properties));
    const auto group_bytes = static_cast<std::int64_t>(std::min(kGroupBytes, budget_.limit_bytes() / kBudgetPart));
    std::int64_t rows_in_group = kGroupRows, bytes_in_group = 0;
    while (true) {
      ARROW_ASSIGN_OR_RAISE(const auto batch, batches->Next());
      if (batch == nullptr) break;
      if (rows_in_group >= kGroupRows || bytes_in_group >= group_bytes) {
        ARROW_RETURN_NOT_OK(writer->NewBufferedRowGroup());
        rows_in_group = bytes_in_group = 0;
      }
      rows_in_group += batch->num_rows();
      bytes_in_group += ::arrow::util::TotalBufferSize(*batch);
      for (std::int64_t begin = 0; begin < batch->num_rows(); begin += kRowsBetweenLooks) {
        ARROW_RETURN_NOT_OK(output->Write(nullptr, 0));
        ARROW_RETURN_NOT_OK(writer->WriteRecordBatch(*batch->Slice(begin, kRowsBetweenLooks)));
      }
    }
    return writer->Close();
  }

  const MemoryBudget& budget_;
  BudgetedPool pool_;
};

}  // namespace
}  // namespace levee::arrow

extern "C" __attribute__((visibility("default"))) levee::objectstore::ParquetSink* LeveeParquetSink1(
    levee::MemoryBudget& budget) {
  return new levee::arrow::ArrowParquetSink(budget);
}

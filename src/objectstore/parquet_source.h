// Reading Parquet (and later objects in clouds) without knowing Arrow: implemented by the module in
// src/arrow, which is loaded on first need.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "levee/arrow_abi.h"
#include "objectstore/object_store.h"

namespace levee::objectstore {

// What decoding a row group takes beside the batch that it fills: pages, dictionaries, rows being parsed. Who reads holds
// that much for each of his threads.
inline constexpr std::int64_t kParquetDecoderBytes = 20 << 20;

// One open Parquet file. Thread-safe: several streams may be read at once.
class ParquetFile {
 public:
  virtual ~ParquetFile() = default;
  virtual int row_groups() const = 0;
  virtual std::int64_t rows(int row_group) const = 0;
  // Dotted paths of the leaves as Parquet has them, e.g. "add.stats", "add.partitionValues.key_value.key".
  virtual const std::vector<std::string>& leaf_paths() const = 0;
  // True when the file's own statistics say that leaf `leaf` (an index into leaf_paths()) has no value
  // in that row group; false when it has one, or when they do not say.
  virtual bool AllNull(int row_group, std::size_t leaf) const = 0;
  // Streams one row group in batches of at most `batch_rows`, with the leaves whose dotted path equals
  // or starts with (at a dot) one of `columns`. `out` is released by the caller, before this object.
  virtual Status OpenStream(int row_group, const std::vector<std::string>& columns, int batch_rows,
                            ArrowArrayStream* out) = 0;
};

class ParquetSource {
 public:
  virtual ~ParquetSource() = default;
  // kCorrupt when the bytes are no Parquet file.
  virtual Result<std::unique_ptr<ParquetFile>> Open(ObjectStore& store, std::string_view path) = 0;
};

}  // namespace levee::objectstore

// Sorted runs of entries, spilled to one temporary file and read back by row range.
//
// Values stand as they are in memory: a run is read once, in order, soon after it was written, and
// mostly out of the page cache. The file is unlinked as soon as it is open.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/status.h"
#include "columnar/batch.h"

namespace levee::catalog {

// Where one column of a run stands in the file. Offsets in bytes.
struct RunColumn {
  columnar::ColumnKey key;
  types::PhysicalType physical = types::PhysicalType::kInt64;
  Bitmap validity;                  // kept in memory; empty: all valid
  std::uint64_t values_offset = 0;  // 8 bytes a row, or the strings' bytes
  std::uint64_t ends_offset = 0;    // strings: rows + 1 offsets of 4 bytes
};

struct Run {
  std::size_t rows = 0;
  std::vector<RunColumn> columns;
};

// Thread-safe: runs may be appended and read by several threads.
class RunFile {
 public:
  // Makes the file in `folder`. kIo names the folder.
  static Result<std::unique_ptr<RunFile>> Create(const std::string& folder);
  ~RunFile();
  RunFile(const RunFile&) = delete;
  RunFile& operator=(const RunFile&) = delete;

  Result<Run> Append(const columnar::Batch& batch);
  // Rows [first, first + count) of one column of a run.
  Result<columnar::ColumnVector> Read(const RunColumn& column, std::size_t first, std::size_t count) const;

 private:
  explicit RunFile(int descriptor) : descriptor_(descriptor) {}
  Status WriteAt(const void* data, std::size_t size, std::uint64_t offset) const;
  Status ReadAt(void* data, std::size_t size, std::uint64_t offset) const;
  std::uint64_t Reserve(std::uint64_t size);

  const int descriptor_;
  std::mutex mutex_;
  std::uint64_t end_ = 0;  // guarded by mutex_
};

}  // namespace levee::catalog

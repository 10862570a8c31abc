// Sorted runs of entries, spilled to one file and read back by row range.
//
// Values are packed: most of what a spill costs is the memory that the page cache takes for it.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "columnar/batch.h"

namespace levee::columnar {

// Where one column of a run stands in the file. Offsets in bytes.
struct RunColumn {
  ColumnKey key;
  types::PhysicalType physical = types::PhysicalType::kInt64;
  Bitmap validity;                 // kept in memory; empty: all valid
  std::uint64_t offset = 0;        // of the first block
  std::vector<std::uint64_t> ends;  // of each block of kRunBlockRows rows, from `offset` on
  std::uint64_t content_hash = 0;   // Hash64 of all blocks' bytes
};

struct Run {
  std::size_t rows = 0;
  std::vector<RunColumn> columns;  // none that has nulls only
};

// Thread-safe: runs may be appended and read by several threads.
class RunFile {
 public:
  // Makes a file without a name in `folder`. kIo names the folder.
  static Result<std::unique_ptr<RunFile>> Create(const std::string& folder);
  // Takes over an open file, to append at `end`.
  RunFile(int descriptor, std::uint64_t end) : descriptor_(descriptor), end_(end) {}
  ~RunFile();
  RunFile(const RunFile&) = delete;
  RunFile& operator=(const RunFile&) = delete;

  // Writes the given rows, in that order.
  Result<Run> Append(const Batch& batch, const std::vector<std::uint32_t>& rows);
  // Rows [first, first + count) of one column of a run.
  Result<ColumnVector> Read(const RunColumn& column, std::size_t first, std::size_t count) const;
  // The given columns of a run, whole; those that it lacks are left out.
  Result<Batch> ReadColumns(const Run& run, const std::vector<ColumnKey>& keys) const;
  // Whether every byte of the run is what was written.
  Result<bool> Verify(const Run& run) const;

 private:
  Status WriteAt(ByteSpan bytes, std::uint64_t offset) const;
  Status ReadAt(std::span<std::uint8_t> bytes, std::uint64_t offset) const;
  std::uint64_t Reserve(std::uint64_t size);

  const int descriptor_;
  std::mutex mutex_;
  std::uint64_t end_;  // guarded by mutex_
};

// Where the last of the run's bytes ends.
std::uint64_t EndOf(const Run& run);

}  // namespace levee::columnar

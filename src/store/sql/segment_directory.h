// Where the columns of a segment stand. Format: docs/formats/store.md, "Directory".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"

namespace levee::store {

// One piece of a column. The numbers reach the disk as they stand in memory (little-endian).
struct DirectoryEntry {
  static constexpr std::uint32_t kZoneMapRow = 0xffffffff;

  std::uint32_t column_id = 0;
  std::uint32_t first_row = 0;   // kZoneMapRow: the entry is the column's zone map
  std::uint32_t rows = 0;
  std::uint32_t chunk = 0;       // number of the chunk row
  std::uint32_t offset = 0;      // within the chunk row
  std::uint32_t length = 0;
  std::uint32_t checksum = 0;    // of a zone map; the pieces of data carry their own
  std::uint32_t reserved = 0;
};
static_assert(sizeof(DirectoryEntry) == 32);

// Immutable.
class SegmentDirectory {
 public:
  explicit SegmentDirectory(std::vector<DirectoryEntry> entries);
  static Result<SegmentDirectory> Decode(ByteSpan blob, const std::string& what);
  Bytes Encode() const;

  // The pieces of a column's data in row order; empty when every row is null.
  std::span<const DirectoryEntry> Data(std::uint32_t column_id) const;
  // Null: there is none.
  const DirectoryEntry* ZoneMap(std::uint32_t column_id) const;
  const std::vector<DirectoryEntry>& entries() const { return entries_; }
  // The columns that have data, ascending.
  std::vector<std::uint32_t> Columns() const;

 private:
  std::span<const DirectoryEntry> All(std::uint32_t column_id) const;
  std::vector<DirectoryEntry> entries_;  // sorted by column, then first row, so that a zone map comes last
};

}  // namespace levee::store

#include "store/sql/segment_directory.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "columnar/segment.h"
#include "store/sealed_blob.h"

namespace levee::store {
namespace {

// Pieces begin with a block and lie within the segment; nothing wraps around.
bool IsSound(const DirectoryEntry& entry) {
  if (entry.offset + std::uint64_t{entry.length} > std::numeric_limits<std::uint32_t>::max()) return false;
  if (entry.first_row == DirectoryEntry::kZoneMapRow) return true;
  return entry.first_row % columnar::kBlockRows == 0 &&
         std::uint64_t{entry.first_row} + entry.rows <= columnar::kSegmentRowsMax;
}

}  // namespace

SegmentDirectory::SegmentDirectory(std::vector<DirectoryEntry> entries) : entries_(std::move(entries)) {
  const auto before = [](const DirectoryEntry& a, const DirectoryEntry& b) {
    return std::tie(a.column_id, a.first_row) < std::tie(b.column_id, b.first_row);
  };
  // A stored one is in order, and every first look at a segment reads one.
  if (!std::ranges::is_sorted(entries_, before)) std::ranges::sort(entries_, before);
}

Result<SegmentDirectory> SegmentDirectory::Decode(ByteSpan blob, const std::string& what) {
  LEVEE_ASSIGN(const Bytes payload, OpenBlob(kDirectoryMagic, blob, what));
  if (payload.size() % sizeof(DirectoryEntry) != 0) return Fail(ErrorCode::kCorrupt, what, "its size is odd");
  std::vector<DirectoryEntry> entries(payload.size() / sizeof(DirectoryEntry));
  if (!entries.empty()) std::memcpy(entries.data(), payload.data(), payload.size());
  if (!std::ranges::all_of(entries, IsSound)) return Fail(ErrorCode::kCorrupt, what, "a piece lies outside of the segment");
  return SegmentDirectory(std::move(entries));
}

Bytes SegmentDirectory::Encode() const {
  const ByteSpan payload(reinterpret_cast<const std::uint8_t*>(entries_.data()),
                         entries_.size() * sizeof(DirectoryEntry));
  // Every first look at a segment reads all of its directory, which is a two hundredth of the segment.
  return SealBlob(kDirectoryMagic, payload, Compression::kNever);
}

std::span<const DirectoryEntry> SegmentDirectory::All(std::uint32_t column_id) const {
  const auto [first, last] = std::equal_range(
      entries_.begin(), entries_.end(), DirectoryEntry{.column_id = column_id},
      [](const DirectoryEntry& a, const DirectoryEntry& b) { return a.column_id < b.column_id; });
  return {first, last};
}

std::span<const DirectoryEntry> SegmentDirectory::Data(std::uint32_t column_id) const {
  const auto all = All(column_id);
  const bool has_zone_map = !all.empty() && all.back().first_row == DirectoryEntry::kZoneMapRow;
  return all.first(all.size() - (has_zone_map ? 1 : 0));
}

const DirectoryEntry* SegmentDirectory::ZoneMap(std::uint32_t column_id) const {
  const auto all = All(column_id);
  return !all.empty() && all.back().first_row == DirectoryEntry::kZoneMapRow ? &all.back() : nullptr;
}

std::vector<std::uint32_t> SegmentDirectory::Columns() const {
  std::vector<std::uint32_t> columns;
  for (const DirectoryEntry& entry : entries_) {
    if (columns.empty() || columns.back() != entry.column_id) columns.push_back(entry.column_id);
  }
  return columns;
}

}  // namespace levee::store

// What a stored segment is, without its data.
#pragma once

#include <cstdint>
#include <limits>

namespace levee::store {

// The numbers of these reach the disk.
enum class SegmentKind : std::uint8_t {
  kActive = 1,      // entries, alive when the segment was made
  kHistory = 2,     // ended entries
  kTail = 3,        // entries of recent commits
  kTombstones = 4,  // remove actions without an entry
  kRemovals = 5,    // ends of entries in other segments
};
enum class SegmentState : std::uint8_t { kStaged = 0, kPublished = 1, kDropped = 2 };
enum class SegmentFormat : std::uint8_t {
  kColumns = 1,  // the body is a directory of chunks
  kMicro = 2,    // the body holds everything
};

// Stands for a null kAddedVersion: at or below the range's first version.
inline constexpr std::int64_t kFloorVersion = std::numeric_limits<std::int64_t>::min();
// Stands for a null kRemovedVersion: alive.
inline constexpr std::int64_t kAliveVersion = std::numeric_limits<std::int64_t>::max();

// Below this, a segment is one blob that readers decode whole.
inline constexpr std::size_t kMicroRowsMax = 256;

struct SegmentInfo {
  std::int64_t id = 0;
  SegmentKind kind = SegmentKind::kActive;
  SegmentFormat format = SegmentFormat::kColumns;
  std::int64_t rows = 0;
  // Over all rows; of tombstones and removals the versions of the removes.
  std::int64_t min_added = kFloorVersion, max_added = kFloorVersion;
  std::int64_t min_removed = kAliveVersion, max_removed = kAliveVersion;
  std::int64_t size_bytes = 0;
};

// Where an entry stands.
struct EntryPlace {
  std::int64_t segment_id = 0;
  std::uint32_t row = 0;

  friend auto operator<=>(const EntryPlace&, const EntryPlace&) = default;
};

// Chunk rows of a segment are numbered from here; number 0 holds the keys, the last one the statistics.
constexpr std::int64_t ChunkId(std::int64_t segment_id, std::uint32_t number) {
  return segment_id << 20 | number;
}
inline constexpr std::uint32_t kKeysChunk = 0;
inline constexpr std::uint32_t kStatisticsChunk = (1u << 20) - 1;

}  // namespace levee::store

// What a segment has, and where: the row of the store that stands for it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"

namespace levee::memory {

// The numbers reach the disk.
enum class SegmentColumn : std::uint8_t {
  kOperation = 1,
  kVersion = 2,
  kNamespace = 3,   // numbers of the segment's own list of names, as the next two and kTags
  kCategory = 4,
  kAuthor = 5,
  kCreated = 6,
  kUpdated = 7,
  kExpires = 8,     // less than a column of kNever: left out
  kWritten = 9,
  kContentBytes = 10,
  kTagCount = 11,
  kTags = 12,       // of all rows, one after the other
  kLocation = 13,
  kEmbedding = 14,  // 0: none, else the packed location and one more; left out where no row has one
};

struct ColumnChunks {
  SegmentColumn column = SegmentColumn::kOperation;
  std::uint32_t values = 0;
  std::vector<std::int64_t> chunks;
};

// A custom index of a segment's rows.
struct IndexChunks {
  std::string name;                  // its keys, as the note of an index has them
  std::vector<std::int64_t> chunks;  // none: it would be too large to keep
};

struct SegmentDirectory {
  std::uint32_t rows = 0;
  std::int64_t last_written = 0;         // the newest of its rows
  std::int64_t first_batch = 0, last_batch = 0;  // whose rows it has
  std::vector<ColumnChunks> columns;
  std::int64_t names = 0, keys = 0;      // chunks
  std::vector<std::int64_t> pages;       // chunks, by their place
  std::vector<std::int64_t> dictionaries; // chunks, of the pages; the last one is of those that this segment made
  std::vector<std::int64_t> embedding_pages;
  Bytes text;                            // the directory of the posting lists; empty: it has none
  std::vector<std::int64_t> text_chunks; // by their number there
  std::vector<IndexChunks> indexes;

  const ColumnChunks* Find(SegmentColumn column) const;
  // Null: the segment was made without.
  const IndexChunks* FindIndex(std::string_view name) const;
  // Every chunk but the pages of contents and embeddings.
  std::vector<std::int64_t> OwnChunks() const;
};

Bytes EncodeSegmentDirectory(const SegmentDirectory& directory);
// kCorrupt, what = `name`.
Result<SegmentDirectory> DecodeSegmentDirectory(ByteSpan sealed, const std::string& name);

// Which rows of a segment are ended, and what is left there.
struct EndedRecord {
  std::vector<std::uint32_t> rows;       // ascending
  std::vector<std::int64_t> times;       // of each
  struct Total {
    std::string name_space;
    std::int64_t items = 0, content_bytes = 0;
  };
  std::vector<Total> totals;
  std::int64_t next_expiry = 0;          // of the items that are there; kNever
};

Bytes EncodeEnded(const EndedRecord& record);
Result<EndedRecord> DecodeEnded(ByteSpan sealed, const std::string& name);

}  // namespace levee::memory

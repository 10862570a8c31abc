#include "store/sql/segment_writer.h"

#include <algorithm>

#include "base/hash.h"
#include "columnar/segment.h"
#include "store/sql/column_index_build.h"
#include "store/sql/key_index.h"
#include "store/sql/query.h"
#include "store/sql/segment_statistics.h"

namespace levee::store {
namespace {

using columnar::Batch;
using columnar::ColumnRole;
using columnar::ColumnVector;
using columnar::EncodedColumn;

constexpr std::size_t kSharedColumnMax = 8 * 1024;  // columns below this many bytes share chunk rows

constexpr char kInsertSegment[] =
    "INSERT INTO segments(range_id, state, kind, format, row_count, min_added, max_added, min_removed, max_removed,"
    " size_bytes, body) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
constexpr char kSetBody[] = "UPDATE segments SET body=?1, size_bytes=?2 WHERE segment_id=?3";
constexpr char kInsertChunk[] = "INSERT INTO chunks(chunk_id, data) VALUES(?1, ?2)";

struct VersionSpan {
  std::int64_t least, most;
};

VersionSpan SpanOf(const ColumnVector* versions, std::size_t rows, std::int64_t null_value) {
  if (versions == nullptr || rows == 0) return {null_value, null_value};
  VersionSpan span{kAliveVersion, kFloorVersion};
  for (std::size_t row = 0; row < rows; ++row) {
    const std::int64_t version = versions->IsValid(row) ? versions->ints[row] : null_value;
    span.least = std::min(span.least, version);
    span.most = std::max(span.most, version);
  }
  return span;
}

SegmentInfo DescribeBatch(SegmentKind kind, const Batch& batch) {
  SegmentInfo info;
  info.kind = kind;
  info.rows = static_cast<std::int64_t>(batch.rows);
  const VersionSpan added = SpanOf(batch.Find(ColumnRole::kAddedVersion), batch.rows, kFloorVersion);
  const VersionSpan removed = SpanOf(batch.Find(ColumnRole::kRemovedVersion), batch.rows,
                                     kind == SegmentKind::kTombstones ? kFloorVersion : kAliveVersion);
  info.min_added = added.least;
  info.max_added = added.most;
  info.min_removed = removed.least;
  info.max_removed = removed.most;
  return info;
}

// Puts pieces into chunk rows: small ones side by side, in the order they come.
class ChunkPacker {
 public:
  explicit ChunkPacker(PreparedSegment& segment) : segment_(segment) { segment_.chunks.resize(1); }

  void AddShared(const columnar::ColumnKey& key, DirectoryEntry entry, ByteSpan bytes) {
    if (shared_ == 0 || segment_.chunks[shared_].size() + bytes.size() > columnar::kChunkBytesMax) {
      shared_ = segment_.chunks.size();
      segment_.chunks.emplace_back();
    }
    entry.chunk = static_cast<std::uint32_t>(shared_);
    entry.offset = static_cast<std::uint32_t>(segment_.chunks[shared_].size());
    Add(key, entry, bytes);
  }

  void AddOwn(const columnar::ColumnKey& key, DirectoryEntry entry, ByteSpan bytes) {
    entry.chunk = static_cast<std::uint32_t>(segment_.chunks.size());
    segment_.chunks.emplace_back();
    Add(key, entry, bytes);
  }

  // What follows starts a chunk row of its own.
  void StartAnew() { shared_ = 0; }

 private:
  void Add(const columnar::ColumnKey& key, DirectoryEntry entry, ByteSpan bytes) {
    entry.length = static_cast<std::uint32_t>(bytes.size());
    Bytes& chunk = segment_.chunks[entry.chunk];
    chunk.insert(chunk.end(), bytes.begin(), bytes.end());
    segment_.pieces.push_back({key, entry});
  }

  PreparedSegment& segment_;
  std::size_t shared_ = 0;
};

void PackColumns(const std::vector<EncodedColumn>& columns, PreparedSegment& segment) {
  ChunkPacker packer(segment);
  // Zone maps stand together: pruning reads those of few columns in every segment and no data.
  for (const EncodedColumn& column : columns) {
    if (column.zone_map.empty()) continue;
    DirectoryEntry entry{.first_row = DirectoryEntry::kZoneMapRow};
    entry.checksum = Checksum32(column.zone_map);
    packer.AddShared(column.key, entry, column.zone_map);
  }
  packer.StartAnew();
  for (const EncodedColumn& column : columns) {
    const bool shared = column.chunks.size() == 1 && column.chunks[0].bytes.size() < kSharedColumnMax;
    for (const columnar::EncodedChunk& chunk : column.chunks) {
      const DirectoryEntry entry{.first_row = chunk.first_row, .rows = chunk.rows};
      shared ? packer.AddShared(column.key, entry, chunk.bytes) : packer.AddOwn(column.key, entry, chunk.bytes);
    }
  }
}

Status InsertColumns(Connection& connection, DictionaryWriter& dictionary, std::int64_t segment_id,
                     const PreparedSegment& segment) {
  std::vector<DirectoryEntry> entries;
  entries.reserve(segment.pieces.size());
  for (const PreparedSegment::Piece& piece : segment.pieces) {
    entries.push_back(piece.entry);
    entries.back().column_id = dictionary.IdOf(piece.key);
  }
  const Bytes body = SegmentDirectory(std::move(entries)).Encode();
  std::size_t size = body.size();
  for (std::size_t number = 0; number < segment.chunks.size(); ++number) {
    const Bytes& chunk = segment.chunks[number];
    if (chunk.empty()) continue;
    size += chunk.size();
    LEVEE_RETURN_IF_ERROR(
        Execute(connection, kInsertChunk, ChunkId(segment_id, static_cast<std::uint32_t>(number)), ByteSpan(chunk)));
  }
  if (!segment.statistics.empty()) {
    size += segment.statistics.size();
    LEVEE_RETURN_IF_ERROR(Execute(connection, kInsertChunk, ChunkId(segment_id, kStatisticsChunk),
                                  ByteSpan(segment.statistics)));
  }
  return Execute(connection, kSetBody, ByteSpan(body), static_cast<std::int64_t>(size), segment_id);
}

}  // namespace

Result<PreparedSegment> PrepareSegment(SegmentKind kind, const Batch& batch, const SegmentExtras& extras) {
  PreparedSegment segment;
  segment.info = DescribeBatch(kind, batch);
  if (kind == SegmentKind::kTail || batch.rows < kMicroRowsMax) {
    segment.info.format = SegmentFormat::kMicro;
    // Rows that come from segments have lost their hashes.
    std::vector<std::int64_t> hashes = KeyHashes(batch);
    segment.micro = batch;
    ColumnVector& column = segment.micro->FindOrAdd(columnar::PlainKey(ColumnRole::kKeyHash));
    column = ColumnVector();
    column.rows = hashes.size();
    column.ints = std::move(hashes);
    return segment;
  }
  const std::vector<std::int64_t> hashes = kind == SegmentKind::kActive ? KeyHashes(batch) : std::vector<std::int64_t>();
  // Hashes neither compress nor are asked for: the key index has what a lookup needs of them.
  LEVEE_ASSIGN(columnar::EncodedSegment encoded,
               columnar::EncodeSegment(batch, 0, batch.rows, ColumnRole::kKeyHash));
  if (extras.indexes && kind == SegmentKind::kActive) {
    LEVEE_ASSIGN(auto indexes, BuildColumnIndexes(batch, encoded.columns, extras.index_everything));
    std::move(indexes.begin(), indexes.end(), std::back_inserter(encoded.columns));
  }
  PackColumns(encoded.columns, segment);
  if (extras.statistics && kind == SegmentKind::kActive && batch.rows >= kStatisticsRowsMin) {
    segment.statistics = EncodeStatistics(MakeStatistics(batch));
  }
  if (!hashes.empty()) segment.chunks[kKeysChunk] = KeyIndex(hashes).Encode();
  return segment;
}

PreparedSegment PrepareRemovals(RemovalBatch removals) {
  PreparedSegment segment;
  segment.info.kind = SegmentKind::kRemovals;
  segment.info.format = SegmentFormat::kMicro;
  segment.info.rows = static_cast<std::int64_t>(removals.entries.size());
  const auto [least, most] = std::minmax_element(removals.versions.begin(), removals.versions.end());
  segment.info.min_removed = *least;
  segment.info.max_removed = *most;
  segment.removals = std::move(removals);
  return segment;
}

Result<SegmentInfo> InsertSegment(Connection& connection, DictionaryWriter& dictionary, std::int64_t range_id,
                                  SegmentState state, const PreparedSegment& segment) {
  const auto id_of = [&](const columnar::ColumnKey& key) { return dictionary.IdOf(key); };
  Bytes body;
  if (segment.removals) {
    body = EncodeRemovals(*segment.removals, id_of);
  } else if (segment.micro) {
    body = EncodeMicroBatch(*segment.micro, id_of);
  }
  SegmentInfo info = segment.info;
  info.size_bytes = static_cast<std::int64_t>(body.size());
  LEVEE_RETURN_IF_ERROR(Execute(connection, kInsertSegment, range_id, static_cast<std::int64_t>(state),
                                static_cast<std::int64_t>(info.kind), static_cast<std::int64_t>(info.format),
                                info.rows, info.min_added, info.max_added, info.min_removed, info.max_removed,
                                info.size_bytes, ByteSpan(body)));
  info.id = connection.LastInsertId();
  if (info.format == SegmentFormat::kColumns) {
    LEVEE_RETURN_IF_ERROR(InsertColumns(connection, dictionary, info.id, segment));
  }
  return info;
}

}  // namespace levee::store

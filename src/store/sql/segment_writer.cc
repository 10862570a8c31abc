#include "store/sql/segment_writer.h"

#include <algorithm>
#include <limits>

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

Status SegmentInsertion::Begin(Connection& connection, DictionaryWriter& dictionary) {
  const auto id_of = [&](const columnar::ColumnKey& key) { return dictionary.IdOf(key); };
  Bytes body;
  if (segment_.removals) {
    body = EncodeRemovals(*segment_.removals, id_of);
  } else if (segment_.micro) {
    body = EncodeMicroBatch(*segment_.micro, id_of);
  }
  info_ = segment_.info;
  info_.size_bytes = static_cast<std::int64_t>(body.size());
  LEVEE_RETURN_IF_ERROR(Execute(connection, kInsertSegment, range_id_, static_cast<std::int64_t>(state_),
                                static_cast<std::int64_t>(info_.kind), static_cast<std::int64_t>(info_.format),
                                info_.rows, info_.min_added, info_.max_added, info_.min_removed, info_.max_removed,
                                info_.size_bytes, ByteSpan(body)));
  info_.id = connection.LastInsertId();
  begun_ = true;
  return {};
}

Status SegmentInsertion::End(Connection& connection, DictionaryWriter& dictionary) {
  std::vector<DirectoryEntry> entries;
  entries.reserve(segment_.pieces.size());
  for (const PreparedSegment::Piece& piece : segment_.pieces) {
    entries.push_back(piece.entry);
    entries.back().column_id = dictionary.IdOf(piece.key);
  }
  const Bytes body = SegmentDirectory(std::move(entries)).Encode();
  if (!segment_.statistics.empty()) {
    LEVEE_RETURN_IF_ERROR(Execute(connection, kInsertChunk, ChunkId(info_.id, kStatisticsChunk),
                                  ByteSpan(segment_.statistics)));
  }
  return Execute(connection, kSetBody, ByteSpan(body),
                 static_cast<std::int64_t>(body.size() + written_ + segment_.statistics.size()), info_.id);
}

Result<bool> SegmentInsertion::Write(Connection& connection, DictionaryWriter& dictionary, std::size_t bytes) {
  if (!begun_) LEVEE_RETURN_IF_ERROR(Begin(connection, dictionary));
  if (info_.format != SegmentFormat::kColumns) return true;
  const std::size_t before = written_;
  for (; next_chunk_ < segment_.chunks.size(); ++next_chunk_) {
    if (written_ - before >= bytes) return false;
    const Bytes& chunk = segment_.chunks[next_chunk_];
    if (chunk.empty()) continue;
    const auto number = static_cast<std::uint32_t>(next_chunk_);
    LEVEE_RETURN_IF_ERROR(Execute(connection, kInsertChunk, ChunkId(info_.id, number), ByteSpan(chunk)));
    written_ += chunk.size();
  }
  LEVEE_RETURN_IF_ERROR(End(connection, dictionary));
  return true;
}

Result<SegmentInfo> InsertSegment(Connection& connection, DictionaryWriter& dictionary, std::int64_t range_id,
                                  SegmentState state, const PreparedSegment& segment) {
  SegmentInsertion insertion(range_id, state, segment);
  LEVEE_ASSIGN([[maybe_unused]] const bool whole,
               insertion.Write(connection, dictionary, std::numeric_limits<std::size_t>::max()));
  return insertion.info();
}

}  // namespace levee::store

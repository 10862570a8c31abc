// Making segments: encoding outside of any lock, then a few inserts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "columnar/batch.h"
#include "store/sql/dictionary.h"
#include "store/sql/driver.h"
#include "store/sql/removals.h"
#include "store/sql/segment_directory.h"
#include "store/sql/segment_model.h"

namespace levee::store {

// A segment that is encoded but has no id yet.
struct PreparedSegment {
  struct Piece {
    columnar::ColumnKey key;
    DirectoryEntry entry;  // its column_id is set when the segment is inserted
  };
  SegmentInfo info;
  std::optional<columnar::Batch> micro;  // SegmentFormat::kMicro
  std::optional<RemovalBatch> removals;  // SegmentKind::kRemovals
  std::vector<Piece> pieces;             // SegmentFormat::kColumns
  std::vector<Bytes> chunks;             // by number; [kKeysChunk] is empty where nothing looks keys up
  Bytes statistics;                      // empty: none are kept
};

// What a segment of kind kActive and format kColumns has beside its columns.
struct SegmentExtras {
  bool indexes = false;           // sorted ones, of the columns for which they pay
  bool index_everything = false;  // of every column
  bool statistics = false;        // of kStatisticsRowsMin rows and more
};

// Encodes a batch of at most kSegmentRowsMax rows, whole. Entries keep their validity in kAddedVersion and
// kRemovedVersion; tombstones their version in kRemovedVersion.
Result<PreparedSegment> PrepareSegment(SegmentKind kind, const columnar::Batch& batch, const SegmentExtras& extras = {});
PreparedSegment PrepareRemovals(RemovalBatch removals);

// Writes a segment that nobody sees yet in as many write transactions as its size takes: others may write in between, and
// what is left of one that is never finished goes with its range.
class SegmentInsertion {
 public:
  SegmentInsertion(std::int64_t range_id, SegmentState state, const PreparedSegment& segment)
      : range_id_(range_id), state_(state), segment_(segment) {}

  // Goes on within a write transaction until `bytes` of chunks are written; true when the segment is whole. The
  // dictionary's new columns are saved by the caller, before it commits.
  Result<bool> Write(Connection& connection, DictionaryWriter& dictionary, std::size_t bytes);
  // The segment as it is stored, once it is whole.
  const SegmentInfo& info() const { return info_; }
  // Of chunks, written so far.
  std::size_t written() const { return written_; }

 private:
  Status Begin(Connection& connection, DictionaryWriter& dictionary);
  Status End(Connection& connection, DictionaryWriter& dictionary);

  const std::int64_t range_id_;
  const SegmentState state_;
  const PreparedSegment& segment_;
  SegmentInfo info_;
  std::size_t next_chunk_ = 0;
  std::size_t written_ = 0;
  bool begun_ = false;
};

// Writes a segment within a write transaction and returns it as it is stored. The dictionary's new columns are
// saved by the caller, before it commits.
Result<SegmentInfo> InsertSegment(Connection& connection, DictionaryWriter& dictionary, std::int64_t range_id,
                                  SegmentState state, const PreparedSegment& segment);

}  // namespace levee::store

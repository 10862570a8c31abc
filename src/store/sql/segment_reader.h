// Reads the data of stored segments: directories, zone maps, blocks, rows, keys. What is decoded often is
// kept in a byte-charged cache; segments never change, so nothing there goes stale.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cache/sharded_cache.h"
#include "columnar/column_cursor.h"
#include "columnar/column_vector.h"
#include "columnar/segment.h"
#include "store/sql/driver.h"
#include "store/sql/key_index.h"
#include "store/sql/segment_directory.h"
#include "store/sql/segment_statistics.h"
#include "store/store.h"

namespace levee::store {

// A connection taken when the first byte is needed and given back at the end, in one short read
// transaction. Not thread-safe.
class ReadSession {
 public:
  explicit ReadSession(Driver& driver, ScanCounters* counters = nullptr)
      : driver_(driver), counters_(counters != nullptr ? counters : &unused_) {}
  ~ReadSession() { Release(); }
  ReadSession(const ReadSession&) = delete;
  ReadSession& operator=(const ReadSession&) = delete;

  // Begins the transaction on the first call.
  Result<Connection*> Connect();
  // A connection for a single statement: without a transaction, unless one is under way.
  Result<Connection*> ConnectLoosely();
  // Ends the transaction: readers hold nothing between pages of output.
  void Release();
  ScanCounters& counters() { return *counters_; }
  Driver& driver() { return driver_; }
  // At least `size` bytes to read into, reused from call to call for the same purpose.
  enum class ScratchFor : std::uint8_t { kDecoding, kLowerBounds, kUpperBounds };
  std::span<std::uint8_t> Scratch(std::size_t size, ScratchFor purpose = ScratchFor::kDecoding) {
    Bytes& scratch = scratch_[static_cast<std::size_t>(purpose)];
    if (scratch.size() < size) scratch.resize(size);
    return std::span(scratch).first(size);
  }
  void set_counters(ScanCounters* counters) { counters_ = counters != nullptr ? counters : &unused_; }

 private:
  Driver& driver_;
  ScanCounters unused_;
  ScanCounters* counters_;
  std::optional<Lease> lease_;
  std::optional<Transaction> transaction_;
  std::array<Bytes, 3> scratch_;
};

// A column within a segment.
struct SegmentColumn {
  std::int64_t segment_id = 0;
  std::uint32_t column_id = 0;
  types::PhysicalType physical = types::PhysicalType::kInt64;
};

// Rows of a segment in a row.
struct RowRange {
  std::uint32_t first = 0, count = 0;
};

// What follows a block that is read.
enum class Expect : std::uint8_t {
  kMore,         // its neighbours sooner or later: the second time they are read with it
  kComparisons,  // the same, and all its numbers are compared with one: the second time they are marked
  kNothing,      // of large pieces only this block is ever read
};

// For CacheOptions::codec of a reader: packs decoded columns.
const cache::ValueCodec& SegmentCodec();

// Thread-safe; each session by one thread. Every read answers kNotFound when the segment is gone: compaction
// dropped it and its lease is over.
class SegmentReader {
 public:
  explicit SegmentReader(std::size_t cache_bytes) : cache_(cache_bytes) {}
  // `encoded_evaluation`: false: BetterAsStored is.
  explicit SegmentReader(cache::CacheOptions options, bool encoded_evaluation = true)
      : cache_(std::move(options)), encoded_evaluation_(encoded_evaluation) {}

  Result<std::shared_ptr<const SegmentDirectory>> Directory(ReadSession& session, std::int64_t segment_id);
  // Null: the column has no zone map.
  Result<std::shared_ptr<const columnar::ZoneMap>> ZoneMap(ReadSession& session, const SegmentColumn& column);
  // The rows of one block. Null: every row is null.
  Result<std::shared_ptr<const columnar::ColumnVector>> Block(ReadSession& session, const SegmentColumn& column,
                                                              std::uint32_t block, Expect expect = Expect::kMore);
  // The whole column. Null: every row is null.
  Result<std::shared_ptr<const columnar::ColumnVector>> Whole(ReadSession& session, const SegmentColumn& column);
  // The same, if it is decoded already; null: it is not.
  std::shared_ptr<const columnar::ColumnVector> DecodedWhole(ReadSession& session, const SegmentColumn& column);
  // Whether who looks at each value once is to use Cursor: decoding the column would not pay the first time, and as
  // long as it would push out others. Notes that it was asked for; false: Whole is better, or every row is null.
  Result<bool> BetterAsStored(ReadSession& session, const SegmentColumn& column);
  // The column where it is stored; it must have data. Valid as long as the session, and one at a time of each purpose.
  Result<std::unique_ptr<columnar::ColumnCursor>> Cursor(ReadSession& session, const SegmentColumn& column,
                                                         ReadSession::ScratchFor purpose);
  // True when the column has data in the segment.
  Result<bool> Has(ReadSession& session, const SegmentColumn& column);
  // Appends every row, without keeping anything; the column must have data.
  Status AppendAll(ReadSession& session, const SegmentColumn& column, columnar::ColumnVector& out);
  // Appends whole blocks, likewise: the first begins with the range, the last ends with it.
  Status AppendBlocks(ReadSession& session, const SegmentColumn& column, const RowRange& range,
                      columnar::ColumnVector& out);
  // Appends the given rows (ascending); the column must have data.
  Status AppendRows(ReadSession& session, const SegmentColumn& column, const std::vector<std::uint32_t>& rows,
                    columnar::ColumnVector& out);
  // What `make` answers for a block (or SegmentColumns::kWhole) of a column, kept: `purpose` tells apart what is
  // derived from one column.
  Result<std::shared_ptr<const Bitmap>> Derived(const SegmentColumn& column, std::uint32_t block, std::uint32_t purpose,
                                                const std::function<Result<std::shared_ptr<const Bitmap>>()>& make);
  Result<std::shared_ptr<const KeyIndex>> Keys(ReadSession& session, std::int64_t segment_id);

  // Null: the segment keeps none.
  Result<std::shared_ptr<const std::vector<SegmentStatistics>>> Statistics(ReadSession& session,
                                                                           std::int64_t segment_id);

  cache::ShardedCache& cache() { return cache_; }

 private:
  struct OpenChunk;
  class StoredPiece;
  class StoredCursor;

  Status ReadPiece(ReadSession& session, std::int64_t segment_id, const DirectoryEntry& entry,
                   std::span<std::uint8_t> out);
  // Before room is made for a large piece: kCorrupt where it is not there.
  Status ProveThere(ReadSession& session, std::int64_t segment_id, const DirectoryEntry& entry);
  Result<std::shared_ptr<const OpenChunk>> Chunk(ReadSession& session, const SegmentColumn& column,
                                                 const DirectoryEntry& entry);
  // A reader that fetches single blocks, the first time that a large piece is asked for; empty later, unless
  // nothing else is expected: who asks again is better served by the whole piece in memory.
  Result<std::optional<columnar::ChunkReader>> FirstGlance(ReadSession& session, const SegmentColumn& column,
                                                           const DirectoryEntry& entry,
                                                           Expect expect = Expect::kMore);
  // Puts a marked copy of a block in the place of the one that is kept.
  std::shared_ptr<const columnar::ColumnVector> KeepMarked(const cache::CacheKey& key,
                                                           const columnar::ColumnVector& values);
  struct WantedBlock {
    std::uint32_t block = 0;  // of the segment
    Expect expect = Expect::kMore;
  };
  // Appends one block of a piece.
  Status DecodeBlock(ReadSession& session, const SegmentColumn& column, const DirectoryEntry& entry,
                     const WantedBlock& wanted, columnar::ColumnVector& out);
  Status AppendBlockRows(ReadSession& session, const SegmentColumn& column, const DirectoryEntry& entry,
                         std::span<const std::uint32_t> rows, columnar::ColumnVector& out);

  cache::ShardedCache cache_;
  const bool encoded_evaluation_ = true;
};

}  // namespace levee::store

#include "store/sql/segment_reader.h"

#include <algorithm>
#include <mutex>

#include "base/cancellation.h"
#include "base/hash.h"
#include "columnar/packed_columns.h"
#include "store/sql/query.h"
#include "store/sql/segment_model.h"

namespace levee::store {
namespace {

using cache::Loaded;
using columnar::ColumnVector;
using columnar::kBlockRows;

constexpr char kReadChunk[] = "SELECT data FROM chunks WHERE chunk_id=?1";
constexpr char kReadBody[] = "SELECT body FROM segments WHERE segment_id=?1";

// What a cached value is; part of its key.
enum class Cached : std::uint64_t { kDirectory, kZoneMap, kBlock, kWhole, kChunk, kKeys, kDerived, kSeenChunk, kStatistics, kAskedWhole };

cache::CacheKey KeyOf(std::int64_t segment_id, Cached what, std::uint32_t column_id = 0, std::uint32_t index = 0) {
  return {static_cast<std::uint64_t>(segment_id),
          static_cast<std::uint64_t>(what) << 56 | std::uint64_t{column_id} << 24 | index};
}

// A block from which at least this many rows are wanted is decoded whole and kept.
constexpr std::size_t kDecodeWholeBlock = 256;

// Of a piece at least this large only the blocks that are wanted are read the first time.
constexpr std::uint32_t kGlanceBytesMin = 32 * 1024;
// Above the size of a chunk of more than one block.
constexpr std::uint32_t kProvenBytesMin = 1 << 20;

// Who asks for a column so many times gets it decoded, whatever has to go for it: then the cache's policy decides.
constexpr std::uint32_t kAsksToKeep = 6;

// What it takes to remember that a piece was looked into.
constexpr std::size_t kSeenBytes = 64;

// Of all that a reader keeps, decoded columns alone take much more than they say.
class ColumnCodec final : public cache::ValueCodec {
 public:
  std::optional<Bytes> Pack(const cache::CacheKey& key, const void* value) const override {
    const auto what = static_cast<Cached>(key.part >> 56);
    if (what != Cached::kBlock && what != Cached::kWhole) return std::nullopt;
    return columnar::PackColumn(*static_cast<const ColumnVector*>(value));
  }
  Result<std::shared_ptr<const void>> Unpack(const cache::CacheKey&, ByteSpan packed) const override {
    LEVEE_ASSIGN(ColumnVector values, columnar::UnpackColumn(packed));
    return std::make_shared<const ColumnVector>(std::move(values));
  }
};

std::string NameOf(std::int64_t segment_id) { return "segment " + std::to_string(segment_id); }

std::unexpected<Error> Damaged(const SegmentColumn& column, Error error) {
  if (error.code == ErrorCode::kCorrupt) {
    error.what = NameOf(column.segment_id) + ", column " + std::to_string(column.column_id);
    error.hint = "run: levee repair, or forget the table and add it again";
  }
  return std::unexpected(std::move(error));
}

ColumnVector Empty(types::PhysicalType physical) {
  ColumnVector values;
  values.physical = physical;
  return values;
}

Status CheckChunk(const SegmentColumn& column, const DirectoryEntry& entry, const columnar::ChunkReader& reader) {
  if (reader.rows() == entry.rows && reader.physical() == column.physical) return {};
  return Damaged(column, Error{ErrorCode::kCorrupt, {}, "the chunk is not what the directory says", {}});
}

const DirectoryEntry* EntryOfRow(std::span<const DirectoryEntry> entries, std::uint32_t row) {
  for (const DirectoryEntry& entry : entries) {
    if (row - entry.first_row < entry.rows) return &entry;
  }
  return nullptr;
}

}  // namespace

const cache::ValueCodec& SegmentCodec() {
  static const ColumnCodec codec;
  return codec;
}

Result<Connection*> ReadSession::ConnectLoosely() {
  if (!lease_) {
    LEVEE_ASSIGN(auto lease, driver_.Reader());
    lease_.emplace(std::move(lease));
  }
  return &**lease_;
}

Result<Connection*> ReadSession::Connect() {
  LEVEE_RETURN_IF_ERROR(ConnectLoosely());
  if (!transaction_) {
    LEVEE_ASSIGN(auto transaction, Transaction::Begin(**lease_, TransactionMode::kRead));
    transaction_.emplace(std::move(transaction));
  }
  return &**lease_;
}

void ReadSession::Release() {
  transaction_.reset();
  lease_.reset();
}

// Reads a piece of a column where it is stored, for who wants a few rows of it.
class SegmentReader::StoredPiece final : public columnar::ByteSource {
 public:
  StoredPiece(SegmentReader& reader, ReadSession& session, std::int64_t segment_id, const DirectoryEntry& entry)
      : reader_(reader), session_(session), segment_id_(segment_id), entry_(entry) {}

  std::size_t size() const override { return entry_.length; }
  Status Read(std::size_t offset, std::span<std::uint8_t> out) override {
    if (offset > entry_.length || out.size() > entry_.length - offset) {
      return Fail(ErrorCode::kCorrupt, "column chunk", "ends before its directory says");
    }
    DirectoryEntry part = entry_;
    part.offset += static_cast<std::uint32_t>(offset);
    part.length = static_cast<std::uint32_t>(out.size());
    return reader_.ReadPiece(session_, segment_id_, part, out);
  }

 private:
  SegmentReader& reader_;
  ReadSession& session_;
  const std::int64_t segment_id_;
  const DirectoryEntry entry_;
};

// A piece of a column with its block directory parsed. Readers keep scratch space, so one thread at a time
// decodes.
struct SegmentReader::OpenChunk {
  explicit OpenChunk(Bytes data) : bytes(std::move(data)) {}
  const Bytes bytes;
  mutable std::mutex mutex;
  mutable std::optional<columnar::ChunkReader> reader;
  mutable std::vector<bool> touched;  // blocks of which rows were read before; guarded by mutex
};

Result<std::shared_ptr<const SegmentDirectory>> SegmentReader::Directory(ReadSession& session,
                                                                         std::int64_t segment_id) {
  const cache::CacheKey key = KeyOf(segment_id, Cached::kDirectory);
  if (auto found = cache_.Find<SegmentDirectory>(key)) return found;
  return cache_.LoadMissing<SegmentDirectory>(key, [&]() -> Result<Loaded<SegmentDirectory>> {
    LEVEE_ASSIGN(Connection * connection, session.Connect());
    LEVEE_ASSIGN(Query query, Query::Make(*connection, kReadBody, segment_id));
    LEVEE_ASSIGN(const bool row, query.Step());
    if (!row) return Fail(ErrorCode::kNotFound, NameOf(segment_id), "it is gone");
    session.counters().bytes_read += static_cast<std::int64_t>(query.Blob(0).size());
    LEVEE_ASSIGN(SegmentDirectory directory,
                 SegmentDirectory::Decode(query.Blob(0), NameOf(segment_id) + ", directory"));
    const std::size_t size = directory.entries().size() * sizeof(DirectoryEntry);
    return Loaded<SegmentDirectory>{std::make_shared<const SegmentDirectory>(std::move(directory)), size, {}};
  });
}

Status SegmentReader::ReadPiece(ReadSession& session, std::int64_t segment_id, const DirectoryEntry& entry,
                                std::span<std::uint8_t> out) {
  LEVEE_RETURN_IF_ERROR(CheckCancelled());
  LEVEE_ASSIGN(Connection * connection, session.Connect());
  session.counters().bytes_read += entry.length;
  return connection->ReadChunk(ChunkId(segment_id, entry.chunk), entry.offset, out);
}

// A directory's word alone is not worth the memory.
Status SegmentReader::ProveThere(ReadSession& session, std::int64_t segment_id, const DirectoryEntry& entry) {
  if (entry.length < kProvenBytesMin) return {};
  std::uint8_t last = 0;
  DirectoryEntry end = entry;
  end.offset += entry.length - 1;
  end.length = 1;
  return ReadPiece(session, segment_id, end, {&last, 1});
}

Result<std::shared_ptr<const columnar::ZoneMap>> SegmentReader::ZoneMap(ReadSession& session,
                                                                        const SegmentColumn& column) {
  const cache::CacheKey key = KeyOf(column.segment_id, Cached::kZoneMap, column.column_id);
  if (auto found = cache_.Find<columnar::ZoneMap>(key)) return found;
  LEVEE_ASSIGN(const auto directory, Directory(session, column.segment_id));
  const DirectoryEntry* entry = directory->ZoneMap(column.column_id);
  if (entry == nullptr) return nullptr;
  return cache_.LoadMissing<columnar::ZoneMap>(key, [&]() -> Result<Loaded<columnar::ZoneMap>> {
    LEVEE_RETURN_IF_ERROR(ProveThere(session, column.segment_id, *entry));
    const std::span<std::uint8_t> bytes = session.Scratch(entry->length);
    LEVEE_RETURN_IF_ERROR(ReadPiece(session, column.segment_id, *entry, bytes));
    if (Checksum32(bytes) != entry->checksum) {
      return Damaged(column, Error{ErrorCode::kCorrupt, {}, "the zone map's checksum does not match", {}});
    }
    auto zone_map = columnar::DecodeZoneMap(bytes, column.physical);
    if (!zone_map) return Damaged(column, std::move(zone_map).error());
    const std::size_t size = zone_map->lower.SizeBytes() + zone_map->upper.SizeBytes() + 64;
    return Loaded<columnar::ZoneMap>{std::make_shared<const columnar::ZoneMap>(std::move(*zone_map)), size, {}};
  });
}

Result<std::shared_ptr<const SegmentReader::OpenChunk>> SegmentReader::Chunk(ReadSession& session,
                                                                             const SegmentColumn& column,
                                                                             const DirectoryEntry& entry) {
  const auto index = static_cast<std::uint32_t>(entry.first_row / kBlockRows);
  const cache::CacheKey key = KeyOf(column.segment_id, Cached::kChunk, column.column_id, index);
  if (auto found = cache_.Find<OpenChunk>(key)) return found;
  return cache_.LoadMissing<OpenChunk>(key, [&]() -> Result<Loaded<OpenChunk>> {
    LEVEE_RETURN_IF_ERROR(ProveThere(session, column.segment_id, entry));
    Bytes bytes(entry.length);
    LEVEE_RETURN_IF_ERROR(ReadPiece(session, column.segment_id, entry, bytes));
    const std::size_t size = bytes.size() + 512;
    const auto chunk = std::make_shared<OpenChunk>(std::move(bytes));
    auto reader = columnar::ChunkReader::Open(columnar::MemorySource(chunk->bytes));
    if (!reader) return Damaged(column, std::move(reader).error());
    LEVEE_RETURN_IF_ERROR(CheckChunk(column, entry, *reader));
    chunk->touched.resize(reader->blocks());
    chunk->reader.emplace(std::move(*reader));
    return Loaded<OpenChunk>{chunk, size, {}};
  });
}

Result<std::optional<columnar::ChunkReader>> SegmentReader::FirstGlance(ReadSession& session,
                                                                        const SegmentColumn& column,
                                                                        const DirectoryEntry& entry, Expect expect) {
  const auto index = static_cast<std::uint32_t>(entry.first_row / kBlockRows);
  const cache::CacheKey key = KeyOf(column.segment_id, Cached::kSeenChunk, column.column_id, index);
  if (entry.length < kGlanceBytesMin) return std::nullopt;
  if (expect != Expect::kNothing && cache_.Find<bool>(key)) return std::nullopt;
  cache_.Insert(key, std::make_shared<const bool>(true), kSeenBytes);
  auto reader =
      columnar::ChunkReader::Open(std::make_unique<StoredPiece>(*this, session, column.segment_id, entry));
  if (!reader) return Damaged(column, std::move(reader).error());
  LEVEE_RETURN_IF_ERROR(CheckChunk(column, entry, *reader));
  return std::optional(std::move(*reader));
}

Result<bool> SegmentReader::Has(ReadSession& session, const SegmentColumn& column) {
  LEVEE_ASSIGN(const auto directory, Directory(session, column.segment_id));
  return !directory->Data(column.column_id).empty();
}

Result<std::shared_ptr<const ColumnVector>> SegmentReader::Block(ReadSession& session, const SegmentColumn& column,
                                                                 std::uint32_t block, Expect expect) {
  const cache::CacheKey key = KeyOf(column.segment_id, Cached::kBlock, column.column_id, block);
  if (auto found = cache_.Find<ColumnVector>(key)) {
    ++session.counters().cache_hits;
    if (expect != Expect::kComparisons || !found->CanMarkWords()) return found;
    return KeepMarked(key, *found);
  }
  LEVEE_ASSIGN(const auto directory, Directory(session, column.segment_id));
  const auto entries = directory->Data(column.column_id);
  if (entries.empty()) return nullptr;
  const DirectoryEntry* entry = EntryOfRow(entries, static_cast<std::uint32_t>(block * kBlockRows));
  if (entry == nullptr) {
    return Damaged(column, Error{ErrorCode::kCorrupt, {}, "a block is not in the directory", {}});
  }
  return cache_.LoadMissing<ColumnVector>(key, [&]() -> Result<Loaded<ColumnVector>> {
    auto values = std::make_shared<ColumnVector>(Empty(column.physical));
    LEVEE_RETURN_IF_ERROR(DecodeBlock(session, column, *entry, {block, expect}, *values));
    const std::size_t size = values->SizeBytes() + 64;
    return Loaded<ColumnVector>{std::move(values), size, {}};
  });
}

Status SegmentReader::DecodeBlock(ReadSession& session, const SegmentColumn& column, const DirectoryEntry& entry,
                                  const WantedBlock& wanted, ColumnVector& out) {
  const std::size_t block_in_chunk = wanted.block - entry.first_row / kBlockRows;
  Status decoded;
  LEVEE_ASSIGN(auto glance, FirstGlance(session, column, entry, wanted.expect));
  if (glance) {
    decoded = glance->DecodeBlock(block_in_chunk, out);
  } else {
    LEVEE_ASSIGN(const auto chunk, Chunk(session, column, entry));
    const std::lock_guard lock(chunk->mutex);
    decoded = chunk->reader->DecodeBlock(block_in_chunk, out);
  }
  if (!decoded) return Damaged(column, std::move(decoded).error());
  ++session.counters().column_blocks_decoded;
  return {};
}

// Most blocks are looked at once and are not worth it.
std::shared_ptr<const ColumnVector> SegmentReader::KeepMarked(const cache::CacheKey& key, const ColumnVector& values) {
  auto marked = std::make_shared<ColumnVector>(values);
  marked->MarkWords();
  cache_.Insert<ColumnVector>(key, marked, marked->SizeBytes() + 64);
  return marked;
}

std::shared_ptr<const ColumnVector> SegmentReader::DecodedWhole(ReadSession& session, const SegmentColumn& column) {
  auto found = cache_.Find<ColumnVector>(KeyOf(column.segment_id, Cached::kWhole, column.column_id));
  if (found != nullptr) ++session.counters().cache_hits;
  return found;
}

Result<std::shared_ptr<const ColumnVector>> SegmentReader::Whole(ReadSession& session, const SegmentColumn& column) {
  const cache::CacheKey key = KeyOf(column.segment_id, Cached::kWhole, column.column_id);
  if (auto found = DecodedWhole(session, column)) return found;
  LEVEE_ASSIGN(const bool has, Has(session, column));
  if (!has) return nullptr;
  return cache_.LoadMissing<ColumnVector>(key, [&]() -> Result<Loaded<ColumnVector>> {
    auto values = std::make_shared<ColumnVector>(Empty(column.physical));
    LEVEE_RETURN_IF_ERROR(AppendAll(session, column, *values));
    const std::size_t size = values->SizeBytes() + 64;
    return Loaded<ColumnVector>{std::move(values), size, {}};
  });
}

// Reads the pieces of a column one after the other, each into the same place.
class SegmentReader::StoredCursor final : public columnar::ColumnCursor {
 public:
  StoredCursor(SegmentReader& reader, ReadSession& session, const SegmentColumn& column,
               std::shared_ptr<const SegmentDirectory> directory, ReadSession::ScratchFor purpose)
      : reader_(reader), session_(session), column_(column), directory_(std::move(directory)), purpose_(purpose) {}

  Result<Place> Find(std::size_t block) override {
    const auto entries = directory_->Data(column_.column_id);
    const auto row = static_cast<std::uint32_t>(block * kBlockRows);
    if (!chunk_ || row - entries[piece_].first_row >= entries[piece_].rows) {
      const DirectoryEntry* const entry = EntryOfRow(entries, row);
      if (entry == nullptr) return Damaged(column_, Error{ErrorCode::kCorrupt, {}, "a block is not in the directory", {}});
      LEVEE_RETURN_IF_ERROR(Open(*entry));
      piece_ = static_cast<std::size_t>(entry - entries.data());
    }
    ++session_.counters().column_blocks_encoded;
    return Place{&*chunk_, block - entries[piece_].first_row / kBlockRows, piece_};
  }

  Error Named(Error error) const override { return Damaged(column_, std::move(error)).error(); }

 private:
  Status Open(const DirectoryEntry& entry) {
    chunk_.reset();
    LEVEE_RETURN_IF_ERROR(reader_.ProveThere(session_, column_.segment_id, entry));
    const std::span<std::uint8_t> bytes = session_.Scratch(entry.length, purpose_);
    LEVEE_RETURN_IF_ERROR(reader_.ReadPiece(session_, column_.segment_id, entry, bytes));
    auto chunk = columnar::ChunkReader::Open(columnar::MemorySource(bytes));
    if (!chunk) return Damaged(column_, std::move(chunk).error());
    LEVEE_RETURN_IF_ERROR(CheckChunk(column_, entry, *chunk));
    chunk_.emplace(std::move(*chunk));
    return {};
  }

  SegmentReader& reader_;
  ReadSession& session_;
  const SegmentColumn column_;
  const std::shared_ptr<const SegmentDirectory> directory_;
  const ReadSession::ScratchFor purpose_;
  std::size_t piece_ = 0;  // that `chunk_` reads
  std::optional<columnar::ChunkReader> chunk_;
};

Result<std::unique_ptr<columnar::ColumnCursor>> SegmentReader::Cursor(ReadSession& session, const SegmentColumn& column,
                                                                      ReadSession::ScratchFor purpose) {
  LEVEE_ASSIGN(auto directory, Directory(session, column.segment_id));
  return std::make_unique<StoredCursor>(*this, session, column, std::move(directory), purpose);
}

Result<bool> SegmentReader::BetterAsStored(ReadSession& session, const SegmentColumn& column) {
  if (!encoded_evaluation_) return false;
  LEVEE_ASSIGN(const auto directory, Directory(session, column.segment_id));
  const auto entries = directory->Data(column.column_id);
  if (entries.empty()) return false;
  // Texts vary: what they take decoded is guessed.
  constexpr std::size_t kTextGrowth = 4;
  std::size_t size = 64;
  for (const DirectoryEntry& entry : entries) {
    size += column.physical == types::PhysicalType::kString ? entry.length * kTextGrowth : std::size_t{entry.rows} * 8;
  }
  if (size > cache_.LargestCharge()) return true;
  const cache::CacheKey asked = KeyOf(column.segment_id, Cached::kAskedWhole, column.column_id);
  const auto before = cache_.Find<std::uint32_t>(asked);
  const std::uint32_t asks = before == nullptr ? 1 : *before + 1;
  const cache::CacheKey decoded = KeyOf(column.segment_id, Cached::kWhole, column.column_id);
  const bool as_stored = asks == 1 || (asks <= kAsksToKeep && !cache_.HasRoom(decoded, size));
  // What is decoded and has to go again begins anew.
  cache_.Insert(asked, std::make_shared<const std::uint32_t>(as_stored ? asks : 0), kSeenBytes);
  return as_stored;
}

Status SegmentReader::AppendAll(ReadSession& session, const SegmentColumn& column, ColumnVector& out) {
  LEVEE_ASSIGN(const auto directory, Directory(session, column.segment_id));
  for (const DirectoryEntry& entry : directory->Data(column.column_id)) {
    LEVEE_RETURN_IF_ERROR(ProveThere(session, column.segment_id, entry));
    const std::span<std::uint8_t> bytes = session.Scratch(entry.length);
    LEVEE_RETURN_IF_ERROR(ReadPiece(session, column.segment_id, entry, bytes));
    auto reader = columnar::ChunkReader::Open(columnar::MemorySource(bytes));
    if (!reader) return Damaged(column, std::move(reader).error());
    LEVEE_RETURN_IF_ERROR(CheckChunk(column, entry, *reader));
    if (auto status = reader->DecodeAll(out); !status) return Damaged(column, std::move(status).error());
    session.counters().column_blocks_decoded += static_cast<std::int64_t>(reader->blocks());
  }
  return {};
}

Status SegmentReader::AppendBlocks(ReadSession& session, const SegmentColumn& column, const RowRange& range,
                                   ColumnVector& out) {
  LEVEE_ASSIGN(const auto directory, Directory(session, column.segment_id));
  const std::uint32_t end = range.first + range.count;
  for (const DirectoryEntry& entry : directory->Data(column.column_id)) {
    const std::uint32_t first = std::max(range.first, entry.first_row);
    const std::uint32_t last = std::min(end, entry.first_row + entry.rows);
    if (first >= last) continue;
    LEVEE_RETURN_IF_ERROR(ProveThere(session, column.segment_id, entry));
    const std::span<std::uint8_t> bytes = session.Scratch(entry.length);
    LEVEE_RETURN_IF_ERROR(ReadPiece(session, column.segment_id, entry, bytes));
    auto reader = columnar::ChunkReader::Open(columnar::MemorySource(bytes));
    if (!reader) return Damaged(column, std::move(reader).error());
    LEVEE_RETURN_IF_ERROR(CheckChunk(column, entry, *reader));
    const std::size_t blocks_end = (last - entry.first_row + kBlockRows - 1) / kBlockRows;
    for (std::size_t block = (first - entry.first_row) / kBlockRows; block < blocks_end; ++block) {
      if (auto status = reader->DecodeBlock(block, out); !status) return Damaged(column, std::move(status).error());
      ++session.counters().column_blocks_decoded;
    }
  }
  return {};
}

Status SegmentReader::AppendRows(ReadSession& session, const SegmentColumn& column,
                                 const std::vector<std::uint32_t>& rows, ColumnVector& out) {
  LEVEE_ASSIGN(const auto directory, Directory(session, column.segment_id));
  const auto entries = directory->Data(column.column_id);
  for (std::size_t first = 0; first < rows.size();) {
    const std::uint32_t block = rows[first] / kBlockRows;
    std::size_t last = first;
    while (last < rows.size() && rows[last] / kBlockRows == block) ++last;
    const DirectoryEntry* entry = EntryOfRow(entries, rows[first]);
    if (entry == nullptr) return Damaged(column, Error{ErrorCode::kCorrupt, {}, "a row is not in the directory", {}});
    LEVEE_RETURN_IF_ERROR(AppendBlockRows(session, column, *entry, std::span(rows).subspan(first, last - first), out));
    first = last;
  }
  return {};
}

Status SegmentReader::AppendBlockRows(ReadSession& session, const SegmentColumn& column, const DirectoryEntry& entry,
                                      std::span<const std::uint32_t> rows, ColumnVector& out) {
  const auto block = static_cast<std::uint32_t>(rows[0] / kBlockRows);
  std::vector<std::uint32_t> in_block(rows.begin(), rows.end());
  for (std::uint32_t& row : in_block) row %= kBlockRows;
  const cache::CacheKey key = KeyOf(column.segment_id, Cached::kBlock, column.column_id, block);
  auto values = cache_.Find<ColumnVector>(key);
  if (values != nullptr) ++session.counters().cache_hits;
  if (values == nullptr && rows.size() >= kDecodeWholeBlock) {
    LEVEE_ASSIGN(values, Block(session, column, block));
  }
  if (values != nullptr) {
    out.AppendRows(*values, in_block);
    return {};
  }
  const std::size_t block_in_chunk = block - entry.first_row / kBlockRows;
  LEVEE_ASSIGN(auto glance, FirstGlance(session, column, entry));
  if (glance) {
    ++session.counters().column_blocks_decoded;
    if (auto status = glance->DecodeRows(block_in_chunk, in_block, out); !status) {
      return Damaged(column, std::move(status).error());
    }
    return {};
  }
  LEVEE_ASSIGN(const auto chunk, Chunk(session, column, entry));
  std::unique_lock lock(chunk->mutex);
  if (chunk->touched[block_in_chunk]) {
    // Who asks twice will ask again: the second time the block is decoded whole and kept.
    lock.unlock();
    LEVEE_ASSIGN(values, Block(session, column, block));
    out.AppendRows(*values, in_block);
    return {};
  }
  chunk->touched[block_in_chunk] = true;
  if (auto status = chunk->reader->DecodeRows(block_in_chunk, in_block, out); !status) {
    return Damaged(column, std::move(status).error());
  }
  ++session.counters().column_blocks_decoded;
  return {};
}

Result<std::shared_ptr<const Bitmap>> SegmentReader::Derived(
    const SegmentColumn& column, std::uint32_t block, std::uint32_t purpose,
    const std::function<Result<std::shared_ptr<const Bitmap>>()>& make) {
  const std::uint32_t index = (block & 0x3fffff) << 2 | purpose;
  const cache::CacheKey key = KeyOf(column.segment_id, Cached::kDerived, column.column_id, index);
  if (auto found = cache_.Find<Bitmap>(key)) return found;
  LEVEE_ASSIGN(auto bitmap, make());
  if (bitmap == nullptr) return bitmap;
  const std::size_t size = bitmap->words().size() * sizeof(std::uint64_t) + 64;
  return cache_.Insert(key, std::move(bitmap), size);
}

Result<std::shared_ptr<const std::vector<SegmentStatistics>>> SegmentReader::Statistics(ReadSession& session,
                                                                                        std::int64_t segment_id) {
  const cache::CacheKey key = KeyOf(segment_id, Cached::kStatistics);
  if (auto found = cache_.Find<std::vector<SegmentStatistics>>(key)) return found;
  LEVEE_ASSIGN(Connection * connection, session.Connect());
  LEVEE_ASSIGN(Query query, Query::Make(*connection, kReadChunk, ChunkId(segment_id, kStatisticsChunk)));
  LEVEE_ASSIGN(const bool row, query.Step());
  if (!row) return nullptr;
  LEVEE_ASSIGN(auto columns, DecodeStatistics(query.Blob(0), NameOf(segment_id) + ", statistics"));
  std::size_t size = 0;
  for (const SegmentStatistics& column : columns) {
    size += sizeof(column) + column.lower.SizeBytes() + column.upper.SizeBytes();
  }
  return cache_.Insert(key, std::make_shared<const std::vector<SegmentStatistics>>(std::move(columns)), size);
}

Result<std::shared_ptr<const KeyIndex>> SegmentReader::Keys(ReadSession& session, std::int64_t segment_id) {
  const cache::CacheKey key = KeyOf(segment_id, Cached::kKeys);
  if (auto found = cache_.Find<KeyIndex>(key)) return found;
  return cache_.LoadMissing<KeyIndex>(key, [&]() -> Result<Loaded<KeyIndex>> {
    LEVEE_ASSIGN(Connection * connection, session.Connect());
    LEVEE_ASSIGN(Query query, Query::Make(*connection, kReadChunk, ChunkId(segment_id, kKeysChunk)));
    LEVEE_ASSIGN(const bool row, query.Step());
    if (!row) return Fail(ErrorCode::kNotFound, NameOf(segment_id), "its keys are gone");
    LEVEE_ASSIGN(KeyIndex index, KeyIndex::Decode(query.Blob(0), NameOf(segment_id) + ", keys"));
    const std::size_t size = index.SizeBytes();
    return Loaded<KeyIndex>{std::make_shared<const KeyIndex>(std::move(index)), size, {}};
  });
}

}  // namespace levee::store

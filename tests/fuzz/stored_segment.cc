// Input: a number of directory entries (of 32 bytes, as docs/formats/store.md has them), these, and the bytes of chunk row 1
// that they point into. Checksums are made right; the database is made up.
#include <algorithm>
#include <cstring>
#include <optional>

#include "base/hash.h"
#include "store/sql/driver.h"
#include "store/sql/segment_directory.h"
#include "store/sql/segment_model.h"
#include "store/sql/segment_reader.h"
#include "tests/fuzz/chunk_checksums.h"
#include "tests/fuzz/fuzz.h"

using namespace levee;
using namespace levee::store;
using columnar::ColumnVector;

namespace {

constexpr std::int64_t kSegment = 3;
constexpr std::uint32_t kColumns = 4;
constexpr std::uint32_t kBlocks = 4;

// Answers each query with the segment's body.
class BodyStatement final : public Statement {
 public:
  explicit BodyStatement(ByteSpan body) : body_(body) {}
  void BindInt(int, std::int64_t) override {}
  void BindText(int, std::string_view) override {}
  void BindBlob(int, ByteSpan) override {}
  void BindNull(int) override {}
  Result<bool> Step() override { return true; }
  bool IsNull(int) override { return false; }
  std::int64_t Int(int) override { return 0; }
  std::string_view Text(int) override { return {}; }
  ByteSpan Blob(int) override { return body_; }
  void Reset() override {}

 private:
  const ByteSpan body_;
};

class OneChunkConnection final : public Connection {
 public:
  OneChunkConnection(ByteSpan body, ByteSpan chunk) : statement_(body), chunk_(chunk) {}
  Result<Statement*> Prepare(const char*) override { return &statement_; }
  Status RunScript(const std::string&) override { return {}; }
  Status Begin(TransactionMode) override { return {}; }
  Status Commit() override { return {}; }
  void Rollback() override {}
  std::int64_t LastInsertId() override { return 0; }
  std::int64_t ChangedRows() override { return 0; }
  Result<std::int64_t> SchemaVersion() override { return 3; }
  Status SetSchemaVersion(std::int64_t) override { return {}; }
  // As the drivers do.
  Status ReadChunk(std::int64_t chunk_id, std::size_t offset, std::span<std::uint8_t> out) override {
    if (chunk_id != ChunkId(kSegment, 1)) return Fail(ErrorCode::kNotFound, "chunk", "it is gone");
    if (offset + out.size() > chunk_.size()) return Fail(ErrorCode::kCorrupt, "chunk", "it is cut short");
    if (!out.empty()) std::memcpy(out.data(), chunk_.data() + offset, out.size());
    return {};
  }

 private:
  BodyStatement statement_;
  const ByteSpan chunk_;
};

class OneChunkDriver final : public Driver {
 public:
  OneChunkDriver(ByteSpan body, ByteSpan chunk) : connection_(body, chunk) {}
  Result<Lease> Reader() override { return Lease(*this, &connection_, false); }
  Result<Lease> Writer(Durability) override { return Lease(*this, &connection_, true); }
  const std::string& uri() const override { return uri_; }
  bool read_only() const override { return true; }
  Result<std::int64_t> SizeBytes() override { return 0; }
  PoolUse pool() const override { return {}; }
  Status Checkpoint() override { return {}; }

 private:
  void GiveBack(Connection*, bool) override {}
  OneChunkConnection connection_;
  const std::string uri_ = "fuzz";
};

// Checksums of the pieces that lie within the row, each piece once: where two share bytes the later one wins.
void FixPieces(std::vector<DirectoryEntry>& entries, Bytes& chunk) {
  for (DirectoryEntry& entry : entries) {
    if (entry.offset > chunk.size() || entry.length > chunk.size() - entry.offset) continue;
    Bytes piece(chunk.begin() + entry.offset, chunk.begin() + entry.offset + entry.length);
    if (entry.first_row == DirectoryEntry::kZoneMapRow) {
      if (piece.size() >= 4) fuzz::Save(piece, piece.size() - 4, Checksum32(ByteSpan(piece).first(piece.size() - 4)));
      entry.checksum = Checksum32(piece);
    } else {
      fuzz::FixChunk(piece);
    }
    std::copy(piece.begin(), piece.end(), chunk.begin() + entry.offset);
  }
}

ColumnVector Empty(types::PhysicalType physical) {
  ColumnVector values;
  values.physical = physical;
  return values;
}

void RequireEqual(const ColumnVector& a, std::size_t a_row, const ColumnVector& b, std::size_t b_row) {
  FUZZ_REQUIRE(a.IsValid(a_row) == b.IsValid(b_row));
  if (a.IsValid(a_row)) FUZZ_REQUIRE(types::ComparePhysical(a.At(a_row), b.At(b_row)) == 0);
}

// Rows out of the whole column.
void ReadRows(SegmentReader& reader, ReadSession& session, const SegmentColumn& column, const ColumnVector* whole) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 1; row < kBlocks * columnar::kBlockRows; row += 97 + row % 900) rows.push_back(row);
  ColumnVector picked = Empty(column.physical);
  if (!reader.AppendRows(session, column, rows, picked)) return;
  FUZZ_REQUIRE(picked.rows == rows.size());
  for (std::size_t i = 0; whole != nullptr && i < rows.size(); ++i) {
    if (rows[i] < whole->rows) RequireEqual(picked, i, *whole, rows[i]);
  }
}

void ReadColumn(SegmentReader& reader, ReadSession& session, const SegmentColumn& column) {
  static_cast<void>(reader.ZoneMap(session, column));
  ColumnVector all = Empty(column.physical);
  const bool read = reader.AppendAll(session, column, all).has_value();
  ReadRows(reader, session, column, nullptr);
  for (std::uint32_t block = 0; block < kBlocks; ++block) {
    static_cast<void>(reader.Block(session, column, block, block % 2 == 0 ? Expect::kMore : Expect::kNothing));
  }
  ColumnVector part = Empty(column.physical);
  static_cast<void>(reader.AppendBlocks(session, column, {columnar::kBlockRows, 1'500}, part));
  static_cast<void>(reader.BetterAsStored(session, column));
  if (auto cursor = reader.Cursor(session, column, ReadSession::ScratchFor::kLowerBounds)) {
    for (std::size_t block = 0; block < kBlocks; ++block) {
      const auto place = (*cursor)->Find(block);
      ColumnVector values = Empty(column.physical);
      if (place) static_cast<void>(place->chunk->DecodeBlock(place->block, values));
    }
  }
  const auto whole = reader.Whole(session, column);
  if (whole && *whole != nullptr && read) {
    FUZZ_REQUIRE((*whole)->rows == all.rows);
    for (std::size_t row = 0; row < all.rows; row += 61) RequireEqual(**whole, row, all, row);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  std::vector<DirectoryEntry> entries(input.Below(17));
  for (DirectoryEntry& entry : entries) {
    entry.column_id = static_cast<std::uint32_t>(input.Number(4)) % kColumns;
    entry.first_row = static_cast<std::uint32_t>(input.Number(4));
    entry.rows = static_cast<std::uint32_t>(input.Number(4));
    entry.chunk = static_cast<std::uint32_t>(input.Number(4));
    entry.offset = static_cast<std::uint32_t>(input.Number(4));
    entry.length = static_cast<std::uint32_t>(input.Number(4));
    entry.checksum = static_cast<std::uint32_t>(input.Number(4));
    entry.reserved = static_cast<std::uint32_t>(input.Number(4));
  }
  Bytes chunk(input.rest().begin(), input.rest().end());
  FixPieces(entries, chunk);
  const Bytes body = SegmentDirectory(entries).Encode();
  OneChunkDriver driver(body, chunk);
  SegmentReader reader(std::size_t{1} << 20);
  ReadSession session(driver);
  // A type that is not the column's is refused; columns share the types out.
  constexpr types::PhysicalType kTypes[] = {types::PhysicalType::kInt64, types::PhysicalType::kDouble, types::PhysicalType::kString,
                                            types::PhysicalType::kInt64};
  for (std::uint32_t id = 0; id < kColumns; ++id) ReadColumn(reader, session, {kSegment, id, kTypes[id]});
  return 0;
}

#include "catalog/run_manifest.h"

#include <string_view>
#include <utility>

#include "columnar/run_block.h"
#include "columnar/segment.h"

namespace levee::catalog {
namespace {

constexpr std::string_view kMagic = "LVRUNS\r\n";
constexpr std::size_t kHeaderBytes = 8 + 4 + 16 + 4;
constexpr std::size_t kRecordHeadBytes = 8;

enum class RecordKind : std::uint8_t { kOrder = 1, kCompleted = 2 };

// --- columns and runs ----------------------------------------------------------------------------
void PutKey(const columnar::ColumnKey& key, ByteWriter& out) {
  out.Put(static_cast<std::uint8_t>(key.role));
  out.PutText(key.path);
  out.Put(static_cast<std::uint8_t>(key.type.kind));
  out.Put(key.type.precision);
  out.Put(key.type.scale);
}

columnar::ColumnKey TakeKey(ByteReader& in) {
  columnar::ColumnKey key;
  key.role = static_cast<columnar::ColumnRole>(in.Get<std::uint8_t>());
  key.path = in.GetText();
  key.type.kind = static_cast<types::TypeKind>(in.Get<std::uint8_t>());
  key.type.precision = in.Get<std::uint8_t>();
  key.type.scale = in.Get<std::uint8_t>();
  return key;
}

void PutRun(const KeptRun& kept, ByteWriter& out) {
  out.Put(static_cast<std::uint8_t>(kept.kind));
  out.PutVarint(kept.run.rows);
  out.PutVarint(kept.run.columns.size());
  for (const columnar::RunColumn& column : kept.run.columns) {
    PutKey(column.key, out);
    out.Put(static_cast<std::uint8_t>(column.physical));
    out.Put(static_cast<std::uint8_t>(column.validity.size() != 0));
    for (const std::uint64_t word : column.validity.words()) out.Put(word);
    out.PutVarint(column.offset);
    out.Put(column.content_hash);
    std::uint64_t begin = 0;
    for (const std::uint64_t end : column.ends) out.PutVarint(end - std::exchange(begin, end));
  }
}

// A list's length; each of its items takes a byte at least, so that a wrong one asks for no memory.
std::size_t TakeCount(ByteReader& in, bool& sound) {
  const std::uint64_t count = in.GetVarint();
  if (count <= in.remaining()) return count;
  sound = false;
  return 0;
}

bool TakeColumn(ByteReader& in, std::size_t rows, columnar::RunColumn& column) {
  column.key = TakeKey(in);
  column.physical = static_cast<types::PhysicalType>(in.Get<std::uint8_t>());
  if (column.physical != types::PhysicalTypeOf(column.key.type)) return false;
  if (in.Get<std::uint8_t>() != 0) {
    column.validity = Bitmap(rows);
    for (std::uint64_t& word : column.validity.words()) word = in.Get<std::uint64_t>();
  }
  column.offset = in.GetVarint();
  column.content_hash = in.Get<std::uint64_t>();
  std::uint64_t end = 0;
  for (std::size_t row = 0; row < rows && in.ok(); row += columnar::kRunBlockRows) {
    end += in.GetVarint();
    column.ends.push_back(end);
  }
  return in.ok() && column.offset + end >= column.offset;
}

bool TakeRun(ByteReader& in, KeptRun& kept) {
  bool sound = true;
  kept.kind = static_cast<RunKind>(in.Get<std::uint8_t>());
  kept.run.rows = in.GetVarint();
  const std::size_t columns = TakeCount(in, sound);
  if (!sound || kept.kind > RunKind::kTombstones) return false;
  if (kept.run.rows == 0 || kept.run.rows > columnar::kSegmentRowsMax) return false;
  for (std::size_t i = 0; i < columns; ++i) {
    if (!TakeColumn(in, kept.run.rows, kept.run.columns.emplace_back())) return false;
  }
  return true;
}

// --- records ---------------------------------------------------------------------------------------
Bytes Sealed(ByteWriter& payload) {
  ByteWriter record;
  record.Put(static_cast<std::uint32_t>(payload.size()));
  record.Put(Checksum32(payload.bytes()));
  record.PutBytes(payload.bytes());
  return record.Take();
}

bool TakeOrder(ByteReader& in, KeptOrder& kept) {
  bool sound = true;
  kept.kind = static_cast<RunKind>(in.Get<std::uint8_t>());
  const std::size_t partitions = TakeCount(in, sound);
  for (std::size_t i = 0; i < partitions; ++i) kept.order.partitions.push_back(TakeKey(in));
  if (in.Get<std::uint8_t>() != 0) kept.order.cluster = TakeKey(in);
  kept.order.cluster_prefix = in.GetText();
  return sound && in.ok() && in.remaining() == 0 && kept.kind <= RunKind::kEnded;
}

bool TakeCompleted(ByteReader& in, CompletedUnits& completed) {
  bool sound = true;
  const std::size_t units = TakeCount(in, sound);
  for (std::size_t i = 0; i < units; ++i) completed.units.push_back(in.GetVarint());
  completed.files = in.Get<std::int64_t>();
  const std::size_t runs = TakeCount(in, sound);
  for (std::size_t i = 0; i < runs; ++i) {
    if (!TakeRun(in, completed.runs.emplace_back())) return false;
  }
  const std::size_t changes = TakeCount(in, sound);
  for (std::size_t i = 0; i < changes; ++i) {
    const auto version = in.Get<std::int64_t>();
    completed.totals[version] = in.Get<ImportTotals::Change>();
  }
  const std::size_t keys = TakeCount(in, sound);
  for (std::size_t i = 0; i < keys && in.ok(); ++i) completed.met_ends.push_back(in.Get<Hash128>());
  completed.ends_hash = in.Get<Hash128>();
  return sound && in.ok() && in.remaining() == 0;
}

bool TakeRecord(ByteSpan payload, RunManifest& manifest) {
  ByteReader in(payload);
  switch (static_cast<RecordKind>(in.Get<std::uint8_t>())) {
    case RecordKind::kOrder: return TakeOrder(in, manifest.orders.emplace_back());
    case RecordKind::kCompleted: return TakeCompleted(in, manifest.completed.emplace_back());
  }
  return false;
}

}  // namespace

Bytes EncodeManifestHeader(const Hash128& plan) {
  ByteWriter out;
  out.PutBytes(AsBytes(kMagic));
  out.Put(kRunManifestVersion);
  out.Put(plan);
  out.Put(Checksum32(out.bytes()));
  return out.Take();
}

Bytes EncodeRecord(const KeptOrder& kept) {
  ByteWriter out;
  out.Put(static_cast<std::uint8_t>(RecordKind::kOrder));
  out.Put(static_cast<std::uint8_t>(kept.kind));
  out.PutVarint(kept.order.partitions.size());
  for (const columnar::ColumnKey& key : kept.order.partitions) PutKey(key, out);
  out.Put(static_cast<std::uint8_t>(kept.order.cluster.has_value()));
  if (kept.order.cluster) PutKey(*kept.order.cluster, out);
  out.PutText(kept.order.cluster_prefix);
  return Sealed(out);
}

Bytes EncodeRecord(const CompletedUnits& completed) {
  ByteWriter out;
  out.Put(static_cast<std::uint8_t>(RecordKind::kCompleted));
  out.PutVarint(completed.units.size());
  for (const std::size_t unit : completed.units) out.PutVarint(unit);
  out.Put(completed.files);
  out.PutVarint(completed.runs.size());
  for (const KeptRun& run : completed.runs) PutRun(run, out);
  out.PutVarint(completed.totals.size());
  for (const auto& [version, change] : completed.totals) {
    out.Put(version);
    out.Put(change);
  }
  out.PutVarint(completed.met_ends.size());
  for (const Hash128& key : completed.met_ends) out.Put(key);
  out.Put(completed.ends_hash);
  return Sealed(out);
}

RunManifest DecodeManifest(ByteSpan bytes, const Hash128& plan) {
  RunManifest manifest;
  const Bytes header = EncodeManifestHeader(plan);
  static_assert(kHeaderBytes == 32);
  manifest.same_plan = bytes.size() >= kHeaderBytes && AsText(bytes.first(kHeaderBytes)) == AsText(header);
  if (!manifest.same_plan) return manifest;
  std::size_t at = kHeaderBytes;
  while (at < bytes.size()) {
    ByteReader in(bytes.subspan(at));
    const auto length = in.Get<std::uint32_t>();
    const auto checksum = in.Get<std::uint32_t>();
    const ByteSpan payload = in.GetBytes(length);
    manifest.whole = in.ok() && Checksum32(payload) == checksum;
    if (!manifest.whole) break;
    const std::size_t orders = manifest.orders.size(), completed = manifest.completed.size();
    manifest.whole = TakeRecord(payload, manifest);
    if (!manifest.whole) {
      manifest.orders.resize(orders);
      manifest.completed.resize(completed);
      break;
    }
    at += kRecordHeadBytes + length;
  }
  manifest.valid_bytes = at;
  return manifest;
}

}  // namespace levee::catalog

#include "store/sql/removals.h"

#include <algorithm>
#include <numeric>

#include "base/zigzag.h"
#include "columnar/entry_order.h"
#include "store/sql/batch_append.h"
#include "store/sealed_blob.h"

namespace levee::store {
namespace {


// Damaged steps may lead anywhere: they wrap around, and what they name is not there.
std::int64_t Stepped(std::int64_t from, std::int64_t step) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) + static_cast<std::uint64_t>(step));
}

}  // namespace

void RemovalBatch::SortByPlace() {
  std::vector<std::uint32_t> order(entries.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return entries[a] < entries[b]; });
  RemovalBatch sorted;
  for (const std::uint32_t from : order) {
    sorted.entries.push_back(entries[from]);
    sorted.versions.push_back(versions[from]);
  }
  sorted.columns = columnar::GatherRows(columns, order);
  sorted.columns.rows = order.size();
  *this = std::move(sorted);
}

void RemovalBatch::Append(const RemovalBatch& other) {
  entries.insert(entries.end(), other.entries.begin(), other.entries.end());
  versions.insert(versions.end(), other.versions.begin(), other.versions.end());
  AppendBatch(columns, other.columns);
}

Bytes EncodeRemovals(const RemovalBatch& removals, const ColumnNumbering& id_of) {
  ByteWriter writer;
  writer.PutVarint(removals.entries.size());
  EntryPlace last;
  std::int64_t last_version = 0;
  for (std::size_t i = 0; i < removals.entries.size(); ++i) {
    const EntryPlace& entry = removals.entries[i];
    if (entry.segment_id != last.segment_id) last.row = 0;
    writer.PutVarint(ZigZag(entry.segment_id - last.segment_id));
    writer.PutVarint(entry.row - last.row);
    writer.PutVarint(ZigZag(removals.versions[i] - last_version));
    last = entry;
    last_version = removals.versions[i];
  }
  WriteBatch(removals.columns, id_of, writer);
  return SealBlob(kRemovalsMagic, writer.bytes(), Compression::kWhenSmaller);
}

Result<RemovalBatch> DecodeRemovals(ByteSpan blob, const Dictionary& dictionary, const std::string& what) {
  LEVEE_ASSIGN(const Bytes payload, OpenBlob(kRemovalsMagic, blob, what));
  ByteReader reader(payload);
  const std::uint64_t count = reader.GetVarint();
  if (count > payload.size()) return Fail(ErrorCode::kCorrupt, what, "its count is impossible");
  RemovalBatch removals;
  removals.entries.resize(count);
  removals.versions.resize(count);
  EntryPlace last;
  std::int64_t last_version = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::int64_t step = UnZigZag(reader.GetVarint());
    if (step != 0) last.row = 0;
    last.segment_id = Stepped(last.segment_id, step);
    last.row += static_cast<std::uint32_t>(reader.GetVarint());
    last_version = Stepped(last_version, UnZigZag(reader.GetVarint()));
    removals.entries[i] = last;
    removals.versions[i] = last_version;
  }
  LEVEE_ASSIGN(removals.columns, ReadBatch(reader, dictionary, what));
  if (removals.columns.rows != count && !removals.columns.columns.empty()) {
    return Fail(ErrorCode::kCorrupt, what, "its row counts differ");
  }
  removals.columns.rows = count;
  return removals;
}

}  // namespace levee::store

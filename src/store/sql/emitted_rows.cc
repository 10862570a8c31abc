#include "store/sql/emitted_rows.h"

#include <algorithm>
#include <bit>

#include "base/hash.h"

namespace levee::store {
namespace {

using columnar::ColumnRole;
using columnar::ColumnVector;

// Stands for null; any value that has this hash only costs a comparison that is less sharp.
constexpr std::uint64_t kNull = 0x9ae16a3b2f90404f;

std::uint64_t Mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9fb21c651e98df25;
  return hash ^ hash >> 29;
}

std::uint64_t ValueAt(const ColumnVector& values, std::size_t row) {
  if (!values.IsValid(row)) return kNull;
  switch (values.physical) {
    case types::PhysicalType::kInt64: return static_cast<std::uint64_t>(values.ints[row]);
    case types::PhysicalType::kDouble: return std::bit_cast<std::uint64_t>(values.doubles[row]);
    case types::PhysicalType::kString: return Hash64(values.strings[row]);
  }
  return kNull;
}

void MixColumn(const ColumnVector& values, std::vector<std::uint64_t>& hashes) {
  for (std::size_t row = 0; row < hashes.size(); ++row) hashes[row] = Mix(hashes[row], ValueAt(values, row));
}

}  // namespace

std::vector<std::uint64_t> RowHashes(const columnar::Batch& batch, bool by_key) {
  std::vector<std::uint64_t> hashes(batch.rows, 0);
  const ColumnVector* const key[] = {batch.Find(ColumnRole::kPath), batch.Find(ColumnRole::kDvStorageType),
                                     batch.Find(ColumnRole::kDvPathOrInline), batch.Find(ColumnRole::kDvOffset)};
  if (by_key && std::ranges::all_of(key, [](const ColumnVector* values) { return values != nullptr; })) {
    for (const ColumnVector* values : key) MixColumn(*values, hashes);
  } else {
    for (const columnar::BatchColumn& column : batch.columns) MixColumn(column.values, hashes);
  }
  return hashes;
}

void EmittedRows::StartAgain() {
  std::ranges::sort(hashes_);
  left_.assign(hashes_.size(), 0);
  for (std::size_t i = 0, run = 0; i < hashes_.size(); ++i) {
    if (hashes_[i] != hashes_[run]) run = i;
    ++left_[run];
  }
  to_come_ = hashes_.size();
}

std::vector<std::uint32_t> EmittedRows::FindNew(const std::vector<std::uint64_t>& hashes) {
  std::vector<std::uint32_t> fresh;
  const auto end = hashes_.begin() + static_cast<std::ptrdiff_t>(left_.size());
  for (std::uint32_t row = 0; row < hashes.size(); ++row) {
    const auto run = std::lower_bound(hashes_.begin(), end, hashes[row]);
    const auto at = static_cast<std::size_t>(run - hashes_.begin());
    if (run == end || *run != hashes[row] || left_[at] == 0) {
      fresh.push_back(row);
    } else {
      --left_[at];
      --to_come_;
    }
  }
  return fresh;
}

}  // namespace levee::store

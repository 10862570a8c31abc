#include "catalog/import_totals.h"

#include <limits>

namespace levee::catalog {
namespace {

using columnar::ColumnRole;

constexpr std::int64_t kBase = std::numeric_limits<std::int64_t>::min();

}  // namespace

void ImportTotals::Count(const columnar::Batch& entries) {
  const columnar::ColumnVector* added = entries.Find(ColumnRole::kAddedVersion);
  const columnar::ColumnVector* removed = entries.Find(ColumnRole::kRemovedVersion);
  const columnar::ColumnVector* sizes = entries.Find(ColumnRole::kSize);
  const columnar::ColumnVector* records = entries.Find(ColumnRole::kNumRecords);
  Changes local;
  Change base;
  for (std::size_t row = 0; row < entries.rows; ++row) {
    const std::int64_t size = sizes != nullptr && sizes->IsValid(row) ? sizes->ints[row] : 0;
    const bool known = records != nullptr && records->IsValid(row);
    const std::int64_t rows = known ? records->ints[row] : 0;
    const bool from_base = added == nullptr || !added->IsValid(row);
    Change& begin = from_base ? base : local[added->ints[row]];
    begin.files += 1;
    begin.bytes += size;
    begin.rows += rows;
    begin.files_without_rows += !known;
    begin.added_files += 1;
    begin.added_bytes += size;
    begin.added_rows += rows;
    begin.added_without_rows += !known;
    if (removed == nullptr || !removed->IsValid(row)) continue;
    Change& end = local[removed->ints[row]];
    end.files -= 1;
    end.bytes -= size;
    end.rows -= rows;
    end.files_without_rows -= !known;
  }
  // The common case, kept out of the map above.
  local[kBase] = base;
  Add(local);
}

void ImportTotals::Add(const Changes& changes) {
  const std::lock_guard lock(mutex_);
  for (const auto& [version, from] : changes) {
    Change& to = changes_[version];
    to.files += from.files;
    to.bytes += from.bytes;
    to.rows += from.rows;
    to.files_without_rows += from.files_without_rows;
    to.added_files += from.added_files;
    to.added_bytes += from.added_bytes;
    to.added_rows += from.added_rows;
    to.added_without_rows += from.added_without_rows;
  }
}

ImportTotals::Changes ImportTotals::changes() const {
  const std::lock_guard lock(mutex_);
  return changes_;
}

void ImportTotals::Fill(std::vector<store::CommitRecord>& commits) const {
  const std::lock_guard lock(mutex_);
  std::int64_t files = 0, bytes = 0, rows = 0, files_without_rows = 0;
  auto change = changes_.begin();
  for (store::CommitRecord& commit : commits) {
    for (; change != changes_.end() && change->first <= commit.version; ++change) {
      files += change->second.files;
      bytes += change->second.bytes;
      rows += change->second.rows;
      files_without_rows += change->second.files_without_rows;
      if (change->first != commit.version) continue;
      commit.bytes_added = change->second.added_bytes;
      if (change->second.added_without_rows == 0) commit.rows_added = change->second.added_rows;
    }
    commit.num_files = files;
    commit.size_bytes = bytes;
    if (files_without_rows == 0) commit.num_records = rows;
    if (!commit.is_base && commit.files_added == 0) commit.rows_added = 0;
  }
}

}  // namespace levee::catalog

#include "api/change_list.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "api/file_columns.h"

namespace levee::api {
namespace {

using columnar::ColumnRole;
using columnar::ColumnVector;

struct Change {
  std::uint32_t row;
  output::ChangeMark mark;
  std::string_view path;
};

std::optional<std::int64_t> IntegerAt(const ColumnVector* column, std::size_t row) {
  if (column == nullptr || !column->IsValid(row)) return std::nullopt;
  return column->ints[row];
}

std::optional<bool> FlagAt(const ColumnVector* column, std::size_t row) {
  const std::optional<std::int64_t> value = IntegerAt(column, row);
  if (!value) return std::nullopt;
  return *value != 0;
}

// All batches as one, as they must be sorted. `memory` grows by what they and their sorted copy take.
Result<columnar::Batch> ReadAll(columnar::BatchStream& stream, MemoryHold& memory) {
  columnar::Batch all;
  while (true) {
    LEVEE_ASSIGN(const std::unique_ptr<columnar::Batch> batch, stream.Next());
    if (batch == nullptr) return all;
    LEVEE_RETURN_IF_ERROR(memory.Grow(2 * columnar::SizeBytes(*batch)));
    const std::size_t rows = all.rows + batch->rows;
    for (const columnar::BatchColumn& column : batch->columns) {
      all.FindOrAdd(column.key).AppendRange(column.values, 0, batch->rows);
    }
    all.rows = rows;
    for (columnar::BatchColumn& column : all.columns) {
      while (column.values.rows < rows) column.values.PushNull();
    }
  }
}

std::vector<Change> FindChanges(const columnar::Batch& files, ChangeRange range) {
  const ColumnVector* paths = files.Find(ColumnRole::kPath);
  const ColumnVector* added = files.Find(ColumnRole::kAddedVersion);
  const ColumnVector* removed = files.Find(ColumnRole::kRemovedVersion);
  const ColumnVector* add_changes_data = files.Find(ColumnRole::kDataChange);
  const ColumnVector* remove_changes_data = files.Find(ColumnRole::kRemoveDataChange);
  const auto in_range = [&](std::optional<std::int64_t> version) {
    return version && *version > range.after_version && *version <= range.to_version;
  };
  std::vector<Change> changes;
  for (std::uint32_t row = 0; row < files.rows; ++row) {
    const std::string_view path = paths == nullptr ? std::string_view() : paths->strings[row];
    if (const auto version = IntegerAt(added, row); in_range(version)) {
      changes.push_back({row, {true, *version, FlagAt(add_changes_data, row)}, path});
    }
    // Without a remove's columns a later add of the same file ended the entry, which is that add's row.
    const std::optional<bool> by_remove = FlagAt(remove_changes_data, row);
    if (const auto version = IntegerAt(removed, row); by_remove && in_range(version)) {
      changes.push_back({row, {false, *version, by_remove}, path});
    }
  }
  return changes;
}

bool Before(const Change& a, const Change& b) {
  if (a.mark.version != b.mark.version) return a.mark.version < b.mark.version;
  if (a.mark.added != b.mark.added) return b.mark.added;
  return a.path < b.path;
}

}  // namespace

void AddChangeColumns(std::vector<columnar::ColumnKey>& columns) {
  for (const ColumnRole role : {ColumnRole::kPath, ColumnRole::kAddedVersion, ColumnRole::kRemovedVersion,
                                ColumnRole::kDataChange, ColumnRole::kRemoveDataChange}) {
    AddColumn(columns, columnar::PlainKey(role));
  }
}

Result<ChangeList> ReadChanges(columnar::BatchStream& stream, ChangeRange range) {
  ChangeList list{.memory = MemoryHold(MemoryBudget::Process(), MemoryPart::kAnswers), .files = {}, .marks = {}};
  LEVEE_ASSIGN(const columnar::Batch all, ReadAll(stream, list.memory));
  std::vector<Change> changes = FindChanges(all, range);
  std::stable_sort(changes.begin(), changes.end(), Before);

  std::vector<std::uint32_t> rows;
  for (const Change& change : changes) {
    rows.push_back(change.row);
    list.marks.push_back(change.mark);
  }
  for (const columnar::BatchColumn& column : all.columns) {
    columnar::BatchColumn sorted{column.key, {}};
    sorted.values.physical = column.values.physical;
    sorted.values.AppendRows(column.values, rows);
    list.files.columns.push_back(std::move(sorted));
  }
  list.files.rows = rows.size();
  return list;
}

Status VisitChanges(const ChangeRange& range, const OpenChanges& open,
                    const std::function<Status(ChangeList&)>& visit) {
  {
    LEVEE_ASSIGN(const auto stream, open(range));
    auto list = ReadChanges(*stream, range);
    if (list) return visit(*list);
    const bool can_be_less = range.to_version - range.after_version > 1;
    if (list.error().code != ErrorCode::kResourceExhausted || !can_be_less) {
      return std::unexpected(std::move(list).error());
    }
  }
  // They are ordered by version first, so halves follow each other.
  const std::int64_t middle = range.after_version + (range.to_version - range.after_version) / 2;
  LEVEE_RETURN_IF_ERROR(VisitChanges({range.after_version, middle}, open, visit));
  return VisitChanges({middle, range.to_version}, open, visit);
}

}  // namespace levee::api

#include "store/sql/entry_fetch.h"

#include <algorithm>
#include <numeric>

#include "base/clock.h"
#include "metrics/metrics.h"
#include "store/sql/batch_append.h"
#include "store/sql/widening.h"

namespace levee::store {
namespace {

using columnar::Batch;
using columnar::ColumnKey;
using columnar::ColumnRole;
using columnar::ColumnVector;

bool IsEndRole(ColumnRole role) { return role == ColumnRole::kRemovedVersion || IsRemoveRole(role); }

std::vector<std::uint32_t> RowsOf(const Selection& selection, std::size_t segment_rows) {
  if (!selection.all) return selection.rows;
  std::vector<std::uint32_t> rows(segment_rows);
  std::iota(rows.begin(), rows.end(), 0u);
  return rows;
}

// Whole blocks in a row, as part of an answer for which memory was short.
bool IsRunOfBlocks(const std::vector<std::uint32_t>& rows, std::size_t segment_rows) {
  if (rows.size() < columnar::kBlockRows || rows.front() % columnar::kBlockRows != 0) return false;
  const std::size_t end = rows.back() + std::size_t{1};
  return end - rows.front() == rows.size() && (end % columnar::kBlockRows == 0 || end == segment_rows);
}

ColumnVector Empty(types::PhysicalType physical) {
  ColumnVector values;
  values.physical = physical;
  return values;
}

// Appends `first` where it has a value, else `second`.
ColumnVector Coalesce(const ColumnVector& first, const ColumnVector& second) {
  ColumnVector merged = Empty(first.physical);
  for (std::size_t row = 0; row < first.rows; ++row) {
    merged.AppendRange(first.IsValid(row) ? first : second, row, 1);
  }
  return merged;
}

const Removal* FindRemoval(const RemovalList* removals, std::uint32_t row) {
  if (removals == nullptr) return nullptr;
  const auto found = std::lower_bound(removals->begin(), removals->end(), row,
                                      [](const Removal& a, std::uint32_t wanted) { return a.row < wanted; });
  return found != removals->end() && found->row == row ? &*found : nullptr;
}

}  // namespace

EntryFetcher::EntryFetcher(SegmentReader& reader, ReadSession& session, const Layout& layout,
                           const EntryFilter& filter, const std::vector<ColumnKey>& columns)
    : reader_(reader), session_(session), layout_(layout), filter_(filter) {
  for (const ColumnKey& key : columns) wanted_.push_back(Resolve(key));
}

EntryFetcher::Wanted EntryFetcher::Resolve(const ColumnKey& key) const {
  Wanted wanted{key, {}};
  layout_.dictionary->ForEach(key.role, key.path, [&](std::uint32_t id) {
    if (types::CanWiden(layout_.dictionary->key(id).type, key.type)) wanted.stored.push_back(id);
  });
  return wanted;
}

Batch EntryFetcher::MakeBatch() const {
  Batch batch;
  for (const Wanted& wanted : wanted_) {
    batch.columns.push_back({wanted.key, Empty(types::PhysicalTypeOf(wanted.key.type))});
  }
  return batch;
}

Status EntryFetcher::Append(const Selection& selection, Batch& out) {
  const metrics::Span span(metrics::Metric::kFetchSpan);
  const std::int64_t start = SystemClock().MonotonicNanos();
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    LEVEE_RETURN_IF_ERROR(AppendColumn(session_, selection, wanted_[i], out.columns[i].values));
  }
  out.rows += selection.count;
  session_.counters().fetch_ns += SystemClock().MonotonicNanos() - start;
  return {};
}

Status EntryFetcher::AppendFromGroup(const Selection& selection, const Wanted& wanted, ColumnVector& out) {
  const RowGroup& group = *layout_.groups[selection.index];
  GroupColumns columns(group);
  LEVEE_ASSIGN(const auto values, ReadAs(columns, wanted.key));
  if (values == nullptr) {
    AppendNulls(out, selection.count);
  } else if (selection.all) {
    out.AppendRange(*values, 0, values->rows);
  } else {
    out.AppendRows(*values, selection.rows);
  }
  return {};
}

Status EntryFetcher::AppendColumn(ReadSession& session, const Selection& selection, const Wanted& wanted,
                                  ColumnVector& out) {
  if (IsEndRole(wanted.key.role)) return AppendEnds(session, selection, wanted, out);
  if (selection.in_group) return AppendFromGroup(selection, wanted, out);
  if (wanted.key.role == ColumnRole::kKeyHash) return AppendKeyHashes(session, selection, out);
  return AppendStored(session, selection, wanted, out);
}

Status EntryFetcher::AppendStored(ReadSession& session, const Selection& selection, const Wanted& wanted,
                                  ColumnVector& out) {
  const SegmentInfo& info = layout_.segments->items[selection.index].info;
  std::optional<ColumnVector> merged;
  bool done = false;
  std::vector<SegmentColumn> present;
  for (const std::uint32_t id : wanted.stored) {
    const SegmentColumn column{info.id, id, types::PhysicalTypeOf(layout_.dictionary->key(id).type)};
    LEVEE_ASSIGN(const bool has, reader_.Has(session, column));
    if (has) present.push_back(column);
  }
  for (const SegmentColumn& column : present) {
    const types::PrimitiveType type = layout_.dictionary->key(column.column_id).type;
    const bool direct = present.size() == 1 && SameForm(type, wanted.key.type);
    ColumnVector own = Empty(column.physical);
    ColumnVector& target = direct ? out : own;
    if (selection.all) {
      LEVEE_RETURN_IF_ERROR(reader_.AppendAll(session, column, target));
    } else if (IsRunOfBlocks(selection.rows, static_cast<std::size_t>(info.rows))) {
      const RowRange range{selection.rows.front(), static_cast<std::uint32_t>(selection.rows.size())};
      LEVEE_RETURN_IF_ERROR(reader_.AppendBlocks(session, column, range, target));
    } else {
      LEVEE_RETURN_IF_ERROR(reader_.AppendRows(session, column, selection.rows, target));
    }
    done = direct;
    if (direct) break;
    ColumnVector widened = WidenColumn(own, type, wanted.key.type);
    merged = merged ? Coalesce(*merged, widened) : std::move(widened);
  }
  if (done) return {};
  if (merged) {
    out.AppendRange(*merged, 0, merged->rows);
  } else {
    AppendNulls(out, selection.count);
  }
  return {};
}

// Stored segments keep no hashes: they are made again from what they are hashes of.
Status EntryFetcher::AppendKeyHashes(ReadSession& session, const Selection& selection, ColumnVector& out) {
  Batch batch;
  batch.rows = selection.count;
  for (const ColumnRole role : {ColumnRole::kPath, ColumnRole::kDvStorageType, ColumnRole::kDvPathOrInline,
                                ColumnRole::kDvOffset}) {
    const Wanted wanted = Resolve(columnar::PlainKey(role));
    ColumnVector values = Empty(types::PhysicalTypeOf(wanted.key.type));
    LEVEE_RETURN_IF_ERROR(AppendStored(session, selection, wanted, values));
    batch.columns.push_back({wanted.key, std::move(values)});
  }
  for (const std::int64_t hash : KeyHashes(batch)) out.PushInt(hash);
  return {};
}

const RemovalList* EntryFetcher::RemovalsOf(const Selection& selection) const {
  return selection.in_group ? layout_.group_removals[selection.index].get()
                            : layout_.segment_removals[selection.index].get();
}

Status EntryFetcher::AppendEnds(ReadSession& session, const Selection& selection, const Wanted& wanted,
                                ColumnVector& out) {
  if (filter_.kind == EntryFilter::Kind::kAlive) {
    AppendNulls(out, selection.count);
    return {};
  }
  // What the entries themselves say (history), then what ended them since.
  ColumnVector stored = Empty(out.physical);
  ColumnVector removed;
  const Wanted versions = Resolve(columnar::PlainKey(ColumnRole::kRemovedVersion));
  const auto append = [&](const Wanted& column, ColumnVector& values) {
    return selection.in_group ? AppendFromGroup(selection, column, values)
                              : AppendStored(session, selection, column, values);
  };
  LEVEE_RETURN_IF_ERROR(append(wanted, stored));
  LEVEE_RETURN_IF_ERROR(append(versions, removed));
  const std::size_t segment_rows = selection.in_group ? layout_.groups[selection.index]->places.size() : selection.count;
  const std::vector<std::uint32_t> rows = RowsOf(selection, segment_rows);
  const RemovalList* removals = RemovalsOf(selection);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Removal* removal = FindRemoval(removals, rows[i]);
    if (removal == nullptr) {
      const bool ended = removed.IsValid(i) && removed.ints[i] <= filter_.version;
      ended ? out.AppendRange(stored, i, 1) : out.PushNull();
    } else if (removal->version > filter_.version) {
      out.PushNull();
    } else if (wanted.key.role == ColumnRole::kRemovedVersion) {
      out.PushInt(removal->version);
    } else {
      const ColumnVector* values = removal->action->columns.Find(wanted.key.role);
      values == nullptr ? out.PushNull() : out.AppendRange(*values, removal->action_row, 1);
    }
  }
  return {};
}

}  // namespace levee::store

#include <algorithm>
#include <set>

#include "base/cancellation.h"
#include "columnar/entry_order.h"
#include "columnar/segment.h"
#include "store/sql/batch_append.h"
#include "store/sql/compaction.h"
#include "store/sql/entry_sort.h"
#include "store/sql/stored_entries.h"

namespace levee::store {
namespace {

using columnar::Batch;
using columnar::ColumnRole;

// How much more a decoded segment takes than a stored one, as a rule; what it comes to is seen once it is read.
constexpr std::uint64_t kDecodedShare = 4;

class Builder {
 public:
  Builder(SegmentReader& reader, ReadSession& session, const Layout& layout, const SegmentExtras& extras)
      : reader_(reader), session_(session), layout_(layout), extras_(extras) {}

  Status Read(const CompactionPlan& plan) {
    for (const std::size_t index : plan.segments) {
      const SegmentInfo& info = layout_.segments->items[index].info;
      LEVEE_RETURN_IF_ERROR(CheckCancelled());
      LEVEE_RETURN_IF_ERROR(memory_.Grow(static_cast<std::uint64_t>(info.size_bytes) * kDecodedShare));
      LEVEE_ASSIGN(const Batch entries, ReadWholeSegment(reader_, session_, *layout_.dictionary, info));
      const std::uint64_t bytes = columnar::SizeBytes(entries);
      // Itself, and what is made of it.
      LEVEE_RETURN_IF_ERROR(memory_.Resize(kept_bytes_ + 2 * bytes));
      std::vector<EntryPlace> places;
      for (std::uint32_t row = 0; row < entries.rows; ++row) places.push_back({info.id, row});
      replaced_.insert(info.id);
      Split(entries, places, layout_.segment_removals[index].get());
      LEVEE_RETURN_IF_ERROR(Keep(bytes));
    }
    for (const std::size_t index : plan.groups) {
      const RowGroup& group = *layout_.groups[index];
      const std::uint64_t bytes = columnar::SizeBytes(*group.entries);
      LEVEE_RETURN_IF_ERROR(memory_.Resize(kept_bytes_ + bytes));
      for (const EntryPlace& place : group.places) replaced_.insert(place.segment_id);
      Split(*group.entries, group.places, layout_.group_removals[index].get());
      LEVEE_RETURN_IF_ERROR(Keep(bytes));
    }
    session_.Release();
    return {};
  }

  Result<CompactedSegments> Write(const CompactionPlan& plan) {
    LEVEE_RETURN_IF_ERROR(WriteSegments(SegmentKind::kActive, alive_, &alive_places_));
    LEVEE_RETURN_IF_ERROR(WriteSegments(SegmentKind::kHistory, ended_, nullptr));
    std::sort(result_.moved.begin(), result_.moved.end());
    if (plan.merge_removals || !replaced_.empty()) KeepRemovals();
    result_.replaced.insert(result_.replaced.end(), replaced_.begin(), replaced_.end());
    alive_ = ended_ = Batch();
    memory_.Shrink(memory_.bytes() - written_bytes_);
    result_.memory = std::move(memory_);
    return std::move(result_);
  }

 private:
  // `bytes` more are in the batches that are being made.
  Status Keep(std::uint64_t bytes) {
    kept_bytes_ += bytes;
    return memory_.Resize(kept_bytes_);
  }

  // Ended before the first version that can be read: retention has raised the floor.
  bool IsForgotten(std::int64_t removed) const { return removed < layout_.head.first_version; }

  // Parts entries into those alive and those ended, by removals or because they are history already.
  void Split(const Batch& entries, const std::vector<EntryPlace>& places, const RemovalList* removals) {
    const columnar::ColumnVector* removed = entries.Find(ColumnRole::kRemovedVersion);
    std::vector<std::uint32_t> alive, ended_before, ended;
    RemovalList ends;
    std::size_t at = 0;
    for (std::uint32_t row = 0; row < entries.rows; ++row) {
      while (removals != nullptr && at < removals->size() && (*removals)[at].row < row) ++at;
      if (removals != nullptr && at < removals->size() && (*removals)[at].row == row) {
        if (IsForgotten((*removals)[at].version)) continue;
        ended.push_back(row);
        ends.push_back((*removals)[at]);
      } else if (removed != nullptr && removed->IsValid(row)) {
        if (!IsForgotten(removed->ints[row])) ended_before.push_back(row);
      } else {
        alive.push_back(row);
        alive_places_.push_back(places[row]);
      }
    }
    AppendGathered(alive_, entries, alive);
    AppendGathered(ended_, entries, ended_before);
    if (!ended.empty()) AppendEnded(entries, ended, ends);
  }

  static void AppendGathered(Batch& to, const Batch& from, const std::vector<std::uint32_t>& rows) {
    if (rows.empty()) return;
    Batch gathered = columnar::GatherRows(from, rows);
    gathered.rows = rows.size();
    AppendBatch(to, gathered);
  }

  // Gives ended entries their version and the columns of the remove action.
  void AppendEnded(const Batch& entries, const std::vector<std::uint32_t>& rows, const RemovalList& ends) {
    Batch batch = columnar::GatherRows(entries, rows);
    batch.rows = rows.size();
    std::erase_if(batch.columns, [](const columnar::BatchColumn& column) {
      return column.key.role == ColumnRole::kRemovedVersion || IsRemoveRole(column.key.role);
    });
    columnar::ColumnVector versions;
    for (const Removal& end : ends) versions.PushInt(end.version);
    batch.columns.push_back({columnar::PlainKey(ColumnRole::kRemovedVersion), std::move(versions)});
    for (const ColumnRole role : kRemoveRoles) {
      const columnar::ColumnKey key = columnar::PlainKey(role);
      columnar::ColumnVector values;
      values.physical = types::PhysicalTypeOf(key.type);
      for (const Removal& end : ends) {
        const columnar::ColumnVector* from = end.action->columns.Find(role);
        from == nullptr ? values.PushNull() : values.AppendRange(*from, end.action_row, 1);
      }
      batch.columns.push_back({key, std::move(values)});
    }
    AppendBatch(ended_, batch);
  }

  Status WriteSegments(SegmentKind kind, const Batch& entries, const std::vector<EntryPlace>* places) {
    if (entries.rows == 0) return {};
    const std::vector<std::uint32_t> order = EntryOrderOf(entries);
    // Segments of like size, so that no sliver is left over.
    const std::size_t count = (order.size() + columnar::kSegmentRowsMax - 1) / columnar::kSegmentRowsMax;
    // A segment's rows, and what encoding makes of them.
    const std::uint64_t segment_bytes = 2 * columnar::SizeBytes(entries) / count;
    for (std::size_t i = 0; i < count; ++i) {
      LEVEE_RETURN_IF_ERROR(CheckCancelled());
      LEVEE_RETURN_IF_ERROR(memory_.Resize(kept_bytes_ + written_bytes_ + segment_bytes));
      const auto first = order.begin() + static_cast<std::ptrdiff_t>(order.size() * i / count);
      const auto last = order.begin() + static_cast<std::ptrdiff_t>(order.size() * (i + 1) / count);
      const std::vector<std::uint32_t> rows(first, last);
      Batch batch = columnar::GatherRows(entries, rows);
      batch.rows = rows.size();
      LEVEE_ASSIGN(PreparedSegment segment, PrepareSegment(kind, std::move(batch), extras_));
      const auto index = static_cast<std::int64_t>(result_.segments.size());
      for (std::uint32_t row = 0; places != nullptr && row < rows.size(); ++row) {
        result_.moved.emplace_back((*places)[rows[row]], EntryPlace{index, row});
      }
      for (const Bytes& chunk : segment.chunks) written_bytes_ += chunk.size();
      LEVEE_RETURN_IF_ERROR(memory_.Resize(kept_bytes_ + written_bytes_));
      result_.segments.push_back(std::move(segment));
    }
    return {};
  }

  void KeepRemovals() {
    for (const auto& batch : layout_.removal_batches) {
      RemovalBatch kept;
      std::vector<std::uint32_t> rows;
      for (std::uint32_t i = 0; i < batch->entries.size(); ++i) {
        if (replaced_.contains(batch->entries[i].segment_id)) continue;
        kept.entries.push_back(batch->entries[i]);
        kept.versions.push_back(batch->versions[i]);
        rows.push_back(i);
      }
      kept.columns = columnar::GatherRows(batch->columns, rows);
      kept.columns.rows = rows.size();
      if (!rows.empty()) result_.removals.Append(kept);
    }
    for (const SegmentInfo& info : layout_.micros) {
      if (info.kind == SegmentKind::kRemovals) result_.replaced.push_back(info.id);
    }
  }

  SegmentReader& reader_;
  ReadSession& session_;
  const Layout& layout_;
  const SegmentExtras extras_;
  MemoryHold memory_{MemoryBudget::Process(), MemoryPart::kSyncs};
  std::uint64_t kept_bytes_ = 0;     // of alive_ and ended_, at most
  std::uint64_t written_bytes_ = 0;  // of the new segments
  Batch alive_, ended_;
  std::vector<EntryPlace> alive_places_;
  std::set<std::int64_t> replaced_;
  CompactedSegments result_;
};

}  // namespace

Result<CompactedSegments> BuildCompaction(SegmentReader& reader, ReadSession& session, const Layout& layout,
                                          const CompactionPlan& plan, const SegmentExtras& extras) {
  Builder builder(reader, session, layout, extras);
  LEVEE_RETURN_IF_ERROR(builder.Read(plan));
  return builder.Write(plan);
}

}  // namespace levee::store

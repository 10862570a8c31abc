#include "store/sql/commit_applier.h"

#include <algorithm>
#include <numeric>

#include "columnar/entry_order.h"
#include "columnar/segment.h"
#include "store/sql/batch_append.h"
#include "store/sql/entry_sort.h"
#include "store/sql/remove_action.h"

namespace levee::store {
namespace {

using columnar::Batch;
using columnar::ColumnRole;
using columnar::ColumnVector;

// More new entries than this make segments of their own, not a tail.
constexpr std::size_t kTailRowsMax = 4096;

struct KeyHasher {
  std::size_t operator()(const EntryKey& key) const { return key.hash; }
};

// The entry that a key names as commits are applied.
struct Current {
  bool alive = false;
  std::int64_t ended_at = kAliveVersion;  // the version that a remove of these commits gave it
  LiveEntry entry;
};

class Applier {
 public:
  Applier(std::vector<CommitDelta>& commits, const CommitTotals& totals) : commits_(commits), totals_(totals) {}

  Status LookUp(SegmentReader& reader, ReadSession& session, const Layout& layout) {
    std::vector<EntryKey> keys;
    for (const CommitDelta& commit : commits_) {
      add_keys_.push_back(KeysOf(commit.adds));
      remove_keys_.push_back(KeysOf(commit.removes));
      for (const auto* list : {&add_keys_.back(), &remove_keys_.back()}) {
        for (const EntryKey& key : *list) {
          if (current_.emplace(key, Current()).second) keys.push_back(key);
        }
      }
    }
    LEVEE_ASSIGN(auto found, FindLiveEntries(reader, session, layout, keys));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (found[i]) current_[keys[i]] = {true, kAliveVersion, std::move(*found[i])};
    }
    return {};
  }

  void Apply() {
    for (std::size_t i = 0; i < commits_.size(); ++i) {
      CommitRecord& record = commits_[i].record;
      ApplyRemoves(commits_[i].removes, remove_keys_[i], record.version);
      ApplyAdds(commits_[i].adds, add_keys_[i], record.version);
      record.num_files = totals_.num_files;
      record.size_bytes = totals_.size_bytes;
      record.num_records = totals_.records.num_records();
    }
  }

  Result<CommitEffects> Finish() {
    CommitEffects effects;
    effects.totals = totals_.records;
    effects.removals = std::move(removals_);
    if (tombstones_.rows > 0) {
      LEVEE_ASSIGN(effects.tombstones, PrepareSegment(SegmentKind::kTombstones, std::move(tombstones_)));
    }
    if (added_.rows == 0) return effects;
    if (added_.rows <= kTailRowsMax) {
      LEVEE_ASSIGN(PreparedSegment tail, PrepareSegment(SegmentKind::kTail, std::move(added_)));
      effects.segments.push_back(std::move(tail));
      for (EntryPlace& place : effects.removals.entries) {
        if (place.segment_id < 0) place.segment_id = -1;
      }
      return effects;
    }
    LEVEE_RETURN_IF_ERROR(MakeSegments(effects));
    return effects;
  }

 private:
  void ApplyRemoves(const Batch& removes, const std::vector<EntryKey>& keys, std::int64_t version) {
    std::vector<std::uint32_t> ending, unknown;
    std::vector<const Current*> ended;
    for (std::uint32_t row = 0; row < removes.rows; ++row) {
      Current& current = current_[keys[row]];
      if (current.ended_at == version) continue;  // said twice
      if (!current.alive) unknown.push_back(row);
      current.ended_at = version;
      if (!current.alive) continue;
      End(current, version);
      ending.push_back(row);
      ended.push_back(&current);
    }
    if (!ending.empty()) AppendBatch(removals_.columns, RemoveColumns(removes, ending, ended));
    if (!unknown.empty()) AppendTombstones(removes, unknown, version);
  }

  static Batch RemoveColumns(const Batch& removes, const std::vector<std::uint32_t>& rows,
                             const std::vector<const Current*>& ended) {
    std::vector<std::string_view> paths;
    for (const Current* current : ended) paths.push_back(current->entry.path);
    return RemoveActionColumns(removes, rows, paths);
  }

  void AppendTombstones(const Batch& removes, const std::vector<std::uint32_t>& rows, std::int64_t version) {
    Batch batch = columnar::GatherRows(removes, rows);
    batch.rows = rows.size();
    batch.FindOrAdd(columnar::PlainKey(ColumnRole::kRemovedVersion)) = ConstantInts(version, rows.size());
    AppendBatch(tombstones_, batch);
  }

  void ApplyAdds(const Batch& adds, const std::vector<EntryKey>& keys, std::int64_t version) {
    std::vector<std::uint32_t> rows;
    std::unordered_map<EntryKey, std::uint32_t, KeyHasher> last;
    for (std::uint32_t row = 0; row < adds.rows; ++row) last[keys[row]] = row;
    const ColumnVector* path = adds.Find(ColumnRole::kPath);
    const ColumnVector* size = adds.Find(ColumnRole::kSize);
    const ColumnVector* records = adds.Find(ColumnRole::kNumRecords);
    std::size_t replaced = 0;
    for (std::uint32_t row = 0; row < adds.rows; ++row) {
      // Of equal keys in one commit the last one holds.
      if (last[keys[row]] != row) continue;
      Current& current = current_[keys[row]];
      if (current.alive) {
        End(current, version);
        ++replaced;
      }
      current = {true, kAliveVersion, {}};
      current.entry.place = {-1, static_cast<std::uint32_t>(added_.rows + rows.size())};
      current.entry.path = std::string(path->strings[row]);
      current.entry.size_bytes = size != nullptr && size->IsValid(row) ? size->ints[row] : 0;
      if (records != nullptr && records->IsValid(row)) current.entry.records = records->ints[row];
      Count(current.entry, 1);
      rows.push_back(row);
    }
    // A re-add ends the entry without a remove action.
    if (replaced > 0) {
      Batch none;
      none.rows = replaced;
      AppendBatch(removals_.columns, none);
    }
    if (!rows.empty()) AppendAdded(adds, rows, version);
  }

  void AppendAdded(const Batch& adds, const std::vector<std::uint32_t>& rows, std::int64_t version) {
    Batch batch = rows.size() == adds.rows ? adds : columnar::GatherRows(adds, rows);
    batch.rows = rows.size();
    std::erase_if(batch.columns, [](const columnar::BatchColumn& column) {
      return column.key.role == ColumnRole::kRemovedVersion || column.key.role == ColumnRole::kAddedVersion;
    });
    batch.columns.push_back({columnar::PlainKey(ColumnRole::kAddedVersion), ConstantInts(version, rows.size())});
    AppendBatch(added_, batch);
  }

  void End(Current& current, std::int64_t version) {
    removals_.entries.push_back(current.entry.place);
    removals_.versions.push_back(version);
    current.alive = false;
    Count(current.entry, -1);
  }

  void Count(const LiveEntry& entry, std::int64_t sign) {
    totals_.num_files += sign;
    totals_.size_bytes += sign * entry.size_bytes;
    if (entry.records) {
      totals_.records.known_records += sign * *entry.records;
    } else {
      totals_.records.files_without_records += sign;
    }
  }

  // Sorts many new entries and cuts them into segments; their removals follow.
  Status MakeSegments(CommitEffects& effects) {
    const std::vector<std::uint32_t> order = EntryOrderOf(added_);
    std::vector<std::uint32_t> new_row(order.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) new_row[order[i]] = i;
    for (std::size_t first = 0; first < order.size(); first += columnar::kSegmentRowsMax) {
      const std::size_t last = std::min(order.size(), first + columnar::kSegmentRowsMax);
      const std::vector<std::uint32_t> rows(order.begin() + static_cast<std::ptrdiff_t>(first),
                                            order.begin() + static_cast<std::ptrdiff_t>(last));
      LEVEE_ASSIGN(PreparedSegment segment,
                   PrepareSegment(SegmentKind::kActive, columnar::GatherRows(added_, rows)));
      effects.segments.push_back(std::move(segment));
    }
    for (EntryPlace& place : effects.removals.entries) {
      if (place.segment_id >= 0) continue;
      const std::uint32_t row = new_row[place.row];
      place = {-1 - static_cast<std::int64_t>(row / columnar::kSegmentRowsMax),
               static_cast<std::uint32_t>(row % columnar::kSegmentRowsMax)};
    }
    return {};
  }

  std::vector<CommitDelta>& commits_;
  CommitTotals totals_;
  std::vector<std::vector<EntryKey>> add_keys_, remove_keys_;  // by commit
  std::unordered_map<EntryKey, Current, KeyHasher> current_;
  Batch added_;
  Batch tombstones_;
  RemovalBatch removals_;
};

}  // namespace

Result<CommitEffects> ApplyCommits(SegmentReader& reader, ReadSession& session, const Layout& layout,
                                   const CommitTotals& head_totals, std::vector<CommitDelta>& commits) {
  Applier applier(commits, head_totals);
  LEVEE_RETURN_IF_ERROR(applier.LookUp(reader, session, layout));
  applier.Apply();
  return applier.Finish();
}

}  // namespace levee::store

#include "store/sql/partition_sums.h"

#include "columnar/skipping_evaluator.h"
#include "store/sql/bounds.h"
#include "store/sql/entry_fetch.h"
#include "store/sql/entry_selector.h"
#include "store/sql/partition_runs.h"
#include "store/sql/query.h"

namespace levee::store {
namespace {

using columnar::Batch;
using columnar::ColumnKey;
using columnar::ColumnRole;
using columnar::ColumnVector;

// In memory; older parts are merged beyond it.
constexpr std::size_t kPartsMax = 16;
constexpr std::size_t kRangesMax = 256;

std::vector<ColumnKey> SumColumns(const Layout& layout) {
  std::vector<ColumnKey> columns = {columnar::PlainKey(ColumnRole::kSize), columnar::PlainKey(ColumnRole::kNumRecords),
                                    columnar::PlainKey(ColumnRole::kAddedVersion),
                                    columnar::PlainKey(ColumnRole::kRemovedVersion)};
  for (const ColumnKey& key : layout.dictionary->keys()) {
    if (key.role == ColumnRole::kPartition || key.role == ColumnRole::kPartitionValue) columns.push_back(key);
  }
  return columns;
}

std::vector<std::uint32_t> RowsInWindow(const ColumnVector* versions, const Batch& batch, const EntryFilter& window) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; versions != nullptr && row < batch.rows; ++row) {
    const bool inside = versions->IsValid(row) && versions->ints[row] > window.after_version &&
                        versions->ints[row] <= window.version;
    if (inside) rows.push_back(row);
  }
  return rows;
}

// The entries that the filter selects, batch by batch.
template <typename Visit>
Status ForEachBatch(SegmentReader& reader, ReadSession& session, const Layout& layout, const EntryFilter& filter,
                    Visit&& visit) {
  const std::vector<ColumnKey> columns = SumColumns(layout);
  EntrySelector selector(reader, session, layout, {.filter = filter});
  EntryFetcher fetcher(reader, session, layout, filter, columns);
  Selection selection;
  while (true) {
    LEVEE_ASSIGN(const bool more, selector.Next(selection));
    if (!more) return {};
    Batch batch = fetcher.MakeBatch();
    LEVEE_RETURN_IF_ERROR(fetcher.Append(selection, batch));
    visit(batch);
  }
}

// Partitions as entries, for the evaluation of predicates.
class PartitionColumns final : public EntryColumns {
 public:
  explicit PartitionColumns(const Batch& values) : values_(values) {}
  std::size_t rows() const override { return values_.rows; }
  Result<std::vector<StoredColumn>> Find(ColumnRole role, std::string_view path) override {
    std::vector<StoredColumn> found;
    for (const columnar::BatchColumn& column : values_.columns) {
      if (column.key.role != role || column.key.path != path) continue;
      // The batch outlives the evaluation.
      found.push_back({column.key.type, std::shared_ptr<const ColumnVector>(std::shared_ptr<void>(), &column.values)});
    }
    return found;
  }

 private:
  const Batch& values_;
};

std::shared_ptr<const RangeSums> Merged(const RangeSums& sums) {
  PartitionTally tally;
  for (const auto& part : sums.parts) tally.Add(*part);
  auto merged = std::make_shared<RangeSums>();
  merged->version = sums.version;
  merged->parts = {std::make_shared<const PartitionSummary>(tally.Take())};
  return merged;
}

}  // namespace

std::shared_ptr<const RangeSums> PartitionSums::Find(std::int64_t range_id, std::int64_t version) {
  const std::lock_guard lock(mutex_);
  const auto found = sums_.find(range_id);
  return found == sums_.end() || found->second->version > version ? nullptr : found->second;
}

Result<std::int64_t> PartitionSums::Known(ReadSession& session, const Layout& layout, std::int64_t version) {
  const auto at_hand = Find(layout.head.range_id, version);
  if (at_hand != nullptr && at_hand->version >= layout.head.first_version) return at_hand->version;
  LEVEE_ASSIGN(Connection * connection, session.Connect());
  LEVEE_ASSIGN(const auto kept, ReadSumsVersion(*connection, layout.head.range_id));
  return kept && *kept <= version && *kept >= layout.head.first_version ? *kept : -1;
}

Result<std::shared_ptr<const RangeSums>> PartitionSums::Get(SegmentReader& reader, ReadSession& session,
                                                            const Layout& layout, std::int64_t version) {
  const std::int64_t range_id = layout.head.range_id;
  std::shared_ptr<const RangeSums> known = Find(range_id, version);
  if (known == nullptr || known->version < layout.head.first_version) {
    LEVEE_ASSIGN(Connection * connection, session.Connect());
    LEVEE_ASSIGN(const auto kept, ReadSumsVersion(*connection, range_id));
    if (!kept || *kept > version || *kept < layout.head.first_version) return nullptr;
    auto sums = std::make_shared<RangeSums>();
    sums->version = *kept;
    LEVEE_ASSIGN(sums->parts, ReadRuns(*connection, range_id));
    known = std::move(sums);
  }
  if (known->version < version) {
    const EntryFilter window{EntryFilter::Kind::kChangedIn, version, known->version};
    LEVEE_ASSIGN(PartitionSummary changes, SumChanges(reader, session, layout, window));
    auto sums = std::make_shared<RangeSums>(*known);
    sums->version = version;
    if (!changes.sums.empty()) sums->parts.push_back(std::make_shared<const PartitionSummary>(std::move(changes)));
    known = sums->parts.size() > kPartsMax ? Merged(*sums) : std::move(sums);
  }
  const std::lock_guard lock(mutex_);
  if (sums_.size() >= kRangesMax) sums_.clear();
  auto& place = sums_[range_id];
  if (place == nullptr || place->version < known->version) place = known;
  return known;
}

Result<PartitionSummary> SumChanges(SegmentReader& reader, ReadSession& session, const Layout& layout,
                                    const EntryFilter& window) {
  PartitionTally tally;
  LEVEE_RETURN_IF_ERROR(ForEachBatch(reader, session, layout, window, [&](const Batch& batch) {
    tally.Add(batch, RowsInWindow(batch.Find(ColumnRole::kAddedVersion), batch, window), 1);
    tally.Add(batch, RowsInWindow(batch.Find(ColumnRole::kRemovedVersion), batch, window), -1);
  }));
  return tally.Take();
}

Result<PartitionSummary> SumEntries(SegmentReader& reader, ReadSession& session, const Layout& layout,
                                    std::int64_t version) {
  PartitionTally tally;
  const EntryFilter filter{EntryFilter::Kind::kAlive, version, 0};
  LEVEE_RETURN_IF_ERROR(
      ForEachBatch(reader, session, layout, filter, [&](const Batch& batch) { tally.AddAll(batch); }));
  return tally.Take();
}

std::int64_t EntriesOf(const Layout& layout) {
  std::int64_t entries = 0;
  for (const SegmentSet::Item& item : layout.segments->items) entries += item.info.rows;
  for (const auto& group : layout.groups) entries += static_cast<std::int64_t>(group->places.size());
  return entries;
}

std::int64_t ChangesAfter(const Layout& layout, std::int64_t version) {
  std::int64_t changes = 0;
  const auto add = [&](const SegmentInfo& info) {
    const bool began = info.kind != SegmentKind::kRemovals && info.max_added > version;
    const bool ended = info.kind == SegmentKind::kRemovals || info.kind == SegmentKind::kHistory;
    if (began || (ended && info.max_removed > version)) changes += info.rows;
  };
  for (const SegmentSet::Item& item : layout.segments->items) add(item.info);
  for (const SegmentInfo& info : layout.micros) add(info);
  return changes;
}

Result<Refreshed> KeepSums(Driver& driver, SegmentReader& reader, ReadSession& session, const Layout& layout) {
  const RangeHead& head = layout.head;
  LEVEE_ASSIGN(Connection * connection, session.Connect());
  LEVEE_ASSIGN(const auto kept, ReadSumsVersion(*connection, head.range_id));
  if (kept && *kept >= head.last_version) return Refreshed::kNothing;
  const bool anew = !kept || *kept < head.first_version || ChangesAfter(layout, *kept) > EntriesOf(layout);
  const EntryFilter window{EntryFilter::Kind::kChangedIn, head.last_version, kept.value_or(0)};
  auto sums = anew ? SumEntries(reader, session, layout, head.last_version)
                   : SumChanges(reader, session, layout, window);
  session.Release();
  if (!sums) return std::unexpected(std::move(sums).error());
  LEVEE_ASSIGN(const Lease writer, driver.Writer(Durability::kStaging));
  LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
  LEVEE_ASSIGN(const auto now, ReadSumsVersion(*writer, head.range_id));
  if (now != kept) return Refreshed::kNothing;
  if (anew) LEVEE_RETURN_IF_ERROR(DeleteRuns(*writer, head.range_id));
  LEVEE_RETURN_IF_ERROR(MergeRun(*writer, head.range_id, std::move(*sums)));
  LEVEE_RETURN_IF_ERROR(SetSumsVersion(*writer, head.range_id, head.last_version));
  LEVEE_RETURN_IF_ERROR(transaction.Commit());
  return anew ? Refreshed::kFull : Refreshed::kIncremental;
}

Result<std::int64_t> CountFiles(const RangeSums& sums, const expr::SkippingNode* predicate,
                                std::string_view timezone) {
  std::int64_t files = 0;
  for (const auto& part : sums.parts) {
    if (predicate == nullptr) {
      for (const FileSums& partition : part->sums) files += partition.files;
      continue;
    }
    PartitionColumns columns(part->values);
    EntryBounds bounds(columns, timezone);
    LEVEE_ASSIGN(const Bitmap selected, columnar::EvaluateSkipping(*predicate, bounds, nullptr));
    selected.ForEach([&](std::size_t row) { files += part->sums[row].files; });
  }
  return files;
}

}  // namespace levee::store

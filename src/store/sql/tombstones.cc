// Remove actions that are the newest word on their file: of entries that ended, and of files the store never
// had an entry for.
#include <deque>
#include <unordered_map>

#include "columnar/entry_order.h"
#include "store/sql/batch_list.h"
#include "store/sql/entry_fetch.h"
#include "store/sql/remove_action.h"
#include "store/sql/sql_store.h"
#include "store/sql/stored_entries.h"

namespace levee::store {
namespace {

using columnar::Batch;
using columnar::ColumnKey;
using columnar::ColumnRole;
using columnar::ColumnVector;

bool IsOfRemove(ColumnRole role) {
  switch (role) {
    case ColumnRole::kPath:
    case ColumnRole::kSize:
    case ColumnRole::kPartition:
    case ColumnRole::kTags:
    case ColumnRole::kBaseRowId:
    case ColumnRole::kDefaultRowCommitVersion:
    case ColumnRole::kDvStorageType:
    case ColumnRole::kDvPathOrInline:
    case ColumnRole::kDvOffset:
    case ColumnRole::kDvSizeInBytes:
    case ColumnRole::kDvCardinality: return true;
    default: return IsRemoveRole(role);
  }
}

std::int64_t VersionAt(const Batch& batch, std::size_t row) {
  const ColumnVector* versions = batch.Find(ColumnRole::kRemovedVersion);
  return versions != nullptr && versions->IsValid(row) ? versions->ints[row] : kFloorVersion;
}

class TombstoneReader {
 public:
  TombstoneReader(SegmentReader& reader, ReadSession& session, const Layout& layout, std::int64_t version)
      : reader_(reader), session_(session), layout_(layout), version_(version) {}

  Result<std::deque<Batch>> Read() {
    LEVEE_RETURN_IF_ERROR(ReadStored());
    LEVEE_RETURN_IF_ERROR(ReadEnded());
    if (batches_.empty()) return std::deque<Batch>();
    for (const Batch& batch : batches_) {
      const std::vector<std::int64_t> hashes = KeyHashes(batch);
      for (std::size_t row = 0; row < batch.rows; ++row) {
        auto& newest = newest_.emplace(hashes[row], kFloorVersion).first->second;
        newest = std::max(newest, VersionAt(batch, row));
      }
    }
    LEVEE_RETURN_IF_ERROR(ForgetLive());
    return Filter();
  }

 private:
  Status ReadStored() {
    for (const SegmentInfo& info : layout_.tombstones) {
      if (info.min_removed > version_) continue;
      LEVEE_ASSIGN(Batch batch, ReadSegment(reader_, session_, *layout_.dictionary, info));
      batches_.push_back(std::move(batch));
    }
    return {};
  }

  // Entries that a remove action ended, as that action.
  Status ReadEnded() {
    const EntryFilter filter{EntryFilter::Kind::kChangedIn, version_, kFloorVersion};
    std::vector<ColumnKey> columns = {columnar::PlainKey(ColumnRole::kKeyHash),
                                      columnar::PlainKey(ColumnRole::kRemovedVersion)};
    for (const ColumnRole role : kRemoveRoles) columns.push_back(columnar::PlainKey(role));
    for (const ColumnKey& key : layout_.dictionary->keys()) {
      if (IsOfRemove(key.role) && !IsRemoveRole(key.role)) columns.push_back(key);
    }
    SelectorOptions options{.filter = filter};
    options.ended_only = true;
    EntrySelector selector(reader_, session_, layout_, options);
    EntryFetcher fetcher(reader_, session_, layout_, filter, columns);
    Selection selection;
    while (true) {
      LEVEE_ASSIGN(const bool more, selector.Next(selection));
      if (!more) return {};
      Batch batch = fetcher.MakeBatch();
      LEVEE_RETURN_IF_ERROR(fetcher.Append(selection, batch));
      const ColumnVector* by_remove = batch.Find(ColumnRole::kRemoveDataChange);
      std::vector<std::uint32_t> rows;
      for (std::uint32_t row = 0; row < batch.rows; ++row) {
        if (by_remove->IsValid(row)) rows.push_back(row);
      }
      if (rows.empty()) continue;
      Batch removes = columnar::GatherRows(batch, rows);
      removes.rows = rows.size();
      MakeRemoveActions(removes);
      batches_.push_back(std::move(removes));
    }
  }

  // A file that was added again is no tombstone. Only entries of a known version can be such.
  Status ForgetLive() {
    const EntryFilter filter{EntryFilter::Kind::kAlive, version_, 0};
    const std::vector<ColumnKey> columns = {columnar::PlainKey(ColumnRole::kAddedVersion),
                                            columnar::PlainKey(ColumnRole::kKeyHash)};
    EntrySelector selector(reader_, session_, layout_, {.filter = filter});
    EntryFetcher fetcher(reader_, session_, layout_, filter, columns);
    Selection selection;
    while (true) {
      LEVEE_ASSIGN(const bool more, selector.Next(selection));
      if (!more) return {};
      if (!selection.in_group && layout_.segments->items[selection.index].info.max_added == kFloorVersion) continue;
      Batch batch = fetcher.MakeBatch();
      LEVEE_RETURN_IF_ERROR(fetcher.Append(selection, batch));
      for (std::size_t row = 0; row < batch.rows; ++row) {
        if (batch.columns[0].values.IsValid(row)) newest_.erase(batch.columns[1].values.ints[row]);
      }
    }
  }

  std::deque<Batch> Filter() {
    std::deque<Batch> kept;
    for (const Batch& batch : batches_) {
      const std::vector<std::int64_t> hashes = KeyHashes(batch);
      std::vector<std::uint32_t> rows;
      for (std::uint32_t row = 0; row < batch.rows; ++row) {
        const auto newest = newest_.find(hashes[row]);
        const std::int64_t version = VersionAt(batch, row);
        if (newest == newest_.end() || newest->second != version || version > version_) continue;
        rows.push_back(row);
        newest_.erase(newest);  // one action a file
      }
      if (rows.empty()) continue;
      Batch tombstones = columnar::GatherRows(batch, rows);
      tombstones.rows = rows.size();
      std::erase_if(tombstones.columns, [](const columnar::BatchColumn& column) {
        return column.key.role == ColumnRole::kRemovedVersion;
      });
      kept.push_back(std::move(tombstones));
    }
    return kept;
  }

  SegmentReader& reader_;
  ReadSession& session_;
  const Layout& layout_;
  const std::int64_t version_;
  std::deque<Batch> batches_;
  std::unordered_map<std::int64_t, std::int64_t> newest_;  // key hash -> version of the newest remove
};

}  // namespace

Result<std::unique_ptr<columnar::BatchStream>> SqlStore::ReadTombstones(std::int64_t table_id, std::int64_t version) {
  for (int restarts = 0;; ++restarts) {
    ReadSession session(*driver_);
    LEVEE_ASSIGN(const auto layout, layouts_.Get(session, table_id, version));
    auto tombstones = TombstoneReader(reader_, session, *layout, version).Read();
    if (tombstones) return std::make_unique<BatchList>(std::move(*tombstones));
    if (tombstones.error().code != ErrorCode::kNotFound || restarts == 5) {
      return std::unexpected(std::move(tombstones).error());
    }
    session.Release();
    layouts_.Drop(layout->head.range_id);
  }
}

}  // namespace levee::store

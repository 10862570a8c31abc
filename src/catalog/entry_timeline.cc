#include "catalog/entry_timeline.h"

#include "base/bytes.h"
#include "columnar/entry_order.h"
#include "columnar/segment.h"
#include "types/file_key.h"

namespace levee::catalog {
namespace {

std::string DvId(const std::optional<delta::DeletionVectorDescriptor>& vector) {
  return vector ? vector->UniqueId() : std::string();
}

}  // namespace

Hash128 WideFileKey(std::string_view path, const std::string& dv_unique_id) {
  std::string key = types::CanonicalPath(path);
  key += '\0';
  key += dv_unique_id;
  return HashWide(key);
}

void EntryTimeline::SetSchema(const types::Schema& schema) {
  CloseBatch();
  builder_.emplace(schema);
}

void EntryTimeline::Apply(const delta::CommitContent& commit) {
  std::unordered_set<Hash128, KeyHasher> removed;
  for (const delta::RemoveAction& remove : commit.removes) {
    const std::string dv_id = DvId(remove.deletion_vector);
    const Hash128 key = WideFileKey(remove.path, dv_id);
    if (commit.removes.size() > 1 && !removed.insert(key).second) continue;  // said twice
    const auto key_hash = static_cast<std::int64_t>(types::FileKeyHash(remove.path, dv_id));
    End(key, key_hash, {commit.version, remove});
  }
  for (const delta::AddAction& add : commit.adds) {
    const std::string dv_id = DvId(add.deletion_vector);
    const Hash128 key = WideFileKey(add.path, dv_id);
    const auto key_hash = static_cast<std::int64_t>(types::FileKeyHash(add.path, dv_id));
    End(key, key_hash, {commit.version, std::nullopt});
    live_.insert_or_assign(key, added_.size());
    added_.push_back(commit.version);
    builder_->Append(add);
    if (builder_->rows() == columnar::kSegmentRowsMax) CloseBatch();
  }
}

void EntryTimeline::End(const Hash128& key, std::int64_t key_hash, EntryEnd end) {
  if (const auto live = live_.find(key); live != live_.end()) {
    ends_.insert_or_assign(live->second, std::move(end));
    live_.erase(live);
    return;
  }
  if (!options_.has_base && !end.remove) return;
  const auto [place, inserted] = base_ends_.try_emplace(key);
  if (inserted) {
    place->second.end = std::move(end);
    base_hashes_.insert(key_hash);
  } else if (end.version < options_.keep_versions_from) {
    place->second.end = std::move(end);  // all of this is the base: its newest action counts
  } else if (end.remove) {
    later_removes_.emplace_back(end.version, std::move(*end.remove));  // the base entry has ended before
  }
}

void EntryTimeline::CloseBatch() {
  if (!builder_ || builder_->rows() == 0) return;
  batches_.push_back(builder_->Finish());
}

const EntryEnd* EntryTimeline::FindBaseEnd(const Hash128& key) {
  const auto place = base_ends_.find(key);
  if (place == base_ends_.end()) return nullptr;
  // An end below is no end of an entry that is kept: its remove stays a tombstone.
  place->second.met_entry = place->second.end.version >= options_.keep_versions_from;
  return &place->second.end;
}

Hash128 EntryTimeline::HashBaseEnds(const std::vector<Hash128>& keys) const {
  ByteWriter text;
  for (const Hash128& key : keys) {
    text.Put(key);
    const auto place = base_ends_.find(key);
    if (place == base_ends_.end()) continue;
    const EntryEnd& end = place->second.end;
    text.Put(end.version);
    text.Put(static_cast<std::uint8_t>(end.remove.has_value()));
    if (end.remove) {
      const delta::RemoveAction& remove = *end.remove;
      text.Put(static_cast<std::uint8_t>(remove.deletion_timestamp_ms.has_value()));
      text.Put(remove.deletion_timestamp_ms.value_or(0));
      text.Put(static_cast<std::uint8_t>(remove.data_change));
      text.Put(static_cast<std::uint8_t>(remove.extended_file_metadata ? 1 + *remove.extended_file_metadata : 0));
      text.PutText(remove.stats_json.value_or(std::string()));
      text.PutText(remove.residual_json);
    }
  }
  return HashWide(AsText(text.bytes()));
}

std::vector<columnar::Batch> EntryTimeline::TakeBatches() {
  CloseBatch();
  std::vector<columnar::Batch> taken;
  std::size_t entry = 0;
  for (columnar::Batch& batch : batches_) {
    columnar::ColumnVector added;
    std::unordered_map<std::size_t, const EntryEnd*> ends;
    std::vector<std::uint32_t> keep;
    for (std::size_t row = 0; row < batch.rows; ++row, ++entry) {
      const std::int64_t version = added_[entry];
      version < options_.keep_versions_from ? added.PushNull() : added.PushInt(version);
      const auto end = ends_.find(entry);
      if (end != ends_.end()) ends.emplace(row, &end->second);
      const bool vanished =
          end != ends_.end() && (end->second.version == version || end->second.version < options_.keep_versions_from);
      if (!vanished) keep.push_back(static_cast<std::uint32_t>(row));
    }
    batch.columns.push_back({columnar::PlainKey(columnar::ColumnRole::kAddedVersion), std::move(added)});
    AddEndColumns(batch, ends);
    taken.push_back(keep.size() == batch.rows ? std::move(batch) : columnar::GatherRows(batch, keep));
  }
  batches_.clear();
  return taken;
}

std::vector<std::pair<std::int64_t, delta::RemoveAction>> EntryTimeline::TakeTombstones() {
  std::vector<std::pair<std::int64_t, delta::RemoveAction>> tombstones = std::move(later_removes_);
  for (auto& [key, pending] : base_ends_) {
    if (pending.met_entry || !pending.end.remove) continue;
    tombstones.emplace_back(pending.end.version, std::move(*pending.end.remove));
  }
  return tombstones;
}

void AddEndColumns(columnar::Batch& batch, const std::unordered_map<std::size_t, const EntryEnd*>& ends) {
  if (ends.empty()) return;
  using columnar::ColumnRole;
  // Few entries of a checkpoint end: columns of nulls are made at once, and only where a value comes.
  const auto set = [&](ColumnRole role, std::size_t row, std::int64_t value) {
    columnar::ColumnVector& column = batch.FindOrAdd(columnar::PlainKey(role));
    column.ints[row] = value;
    column.validity.Set(row);
  };
  bool residuals = false;
  for (const auto& [row, end] : ends) {
    set(ColumnRole::kRemovedVersion, row, end->version);
    if (!end->remove) continue;
    const delta::RemoveAction& remove = *end->remove;
    if (remove.deletion_timestamp_ms) set(ColumnRole::kDeletionTimestamp, row, *remove.deletion_timestamp_ms);
    set(ColumnRole::kRemoveDataChange, row, remove.data_change);
    if (remove.extended_file_metadata) set(ColumnRole::kExtendedFileMetadata, row, *remove.extended_file_metadata);
    residuals |= remove.stats_json || !remove.residual_json.empty();
  }
  if (!residuals) return;
  columnar::ColumnVector residual;
  residual.physical = types::PhysicalType::kString;
  for (std::size_t row = 0; row < batch.rows; ++row) {
    const auto end = ends.find(row);
    std::string text;
    if (end != ends.end() && end->second->remove) text = delta::RemoveResidual(*end->second->remove);
    text.empty() ? residual.PushNull() : residual.PushString(text);
  }
  batch.columns.push_back({columnar::PlainKey(ColumnRole::kRemoveResidual), std::move(residual)});
}

}  // namespace levee::catalog

#include "tests/fakes/plain_bank/plain_bank.h"

#include <algorithm>
#include <limits>

#include "base/status.h"
#include "tests/fakes/plain_bank/json.h"

namespace levee::fakes {

const PlainRow* PlainBank::Newest(const std::vector<PlainRow>& rows, std::string_view id,
                                  std::int64_t as_of) {
  const PlainRow* newest = nullptr;
  for (const PlainRow& row : rows) {
    if (row.item.id == id && row.written <= as_of) newest = &row;
  }
  return newest;
}

std::vector<const PlainRow*> PlainBank::LiveRows(const std::vector<PlainRow>& rows,
                                                 std::int64_t as_of) const {
  std::map<std::string_view, const PlainRow*> newest;
  for (const PlainRow& row : rows) {
    if (row.written <= as_of) newest[row.item.id] = &row;
  }
  std::vector<const PlainRow*> live;
  const std::int64_t now = std::min(as_of, clock_.NowMicros());
  for (const auto& [id, row] : newest) {
    if (Live(row, now)) live.push_back(row);
  }
  return live;
}

std::optional<Item> PlainBank::Choose(std::string_view id, const ItemVersionChoice& choice) {
  if (choice.version) {
    for (const PlainRow& row : rows_) {
      if (row.item.id == id && row.item.version == *choice.version && !row.removed) return row.item;
    }
    return std::nullopt;
  }
  const std::int64_t now = clock_.NowMicros();
  const PlainRow* const row =
      Newest(rows_, id, choice.as_of.value_or(std::numeric_limits<std::int64_t>::max()));
  return Live(row, std::min(now, choice.as_of.value_or(now))) ? std::optional(row->item) : std::nullopt;
}

Result<std::optional<Item>> PlainBank::Get(std::string_view id, const ItemVersionChoice& choice) {
  const std::lock_guard locked(mutex_);
  return Choose(id, choice);
}

Result<std::vector<std::optional<Item>>> PlainBank::GetAll(std::span<const std::string> ids,
                                                           const ItemVersionChoice& choice) {
  const std::lock_guard locked(mutex_);
  std::vector<std::optional<Item>> items;
  for (const std::string& id : ids) items.push_back(Choose(id, choice));
  return items;
}

Result<std::vector<ItemVersion>> PlainBank::History(std::string_view id, std::optional<std::int64_t> limit) {
  const std::lock_guard locked(mutex_);
  std::vector<ItemVersion> history;
  // An expiry stands behind the version that expired, if the next one did not come first.
  const auto expire = [&](std::int64_t before) {
    if (history.empty() || history.back().operation == "delete" || !history.back().item.expires) return;
    const std::int64_t at = std::max(*history.back().item.expires, history.back().written);
    if (at <= before) history.push_back({history.back().item, at, {}, "expire"});
  };
  for (const PlainRow& row : rows_) {
    if (row.item.id != id) continue;
    expire(row.written);
    history.push_back({row.item, row.written, row.author, row.operation});
  }
  expire(clock_.NowMicros());
  std::ranges::reverse(history);
  if (limit && std::ssize(history) > *limit) history.resize(static_cast<std::size_t>(*limit));
  return history;
}

std::vector<NamespaceInfo> PlainBank::Usage(const std::vector<PlainRow>& rows, std::int64_t now) const {
  std::map<std::string, NamespaceInfo> usage;
  for (const auto& [name, quota] : quotas_) usage[name].quota = quota;
  for (const PlainRow* row : LiveRows(rows, now)) {
    NamespaceInfo& info = usage[row->item.name_space];
    ++info.items;
    info.content_bytes += std::ssize(row->item.content);
  }
  std::vector<NamespaceInfo> list;
  for (auto& [name, info] : usage) {
    info.name = name;
    list.push_back(std::move(info));
  }
  return list;
}

Result<std::vector<NamespaceInfo>> PlainBank::Namespaces() {
  const std::lock_guard locked(mutex_);
  return Usage(rows_, clock_.NowMicros());
}

Status PlainBank::SetQuota(std::string_view name_space, const Quota& quota) {
  const std::lock_guard locked(mutex_);
  if (name_space.empty() || name_space.size() > 255 || !IsUtf8(name_space) ||
      quota.max_items.value_or(0) < 0 || quota.max_bytes.value_or(0) < 0) {
    return BankError(ErrorCode::kInvalidArgument, "VALIDATION_ERROR", "quota",
                     "a name of 1 to 255 bytes, limits from 0");
  }
  if (quota.max_items || quota.max_bytes) {
    quotas_[std::string(name_space)] = quota;
  } else {
    quotas_.erase(std::string(name_space));
  }
  return {};
}

Status PlainBank::AddIndex(const IndexSpec& index) {
  const std::lock_guard locked(mutex_);
  if (index.name.empty() || index.keys.empty()) {
    return BankError(ErrorCode::kInvalidArgument, "INDEX_ERROR", "index", "a name and keys are needed");
  }
  for (const std::string& key : index.keys) {
    const bool field = key == "id" || key == "namespace" || key == "category" || key == "version" ||
                       key == "created" || key == "updated" || key == "expires";
    const bool path = key.starts_with("metadata.") && key.size() > 9;
    if (!field && !path && !(key == "tags" && index.keys.size() == 1)) {
      return BankError(ErrorCode::kInvalidArgument, "INDEX_ERROR", "index", "'" + key + "' is no field");
    }
  }
  if (!indexes_.emplace(index.name, index).second) {
    return BankError(ErrorCode::kAlreadyExists, "INDEX_ERROR", index.name, "an index of that name is there");
  }
  return {};
}

Status PlainBank::DropIndex(std::string_view name) {
  const std::lock_guard locked(mutex_);
  if (indexes_.erase(std::string(name)) == 0) {
    return BankError(ErrorCode::kNotFound, "INDEX_ERROR", std::string(name),
                     "there is no index of that name");
  }
  return {};
}

Result<std::vector<IndexSpec>> PlainBank::Indexes() {
  const std::lock_guard locked(mutex_);
  std::vector<IndexSpec> list;
  for (const auto& [name, index] : indexes_) list.push_back(index);
  return list;
}

Result<MemoryStats> PlainBank::Stats() {
  const std::lock_guard locked(mutex_);
  MemoryStats stats;
  for (const NamespaceInfo& info : Usage(rows_, clock_.NowMicros())) {
    stats.items += info.items;
    stats.content_bytes += info.content_bytes;
    stats.namespaces += info.items > 0 ? 1 : 0;
  }
  stats.versions = std::ranges::count(rows_, false, &PlainRow::removed);
  return stats;
}

Result<MaintenanceReport> PlainBank::Maintain(const MaintenanceOptions&) { return MaintenanceReport{}; }

Result<VerifyReport> PlainBank::Verify() {
  const auto stats = Stats();
  return VerifyReport{.items = stats->items, .problems = {}};
}

Status PlainBank::Backup(const std::string&) {
  return BankError(ErrorCode::kUnsupported, "STORAGE_ERROR", "backup", "the plain bank lies in memory alone");
}

}  // namespace levee::fakes

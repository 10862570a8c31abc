#include "store/sql/row_group.h"

#include <algorithm>

#include "store/sql/batch_append.h"

namespace levee::store {
namespace {

using columnar::ColumnRole;
using columnar::ColumnVector;

std::vector<std::int64_t> VersionsOf(const ColumnVector* versions, std::size_t rows, std::int64_t null_value) {
  std::vector<std::int64_t> values(rows, null_value);
  for (std::size_t row = 0; versions != nullptr && row < rows; ++row) {
    if (versions->IsValid(row)) values[row] = versions->ints[row];
  }
  return values;
}

template <typename T>
void Append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

std::shared_ptr<const RowGroup> Merge(const RowGroup& first, const RowGroup& second) {
  auto merged = std::make_shared<RowGroup>();
  auto entries = std::make_shared<columnar::Batch>(*first.entries);
  AppendBatch(*entries, *second.entries);
  merged->entries = std::move(entries);
  merged->places = first.places;
  merged->added = first.added;
  merged->removed = first.removed;
  Append(merged->places, second.places);
  Append(merged->added, second.added);
  Append(merged->removed, second.removed);
  merged->min_added = std::min(first.min_added, second.min_added);
  merged->max_added = std::max(first.max_added, second.max_added);
  merged->max_removed = std::max(first.max_removed, second.max_removed);
  merged->history = first.history;
  return merged;
}

std::shared_ptr<const RemovalList> MergeRemovals(const std::shared_ptr<const RemovalList>& first,
                                                 const std::shared_ptr<const RemovalList>& second,
                                                 std::size_t first_rows) {
  if (second == nullptr) return first;
  auto merged = first == nullptr ? std::make_shared<RemovalList>() : std::make_shared<RemovalList>(*first);
  for (Removal removal : *second) {
    removal.row += static_cast<std::uint32_t>(first_rows);
    merged->push_back(removal);
  }
  return merged;
}

}  // namespace

const KeyIndex& RowGroup::Keys() const {
  std::call_once(keys_once_, [this] { keys_ = std::make_unique<KeyIndex>(KeyHashes(*entries)); });
  return *keys_;
}

std::shared_ptr<RowGroup> MakeRowGroup(const SegmentInfo& info, columnar::Batch entries) {
  auto group = std::make_shared<RowGroup>();
  group->history = info.kind == SegmentKind::kHistory;
  group->added = VersionsOf(entries.Find(ColumnRole::kAddedVersion), entries.rows, kFloorVersion);
  group->removed = VersionsOf(entries.Find(ColumnRole::kRemovedVersion), entries.rows, kAliveVersion);
  group->min_added = info.min_added;
  group->max_added = info.max_added;
  group->max_removed = info.max_removed;
  group->places.reserve(entries.rows);
  for (std::uint32_t row = 0; row < entries.rows; ++row) group->places.push_back({info.id, row});
  group->entries = std::make_shared<const columnar::Batch>(std::move(entries));
  return group;
}

void GroupBuilder::Add(std::shared_ptr<const RowGroup> group) {
  std::shared_ptr<const RemovalList> removals;
  while (true) {
    std::size_t like = 0;
    while (like < groups_.size() && (groups_[like]->history != group->history ||
                                     groups_[like]->places.size() > 2 * group->places.size())) {
      ++like;
    }
    if (like == groups_.size()) break;
    removals = MergeRemovals(removals_[like], removals, groups_[like]->places.size());
    group = Merge(*groups_[like], *group);
    groups_.erase(groups_.begin() + static_cast<std::ptrdiff_t>(like));
    removals_.erase(removals_.begin() + static_cast<std::ptrdiff_t>(like));
  }
  groups_.push_back(std::move(group));
  removals_.push_back(std::move(removals));
}

}  // namespace levee::store

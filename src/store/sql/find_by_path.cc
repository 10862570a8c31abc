// Entries by their paths, through the segments' key indexes.
#include <algorithm>
#include <set>
#include <utility>

#include "base/arena.h"
#include "store/sql/entry_fetch.h"
#include "store/sql/entry_lookup.h"
#include "store/sql/layout_read.h"
#include "store/sql/sql_store.h"
#include "types/file_key.h"

namespace levee::store {
namespace {

// No entry ever had a deletion vector, so that a path alone is its key.
bool PathIsKey(const Dictionary& dictionary) {
  return std::ranges::none_of(dictionary.keys(), [](const columnar::ColumnKey& key) {
    return key.role == columnar::ColumnRole::kDvStorageType;
  });
}

std::vector<EntryKey> KeysOf(const std::vector<std::string>& paths) {
  std::vector<EntryKey> keys;
  keys.reserve(paths.size());
  for (const std::string& path : paths) {
    keys.push_back({.path = path, .dv_id = {}, .hash = types::FileKeyHash(path, {})});
  }
  return keys;
}

// The places of what was found, as selections of segments and groups.
std::vector<Selection> SelectionsOf(const Layout& layout, const std::vector<std::optional<LiveEntry>>& found) {
  Arena arena;
  std::pmr::set<std::pair<std::int64_t, std::uint32_t>> wanted(arena.resource());  // places
  for (const auto& entry : found) {
    if (entry) wanted.emplace(entry->place.segment_id, entry->place.row);
  }
  std::vector<Selection> selections;
  const auto add = [&](Selection& selection) {
    selection.count = selection.rows.size();
    if (selection.count > 0) selections.push_back(std::move(selection));
  };
  for (std::size_t i = 0; i < layout.segments->items.size(); ++i) {
    const std::int64_t id = layout.segments->items[i].info.id;
    Selection selection{.in_group = false, .index = i};
    for (auto at = wanted.lower_bound({id, 0}); at != wanted.end() && at->first == id; ++at) {
      selection.rows.push_back(at->second);
    }
    add(selection);
  }
  for (std::size_t i = 0; i < layout.groups.size(); ++i) {
    Selection selection{.in_group = true, .index = i};
    const RowGroup& group = *layout.groups[i];
    for (std::uint32_t row = 0; row < group.places.size(); ++row) {
      if (wanted.contains({group.places[row].segment_id, group.places[row].row})) selection.rows.push_back(row);
    }
    add(selection);
  }
  return selections;
}

}  // namespace

Result<std::optional<columnar::Batch>> SqlStore::FindByPath(const PathRequest& request) {
  const auto find = [&](ReadSession& session, const Layout& layout) -> Result<std::optional<columnar::Batch>> {
    if (layout.head.last_version != request.version || !PathIsKey(*layout.dictionary)) return std::nullopt;
    LEVEE_ASSIGN(const auto found, FindLiveEntries(reader_, session, layout, KeysOf(request.paths)));
    const EntryFilter alive{.kind = EntryFilter::Kind::kAlive, .version = request.version};
    EntryFetcher fetcher(reader_, session, layout, alive, request.columns);
    columnar::Batch batch = fetcher.MakeBatch();
    for (const Selection& selection : SelectionsOf(layout, found)) {
      LEVEE_RETURN_IF_ERROR(fetcher.Append(selection, batch));
    }
    return batch;
  };
  return ReadByLayout(
      {*driver_, layouts_, request.counters},
      [&](ReadSession& session) { return layouts_.Get(session, request.table_id, request.version); }, find);
}

}  // namespace levee::store

// Which indexes of columns a table has.
#include <algorithm>
#include <map>

#include "store/sql/layout_read.h"
#include "store/sql/sql_store.h"

namespace levee::store {
namespace {

using columnar::ColumnKey;
using columnar::ColumnRole;

struct KeyOrder {
  bool operator()(const ColumnKey& a, const ColumnKey& b) const { return columnar::KeyLess(a, b); }
};
using Indexes = std::map<ColumnKey, ColumnIndex, KeyOrder>;

std::int64_t BytesOf(const SegmentDirectory& directory, std::uint32_t column_id) {
  std::int64_t bytes = 0;
  for (const DirectoryEntry& entry : directory.Data(column_id)) bytes += entry.length;
  if (const DirectoryEntry* zone_map = directory.ZoneMap(column_id)) bytes += zone_map->length;
  return bytes;
}

// An index's row numbers have no type of their own: they count with the bounds of their path.
void AddSegment(const Dictionary& dictionary, const SegmentDirectory& directory, const SegmentInfo& info,
                Indexes& indexes) {
  for (std::uint32_t id = 0; id < dictionary.size(); ++id) {
    const ColumnKey& key = dictionary.key(id);
    if (key.role != ColumnRole::kIndexLow || directory.Data(id).empty()) continue;
    const ColumnKey column{ColumnRole::kMin, key.path, key.type};
    ColumnIndex& index = indexes[column];
    index.column = column;
    ++index.segments;
    index.entries += info.rows;
    index.size_bytes += BytesOf(directory, id);
    const ColumnKey rows{ColumnRole::kIndexRow, key.path, {types::TypeKind::kLong, 0, 0}};
    for (const ColumnKey& part : {ColumnKey{ColumnRole::kIndexHigh, key.path, key.type}, rows}) {
      if (const auto part_id = dictionary.Find(part)) index.size_bytes += BytesOf(directory, *part_id);
    }
  }
}

}  // namespace

Result<std::vector<ColumnIndex>> SqlStore::ColumnIndexes(std::int64_t table_id) {
  const auto list = [&](ReadSession& session, const Layout& layout) -> Result<std::vector<ColumnIndex>> {
    Indexes indexes;
    for (const SegmentSet::Item& item : layout.segments->items) {
      LEVEE_ASSIGN(const auto directory, reader_.Directory(session, item.info.id));
      AddSegment(*layout.dictionary, *directory, item.info, indexes);
    }
    std::vector<ColumnIndex> sorted;
    sorted.reserve(indexes.size());
    for (auto& [key, index] : indexes) sorted.push_back(std::move(index));
    return sorted;
  };
  return ReadByLayout({*driver_, layouts_, nullptr},
                      [&](ReadSession& session) { return layouts_.GetMain(session, table_id); }, list);
}

}  // namespace levee::store

#include "store/sql/entry_lookup.h"

#include <algorithm>
#include <numeric>

#include "store/sql/entry_fetch.h"
#include "types/file_key.h"

namespace levee::store {
namespace {

using columnar::Batch;
using columnar::ColumnRole;
using columnar::ColumnVector;

// The columns that tell whether an entry is the one, and what totals need of it.
const std::vector<columnar::ColumnKey>& LookupColumns() {
  static const std::vector<columnar::ColumnKey> kColumns = {
      columnar::PlainKey(ColumnRole::kPath),           columnar::PlainKey(ColumnRole::kDvStorageType),
      columnar::PlainKey(ColumnRole::kDvPathOrInline), columnar::PlainKey(ColumnRole::kDvOffset),
      columnar::PlainKey(ColumnRole::kSize),           columnar::PlainKey(ColumnRole::kNumRecords)};
  return kColumns;
}

bool IsRemoved(const RemovalList* removals, std::uint32_t row) {
  return removals != nullptr && std::binary_search(removals->begin(), removals->end(), Removal{.row = row},
                                                   [](const Removal& a, const Removal& b) { return a.row < b.row; });
}

struct Candidate {
  std::uint32_t row;
  std::size_t key;  // index of the key
};

class Lookup {
 public:
  Lookup(SegmentReader& reader, ReadSession& session, const Layout& layout, const std::vector<EntryKey>& keys)
      : reader_(reader),
        session_(session),
        layout_(layout),
        keys_(keys),
        fetcher_(reader, session, layout, {}, LookupColumns()),
        order_(keys.size()),
        found_(keys.size()) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) { return keys_[a].hash < keys_[b].hash; });
    for (const std::size_t key : order_) hashes_.push_back(keys_[key].hash);
  }

  Status Run() {
    for (std::size_t i = 0; i < layout_.groups.size(); ++i) {
      if (!layout_.groups[i]->history) LEVEE_RETURN_IF_ERROR(SearchGroup(i));
    }
    for (std::size_t i = 0; i < layout_.segments->items.size(); ++i) {
      if (layout_.segments->items[i].info.kind == SegmentKind::kActive) LEVEE_RETURN_IF_ERROR(SearchSegment(i));
    }
    return {};
  }

  std::vector<std::optional<LiveEntry>> Take() { return std::move(found_); }

 private:
  std::vector<Candidate> Candidates(const KeyIndex& index, const RemovalList* removals) const {
    std::vector<Candidate> candidates;
    index.Match(hashes_, [&](std::size_t probe, std::uint32_t row) {
      if (!IsRemoved(removals, row)) candidates.push_back({row, order_[probe]});
    });
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) { return a.row < b.row; });
    return candidates;
  }

  Status SearchGroup(std::size_t index) {
    const RowGroup& group = *layout_.groups[index];
    auto candidates = Candidates(group.Keys(), layout_.group_removals[index].get());
    std::erase_if(candidates, [&](const Candidate& candidate) { return group.removed[candidate.row] != kAliveVersion; });
    return Verify(candidates, {true, index, false, {}, 0},
                  [&](std::uint32_t row) { return group.places[row]; });
  }

  Status SearchSegment(std::size_t index) {
    const SegmentInfo& info = layout_.segments->items[index].info;
    LEVEE_ASSIGN(const auto keys, reader_.Keys(session_, info.id));
    return Verify(Candidates(*keys, layout_.segment_removals[index].get()), {false, index, false, {}, 0},
                  [&](std::uint32_t row) { return EntryPlace{info.id, row}; });
  }

  template <typename PlaceOf>
  Status Verify(const std::vector<Candidate>& candidates, Selection selection, const PlaceOf& place_of) {
    if (candidates.empty()) return {};
    for (const Candidate& candidate : candidates) {
      if (selection.rows.empty() || selection.rows.back() != candidate.row) selection.rows.push_back(candidate.row);
    }
    selection.count = selection.rows.size();
    Batch batch = fetcher_.MakeBatch();
    LEVEE_RETURN_IF_ERROR(fetcher_.Append(selection, batch));
    std::size_t at = 0;
    for (const Candidate& candidate : candidates) {
      while (selection.rows[at] != candidate.row) ++at;
      const std::string_view path = batch.columns[0].values.strings[at];
      const EntryKey& key = keys_[candidate.key];
      if (types::CanonicalPath(path) != key.path || DvUniqueIdOf(batch, at) != key.dv_id) continue;
      const ColumnVector& size = batch.columns[4].values;
      const ColumnVector& records = batch.columns[5].values;
      LiveEntry entry{place_of(candidate.row), std::string(path), size.IsValid(at) ? size.ints[at] : 0, std::nullopt};
      if (records.IsValid(at)) entry.records = records.ints[at];
      found_[candidate.key] = std::move(entry);
    }
    return {};
  }

  SegmentReader& reader_;
  ReadSession& session_;
  const Layout& layout_;
  const std::vector<EntryKey>& keys_;
  EntryFetcher fetcher_;
  std::vector<std::size_t> order_;     // keys by hash
  std::vector<std::uint64_t> hashes_;  // ascending
  std::vector<std::optional<LiveEntry>> found_;
};

}  // namespace

std::vector<EntryKey> KeysOf(const Batch& batch) {
  std::vector<EntryKey> keys(batch.rows);
  const std::vector<std::int64_t> hashes = KeyHashes(batch);
  const ColumnVector* path = batch.Find(ColumnRole::kPath);
  for (std::size_t row = 0; row < batch.rows; ++row) {
    keys[row].path = types::CanonicalPath(path == nullptr ? std::string_view() : path->strings[row]);
    keys[row].dv_id = DvUniqueIdOf(batch, row);
    keys[row].hash = static_cast<std::uint64_t>(hashes[row]);
  }
  return keys;
}

Result<std::vector<std::optional<LiveEntry>>> FindLiveEntries(SegmentReader& reader, ReadSession& session,
                                                              const Layout& layout, const std::vector<EntryKey>& keys) {
  if (keys.empty()) return std::vector<std::optional<LiveEntry>>();
  Lookup lookup(reader, session, layout, keys);
  LEVEE_RETURN_IF_ERROR(lookup.Run());
  return lookup.Take();
}

}  // namespace levee::store

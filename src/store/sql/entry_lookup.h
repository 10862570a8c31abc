// Finds the live entries that given keys name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/sql/layout.h"
#include "store/sql/segment_reader.h"

namespace levee::store {

struct EntryKey {
  std::string path;   // canonical
  std::string dv_id;  // types::DvUniqueId
  std::uint64_t hash = 0;

  friend bool operator==(const EntryKey&, const EntryKey&) = default;
};

// The keys of a batch's rows.
std::vector<EntryKey> KeysOf(const columnar::Batch& batch);

struct LiveEntry {
  EntryPlace place;
  std::string path;  // as the log has it
  std::int64_t size_bytes = 0;
  std::optional<std::int64_t> records;
};

// For each key the entry that is alive at the layout's last version. Each segment is asked once for all
// keys, so that many of them cost as a merge.
Result<std::vector<std::optional<LiveEntry>>> FindLiveEntries(SegmentReader& reader, ReadSession& session,
                                                              const Layout& layout, const std::vector<EntryKey>& keys);

}  // namespace levee::store

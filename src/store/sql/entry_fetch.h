// Fetches the columns of chosen entries.
#pragma once

#include <optional>
#include <vector>

#include "store/sql/entry_selector.h"
#include "store/sql/layout.h"
#include "store/sql/segment_reader.h"

namespace levee::store {

// Appends columns of selections to a batch. Not thread-safe.
class EntryFetcher {
 public:
  // kAlive answers have no removed version and no remove columns, also where the entry ended later.
  EntryFetcher(SegmentReader& reader, ReadSession& session, const Layout& layout, const EntryFilter& filter,
               const std::vector<columnar::ColumnKey>& columns);

  // A batch of the requested columns, without rows.
  columnar::Batch MakeBatch() const;
  Status Append(const Selection& selection, columnar::Batch& out);

 private:
  struct Wanted {
    columnar::ColumnKey key;
    std::vector<std::uint32_t> stored;  // columns that can be read as the key, by id
  };
  Status AppendColumn(ReadSession& session, const Selection& selection, const Wanted& wanted,
                      columnar::ColumnVector& out);
  Status AppendStored(ReadSession& session, const Selection& selection, const Wanted& wanted,
                      columnar::ColumnVector& out);
  Status AppendFromGroup(const Selection& selection, const Wanted& wanted, columnar::ColumnVector& out);
  Status AppendEnds(ReadSession& session, const Selection& selection, const Wanted& wanted,
                    columnar::ColumnVector& out);
  Status AppendKeyHashes(ReadSession& session, const Selection& selection, columnar::ColumnVector& out);
  Wanted Resolve(const columnar::ColumnKey& key) const;
  const RemovalList* RemovalsOf(const Selection& selection) const;

  SegmentReader& reader_;
  ReadSession& session_;
  const Layout& layout_;
  const EntryFilter filter_;
  std::vector<Wanted> wanted_;
};

}  // namespace levee::store

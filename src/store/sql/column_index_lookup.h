// Finds entries of segments through the sorted indexes of their columns.
//
// An index holds a column's bounds as the entries have them, so the same evaluator answers from it: an index never
// decides otherwise than the entries would.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bitmap.h"
#include "expr/skipping.h"
#include "store/sql/layout.h"
#include "store/sql/segment_reader.h"
#include "store/store.h"

namespace levee::store {

// What an index names in a segment, in no order.
struct IndexedRows {
  std::vector<std::uint32_t> certain;  // the whole predicate keeps them
  std::vector<std::uint32_t> open;     // the predicate has to be evaluated: it asks for more, or a bound is unknown
};

// Not thread-safe; lives within a scan.
class ColumnIndexLookup {
 public:
  // `predicate` and `timezone` must outlive this.
  ColumnIndexLookup(SegmentReader& reader, ReadSession& session, const Layout& layout,
                    const expr::SkippingNode& predicate, std::string_view timezone);

  // False: the predicate asks nothing that an index of the table could answer.
  bool useful() const { return !terms_.empty(); }
  // Finds the blocks of the indexes that may matter, in segments whose blocks are `candidates`; before Find.
  Status Prepare(const Bitmap& candidates);
  // Whether an index promises less work in some segment than what the zone maps leave there, `blocks`; after Prepare.
  bool Promises(const Bitmap& blocks) const;
  // The rows of an item of the layout's segments that the best index leaves. `zone_entries`: how many the zone maps
  // leave. Empty: the segment has no index, or with Access::kAuto the zone maps promise less work.
  Result<std::optional<IndexedRows>> Find(std::size_t item, std::size_t zone_entries, Access access);

 private:
  // What the predicate demands of one column.
  struct Term {
    expr::SkippingNode node;
    bool whole = true;  // nothing else is demanded
    Bitmap blocks;      // of the indexes, numbered as those of the segments
  };
  // The term with the fewest blocks among those that have an index in the segment; null: none has.
  Result<const Term*> Best(const SegmentSet::Item& item, std::size_t blocks_max);
  Result<bool> Covers(const SegmentSet::Item& item, const Term& term);
  Status ReadBlock(const SegmentInfo& info, const Term& term, std::uint32_t block, IndexedRows& rows);

  SegmentReader& reader_;
  ReadSession& session_;
  const Layout& layout_;
  const std::string_view timezone_;
  std::vector<Term> terms_;
};

}  // namespace levee::store

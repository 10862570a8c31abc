// Builds the sorted indexes of a segment, of the columns for which they pay. Format: docs/formats/key-index.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "columnar/batch.h"
#include "columnar/segment.h"

namespace levee::store {

// Segments with fewer rows are read as fast without.
inline constexpr std::size_t kIndexedRowsMin = 16 * 1024;
inline constexpr std::size_t kIndexesMax = 4;        // of a segment
// One may take one part in so many of the segment's data, more than one together one in so many.
inline constexpr std::size_t kFirstIndexShare = 4, kAllIndexesShare = 10;

// The columns (kIndexLow, kIndexHigh and kIndexRow for each index) to keep beside those of the segment, which are
// `encoded` from `batch`. Of the columns for which the model says yes, the first ones in the batch's order;
// `everything`: whatever it says.
Result<std::vector<columnar::EncodedColumn>> BuildColumnIndexes(const columnar::Batch& batch,
                                                                const std::vector<columnar::EncodedColumn>& encoded,
                                                                bool everything);

// What a lookup of one point in a column costs, in entries looked at, by a sample of its bounds.
struct IndexModel {
  double zone_entries = 0;   // in the blocks that the zone maps leave
  double index_entries = 0;  // in the blocks of an index, and what it finds
  std::string prefix;        // of strings, for OrderKeyAt
  std::uint64_t wide = 0;    // bounds further apart than this are kept apart: they would spoil every block

  bool Pays() const { return zone_entries >= 8 * index_entries; }
};

// Of at least one row. A column whose bounds are mostly unknown costs nothing and never pays.
IndexModel ModelIndex(const columnar::ColumnVector& low, const columnar::ColumnVector& high);

}  // namespace levee::store

// The order of rows by some of their columns: what sorting, merging and top-k share.
#pragma once

#include <cstdint>
#include <vector>

#include "columnar/batch.h"
#include "query/plan.h"

namespace levee::query {

// The rows of a batch with what they are compared by. Nulls come where their key says, whichever way it goes; NaN is
// above every number. Borrows the batch, which must not change; a column that it lacks is null in every row.
class OrderedRows {
 public:
  OrderedRows(const columnar::Batch& batch, const std::vector<SortKey>& keys);

  // A row whose prefix is lower comes first; of equal prefixes Compare tells.
  std::uint64_t PrefixOf(std::size_t row) const;
  // Below zero: `row` comes before `other_row` of `other`, which has the same keys.
  int Compare(std::size_t row, const OrderedRows& other, std::size_t other_row) const;

 private:
  struct Column {
    const columnar::ColumnVector* values;  // null: null in every row
    bool descending;
    bool empty_is_null;
    bool nulls_first;
  };
  static bool IsNull(const Column& column, std::size_t row);

  std::vector<Column> columns_;
};

// Row numbers in order; equal rows keep theirs.
std::vector<std::uint32_t> SortedRows(const columnar::Batch& batch, const std::vector<SortKey>& keys);

// Appends the given rows, or all of them; columns that either side lacks are null there.
void AppendRows(columnar::Batch& to, const columnar::Batch& from, const std::vector<std::uint32_t>& rows);
void AppendBatch(columnar::Batch& to, const columnar::Batch& from);

}  // namespace levee::query

#include "store/sql/entry_sort.h"

#include <algorithm>

#include "columnar/entry_order.h"

namespace levee::store {

std::vector<std::uint32_t> EntryOrderOf(const columnar::Batch& entries) {
  std::vector<std::string> partitions;
  for (const columnar::BatchColumn& column : entries.columns) {
    if (column.key.role == columnar::ColumnRole::kPartition) partitions.push_back(column.key.path);
  }
  std::sort(partitions.begin(), partitions.end());
  const columnar::EntryOrder order = columnar::ChooseEntryOrder(entries, partitions);
  return columnar::SortedRows(columnar::ComputeOrderKeys(entries, order));
}

}  // namespace levee::store

// The order in which file entries are kept: by partition values, then by the column that prunes best.
//
// Order in a log is not order in the data, so imports and compaction make their own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "columnar/batch.h"

namespace levee::columnar {

// Chosen once from a sample, then applied to every batch of a table.
struct EntryOrder {
  std::vector<ColumnKey> partitions;  // kPartitionValue where it is typed, else kPartition
  std::optional<ColumnKey> cluster;   // a kMin column; none when no column has usable bounds
  std::string cluster_prefix;         // strings: what the sample's values share, left out of the key
};

// A row's place. `partition` orders by bytes; `cluster` by value (of strings, 8 bytes after the prefix).
struct EntryOrderKeys {
  std::vector<std::uint32_t> partition_ids;  // row -> index into `partitions`
  std::vector<std::string> partitions;       // distinct partition tuples, order-preserving bytes
  std::vector<std::uint64_t> cluster;        // row -> key; 0 for unknown bounds
};

// Picks the cluster column whose bounds are narrowest against the range of all rows. `partition_paths`:
// physical paths of the partition columns in the table's order.
EntryOrder ChooseEntryOrder(const Batch& sample, const std::vector<std::string>& partition_paths);

EntryOrderKeys ComputeOrderKeys(const Batch& batch, const EntryOrder& order);

// Row numbers in order; equal keys keep their order.
std::vector<std::uint32_t> SortedRows(const EntryOrderKeys& keys);

// The given rows of every column, in that order.
Batch GatherRows(const Batch& batch, const std::vector<std::uint32_t>& rows);

}  // namespace levee::columnar

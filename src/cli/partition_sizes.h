// Sizes of a table's files, by the values of partition columns.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "columnar/column_key.h"
#include "store/summary.h"

namespace levee::cli {

struct FileSizes {
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::optional<std::int64_t> records = 0;  // empty: unknown of some file
  std::int64_t small_files = 0;             // below store::kSmallFileBytes

  void Add(const FileSizes& other);
};

struct PartitionColumn {
  std::string name;    // as the user knows it
  columnar::ColumnKey key;
};

// The groups by their values (null kept apart from ""), one value a column.
using PartitionGroups = std::map<std::vector<std::optional<std::string>>, FileSizes>;

// The summary by the given columns alone.
PartitionGroups GroupSizes(const store::PartitionSummary& summary, const std::vector<PartitionColumn>& columns);

}  // namespace levee::cli

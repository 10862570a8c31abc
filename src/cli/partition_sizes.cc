#include "cli/partition_sizes.h"

namespace levee::cli {

void FileSizes::Add(const FileSizes& other) {
  files += other.files;
  bytes += other.bytes;
  small_files += other.small_files;
  records = records && other.records ? std::optional(*records + *other.records) : std::nullopt;
}

PartitionGroups GroupSizes(const store::PartitionSummary& summary, const std::vector<PartitionColumn>& columns) {
  PartitionGroups groups;
  if (columns.empty()) groups[{}];  // the whole table, also when it is empty
  std::vector<const columnar::ColumnVector*> values;
  for (const PartitionColumn& column : columns) values.push_back(summary.values.Find(column.key));
  std::vector<std::optional<std::string>> group(columns.size());
  for (std::size_t row = 0; row < summary.sums.size(); ++row) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      group[i].reset();
      if (values[i] != nullptr && values[i]->IsValid(row)) group[i] = values[i]->strings[row];
    }
    const store::FileSums& sums = summary.sums[row];
    groups[group].Add({.files = sums.files, .bytes = sums.bytes, .records = sums.num_records(),
                       .small_files = sums.small_files});
  }
  return groups;
}

}  // namespace levee::cli

#include "cli/partition_sizes.h"

namespace levee::cli {
namespace {

using columnar::ColumnRole;
using columnar::ColumnVector;

void AddFile(FileSizes& sizes, const ColumnVector* bytes, const ColumnVector* records, std::size_t row) {
  const std::int64_t size = bytes != nullptr && bytes->IsValid(row) ? bytes->ints[row] : 0;
  FileSizes file{.files = 1, .bytes = size, .records = {}, .small_files = size < kSmallFileBytes ? 1 : 0};
  if (records != nullptr && records->IsValid(row)) file.records = records->ints[row];
  sizes.Add(file);
}

}  // namespace

void FileSizes::Add(const FileSizes& other) {
  files += other.files;
  bytes += other.bytes;
  small_files += other.small_files;
  records = records && other.records ? std::optional(*records + *other.records) : std::nullopt;
}

Result<PartitionGroups> GroupSizes(columnar::BatchStream& stream, const std::vector<PartitionColumn>& columns) {
  PartitionGroups groups;
  if (columns.empty()) groups[{}];  // the whole table, also when it is empty
  while (true) {
    LEVEE_ASSIGN(const std::unique_ptr<columnar::Batch> batch, stream.Next());
    if (batch == nullptr) return groups;
    const ColumnVector* bytes = batch->Find(ColumnRole::kSize);
    const ColumnVector* records = batch->Find(ColumnRole::kNumRecords);
    std::vector<const ColumnVector*> values;
    for (const PartitionColumn& column : columns) values.push_back(batch->Find(column.key));

    std::vector<std::optional<std::string>> group(columns.size());
    FileSizes* sizes = nullptr;
    for (std::size_t row = 0; row < batch->rows; ++row) {
      bool same = sizes != nullptr;
      for (std::size_t i = 0; i < values.size(); ++i) {
        std::optional<std::string_view> value;
        if (values[i] != nullptr && values[i]->IsValid(row)) value = values[i]->strings[row];
        if (group[i] == value) continue;
        group[i] = value;
        same = false;
      }
      // Entries are clustered by partition: the group of the row before is mostly the one.
      if (!same) sizes = &groups[group];
      AddFile(*sizes, bytes, records, row);
    }
  }
}

}  // namespace levee::cli

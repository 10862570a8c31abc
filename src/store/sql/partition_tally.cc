#include "store/sql/partition_tally.h"

#include <algorithm>
#include <cstring>

#include "columnar/entry_order.h"
#include "store/sql/batch_append.h"

namespace levee::store {
namespace {

using columnar::Batch;
using columnar::ColumnRole;
using columnar::ColumnVector;

void AppendBytes(std::string& key, const void* bytes, std::size_t size) {
  key.append(static_cast<const char*>(bytes), size);
}

// The value's bytes, so that different values of one column have different ones.
void AppendValue(std::string& key, const ColumnVector& values, std::size_t row) {
  switch (values.physical) {
    case types::PhysicalType::kInt64: return AppendBytes(key, &values.ints[row], sizeof(std::int64_t));
    case types::PhysicalType::kDouble: return AppendBytes(key, &values.doubles[row], sizeof(double));
    case types::PhysicalType::kString: {
      const std::string_view text = values.strings[row];
      const auto size = static_cast<std::uint32_t>(text.size());
      AppendBytes(key, &size, sizeof(size));
      key += text;
    }
  }
}

bool IsNothing(const FileSums& sums) { return sums == FileSums(); }

}  // namespace

FileSums SumsOf(const ColumnVector* sizes, const ColumnVector* records, std::size_t row) {
  const std::int64_t bytes = sizes != nullptr && sizes->IsValid(row) ? sizes->ints[row] : 0;
  FileSums sums{.files = 1, .bytes = bytes, .small_files = bytes < kSmallFileBytes ? 1 : 0};
  if (records != nullptr && records->IsValid(row)) {
    sums.known_records = records->ints[row];
  } else {
    sums.files_without_records = 1;
  }
  return sums;
}

void PartitionTally::Add(const Batch& entries, const std::vector<std::uint32_t>& rows, std::int64_t times) {
  const std::vector<Source> sources = SourcesOf(entries);
  const ColumnVector* sizes = entries.Find(ColumnRole::kSize);
  const ColumnVector* records = entries.Find(ColumnRole::kNumRecords);
  for (const std::uint32_t row : rows) {
    FileSums sums = SumsOf(sizes, records, row);
    if (times < 0) {
      sums = {-sums.files, -sums.bytes, -sums.known_records, -sums.files_without_records, -sums.small_files};
    }
    sums_[Find(sources, row)].Add(sums);
  }
}

void PartitionTally::AddAll(const Batch& entries) {
  const std::vector<Source> sources = SourcesOf(entries);
  const ColumnVector* sizes = entries.Find(ColumnRole::kSize);
  const ColumnVector* records = entries.Find(ColumnRole::kNumRecords);
  for (std::size_t row = 0; row < entries.rows; ++row) sums_[Find(sources, row)].Add(SumsOf(sizes, records, row));
}

void PartitionTally::Add(const PartitionSummary& summary) {
  places_.reserve(sums_.size() + summary.sums.size());
  const std::vector<Source> sources = SourcesOf(summary.values);
  for (std::size_t row = 0; row < summary.sums.size(); ++row) sums_[Find(sources, row)].Add(summary.sums[row]);
}

PartitionSummary PartitionTally::Take() {
  PartitionSummary summary;
  summary.values.rows = sums_.size();
  summary.values.columns = std::move(columns_);
  for (columnar::BatchColumn& column : summary.values.columns) {
    AppendNulls(column.values, sums_.size() - column.values.rows);
  }
  std::vector<std::uint32_t> kept;
  for (std::uint32_t row = 0; row < sums_.size(); ++row) {
    if (!IsNothing(sums_[row])) kept.push_back(row);
  }
  if (kept.size() < sums_.size()) {
    summary.values = columnar::GatherRows(summary.values, kept);
    summary.values.rows = kept.size();
  }
  for (const std::uint32_t row : kept) summary.sums.push_back(sums_[row]);
  *this = PartitionTally();
  return summary;
}

// In the order of their slots, so that equal tuples have equal bytes whatever the batch.
std::vector<PartitionTally::Source> PartitionTally::SourcesOf(const Batch& batch) {
  std::vector<Source> sources;
  for (const columnar::BatchColumn& column : batch.columns) {
    if (column.key.role != ColumnRole::kPartition && column.key.role != ColumnRole::kPartitionValue) continue;
    const auto known = std::ranges::find(columns_, column.key, &columnar::BatchColumn::key);
    sources.push_back({static_cast<std::size_t>(known - columns_.begin()), &column.values});
    if (known != columns_.end()) continue;
    columns_.push_back({column.key, {}});
    columns_.back().values.physical = column.values.physical;
  }
  std::ranges::sort(sources, {}, &Source::slot);
  return sources;
}

std::size_t PartitionTally::Find(const std::vector<Source>& sources, std::size_t row) {
  key_.clear();
  for (const Source& source : sources) {
    if (!source.values->IsValid(row)) continue;
    const auto slot = static_cast<std::uint32_t>(source.slot);
    AppendBytes(key_, &slot, sizeof(slot));
    AppendValue(key_, *source.values, row);
  }
  // Entries are clustered by partition: that of the row before is mostly the one.
  if (!sums_.empty() && key_ == last_key_) return last_;
  const auto [place, added] = places_.try_emplace(HashWide(key_), sums_.size());
  std::swap(key_, last_key_);
  last_ = place->second;
  if (!added) return last_;
  for (const Source& source : sources) {
    if (!source.values->IsValid(row)) continue;
    ColumnVector& values = columns_[source.slot].values;
    AppendNulls(values, sums_.size() - values.rows);
    values.AppendRange(*source.values, row, 1);
  }
  sums_.emplace_back();
  return last_;
}

}  // namespace levee::store

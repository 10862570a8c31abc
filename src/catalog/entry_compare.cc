#include "catalog/entry_compare.h"

#include <optional>
#include <string_view>
#include <utility>

#include "catalog/json_equal.h"
#include "delta/entry_batch_builder.h"
#include "types/file_key.h"

namespace levee::catalog {
namespace {

using columnar::Batch;
using columnar::ColumnRole;
using columnar::ColumnVector;

constexpr std::size_t kSampleMax = 100;

void AddTo(std::vector<std::string>& sample, std::int64_t& count, std::string_view path) {
  ++count;
  if (sample.size() < kSampleMax) sample.emplace_back(path);
}

// Reads the plain columns of one batch.
class Entries {
 public:
  explicit Entries(const Batch& batch) : batch_(batch), stats_(delta::RenderStats(batch)) {}

  std::optional<std::int64_t> Int(ColumnRole role, std::size_t row) const {
    const ColumnVector* column = batch_.Find(role);
    if (column == nullptr || !column->IsValid(row)) return std::nullopt;
    return column->ints[row];
  }
  std::optional<std::string_view> Text(ColumnRole role, std::size_t row) const {
    const ColumnVector* column = batch_.Find(role);
    if (column == nullptr || !column->IsValid(row)) return std::nullopt;
    return column->strings[row];
  }
  std::optional<std::string_view> Stats(std::size_t row) const {
    if (!stats_[row]) return std::nullopt;
    return *stats_[row];
  }
  std::optional<std::string_view> Partition(std::string_view name, std::size_t row) const {
    for (const columnar::BatchColumn& column : batch_.columns) {
      if (column.key.role != ColumnRole::kPartition || column.key.path != name) continue;
      if (!column.values.IsValid(row)) return std::nullopt;
      return column.values.strings[row];
    }
    return std::nullopt;
  }
  std::string DvUniqueId(std::size_t row) const {
    const auto storage = Text(ColumnRole::kDvStorageType, row);
    if (!storage) return {};
    return types::DvUniqueId(*storage, Text(ColumnRole::kDvPathOrInline, row).value_or(""),
                             Int(ColumnRole::kDvOffset, row));
  }

 private:
  const Batch& batch_;
  const std::vector<std::optional<std::string>> stats_;
};

bool JsonFieldsEqual(std::optional<std::string_view> stored, const std::optional<std::string>& expected) {
  if (stored.has_value() != expected.has_value()) return false;
  return !stored || JsonEqual(*stored, *expected);
}

bool StatsEqual(std::optional<std::string_view> stored, const delta::AddAction& add, const CompareOptions& options) {
  if (options.later_base && !add.stats_json) return true;
  if (JsonFieldsEqual(stored, add.stats_json)) return true;
  if (!stored || !add.stats_json) return false;
  // The spelling of typed values may differ: let both be typed and written alike.
  delta::EntryBatchBuilder builder(options.schema);
  builder.Append(add);
  delta::AddAction kept = add;
  kept.stats_json = *stored;
  builder.Append(kept);
  const auto typed = delta::RenderStats(builder.Finish());
  const auto precision = options.widened_floats ? NumberPrecision::kFloat : NumberPrecision::kExact;
  return typed[0] && typed[1] && JsonEqual(*typed[0], *typed[1], precision);
}

bool DeletionVectorsEqual(const Entries& entries, std::size_t row, const delta::AddAction& add) {
  if (!add.deletion_vector) return !entries.Text(ColumnRole::kDvStorageType, row);
  const delta::DeletionVectorDescriptor& vector = *add.deletion_vector;
  // Type, path and offset are part of the key that found the row.
  return entries.Int(ColumnRole::kDvSizeInBytes, row) == vector.size_bytes &&
         entries.Int(ColumnRole::kDvCardinality, row) == vector.cardinality;
}

bool PartitionsEqual(const Entries& entries, std::size_t row, const delta::AddAction& add) {
  for (const auto& [name, value] : add.partition_values) {
    const auto stored = entries.Partition(name, row);
    if (stored.has_value() != value.has_value() || (stored && *stored != *value)) return false;
  }
  return true;
}

bool Equal(const Entries& entries, std::size_t row, const delta::AddAction& add, const CompareOptions& options) {
  const bool loose = options.later_base;
  const auto provider = entries.Text(ColumnRole::kClusteringProvider, row);
  return entries.Text(ColumnRole::kPath, row) == add.path &&
         entries.Int(ColumnRole::kSize, row) == add.size_bytes &&
         entries.Int(ColumnRole::kModificationTime, row) == add.modification_time_ms &&
         (loose || entries.Int(ColumnRole::kDataChange, row).value_or(0) == (add.data_change ? 1 : 0)) &&
         PartitionsEqual(entries, row, add) &&
         StatsEqual(entries.Stats(row), add, options) &&
         JsonFieldsEqual(entries.Text(ColumnRole::kTags, row), add.tags_json) &&
         DeletionVectorsEqual(entries, row, add) &&
         entries.Int(ColumnRole::kBaseRowId, row) == add.base_row_id &&
         entries.Int(ColumnRole::kDefaultRowCommitVersion, row) == add.default_row_commit_version &&
         provider.has_value() == add.clustering_provider.has_value() &&
         (!provider || *provider == *add.clustering_provider);
}

}  // namespace

Status CompareEntries(columnar::BatchStream& stream, std::map<delta::PlainFileKey, delta::AddAction> files,
                      const CompareOptions& options, CheckReport& report) {
  for (;;) {
    LEVEE_ASSIGN(const auto batch, stream.Next());
    if (!batch) break;
    const Entries entries(*batch);
    for (std::size_t row = 0; row < batch->rows; ++row) {
      const std::string_view path = entries.Text(ColumnRole::kPath, row).value_or("");
      const auto file = files.find({types::CanonicalPath(path), entries.DvUniqueId(row)});
      if (file == files.end()) {
        AddTo(report.unexpected, report.unexpected_count, path);
        continue;
      }
      if (!Equal(entries, row, file->second, options)) AddTo(report.differing, report.differing_count, path);
      files.erase(file);
    }
  }
  for (const auto& [key, add] : files) AddTo(report.missing, report.missing_count, add.path);
  return {};
}

}  // namespace levee::catalog

#include "catalog/table_summary.h"

#include <optional>
#include <utility>

#include "types/value.h"

namespace levee::catalog {
namespace {

using columnar::ColumnRole;

// A partition value without a zone is another instant in each reader's: the store keeps its text alone.
bool IsReadInZone(const types::LeafColumn& leaf) {
  return leaf.is_partition && leaf.type.kind == types::TypeKind::kTimestamp;
}

// From the partitions' texts; a text that does not parse makes both bounds unknown.
store::ColumnSummary SummarisePartitionColumn(const types::LeafColumn& leaf, const store::PartitionSummary& partitions,
                                              std::string_view timezone) {
  store::ColumnSummary summary{.path = leaf.physical_path, .type = leaf.type, .nulls_exact = true};
  summary.lower.type = summary.upper.type = leaf.type;
  const columnar::ColumnVector* texts =
      partitions.values.Find(columnar::ColumnKey{ColumnRole::kPartition, leaf.physical_path,
                                                 {types::TypeKind::kString, 0, 0}});
  bool known = true;
  for (std::size_t row = 0; row < partitions.sums.size(); ++row) {
    const bool there = texts != nullptr && texts->IsValid(row);
    const auto value = types::ParsePartitionValue(there ? texts->strings[row] : "", leaf.type, timezone);
    if (!value) {
      known = false;
    } else if (value->is_null()) {
      summary.nulls += partitions.sums[row].known_records;
      summary.nulls_exact = summary.nulls_exact && partitions.sums[row].files_without_records == 0;
    } else {
      const auto compare = [&](const types::Value& bound) {
        return bound.is_null() ? 0 : types::ComparePhysical(value->physical, bound.physical);
      };
      if (summary.lower.is_null() || compare(summary.lower) < 0) summary.lower.physical = value->physical;
      if (summary.upper.is_null() || compare(summary.upper) > 0) summary.upper.physical = value->physical;
    }
  }
  if (!known) summary.lower.physical = summary.upper.physical = std::monostate();
  summary.lower_exact = !summary.lower.is_null();
  summary.upper_exact = !summary.upper.is_null();
  return summary;
}

}  // namespace

Result<TableSummary> SummariseTable(Context& context, const Snapshot& snapshot) {
  const TableState& state = snapshot.state;
  TableSummary summary{.files = state.commit.num_files, .bytes = state.commit.size_bytes,
                       .records = state.commit.num_records};
  const std::vector<types::LeafColumn> leaves = state.metadata.schema.Leaves();
  std::vector<columnar::ColumnKey> keys;
  bool by_partition = false;
  for (const types::LeafColumn& leaf : leaves) {
    by_partition |= IsReadInZone(leaf);
    if (IsReadInZone(leaf)) continue;
    keys.push_back({leaf.is_partition ? ColumnRole::kPartitionValue : ColumnRole::kMin, leaf.physical_path, leaf.type});
  }
  LEVEE_ASSIGN(auto columns, context.store().SummariseColumns(state.record.id, state.version, keys));
  std::shared_ptr<const store::PartitionSummary> partitions;
  if (by_partition) {
    LEVEE_ASSIGN(partitions, context.store().SummarisePartitions(state.record.id, state.version));
  }
  auto next = columns.begin();
  for (const types::LeafColumn& leaf : leaves) {
    summary.columns.push_back(IsReadInZone(leaf)
                                  ? SummarisePartitionColumn(leaf, *partitions, context.options().timezone)
                                  : std::move(*next++));
  }
  return summary;
}

}  // namespace levee::catalog

#include "catalog/sizes.h"

#include <array>
#include <utility>

#include "catalog/scan_streams.h"
#include "query/operators/operators.h"

namespace levee::catalog {
namespace {

using columnar::ColumnRole;
using query::Measure;
using Stream = std::unique_ptr<columnar::BatchStream>;
using store::FileSums;

// In the order of the measures.
constexpr std::array kSums{&FileSums::files, &FileSums::bytes, &FileSums::known_records,
                           &FileSums::files_without_records, &FileSums::small_files};

// Files with their number of records; the others are what is left of all.
constexpr std::size_t kWithRecords = 3;

// Sums as rows, which add up by group as files do.
columnar::Batch RowsOf(const store::PartitionSummary& summary) {
  columnar::Batch rows = summary.values;
  rows.rows = summary.sums.size();
  for (std::size_t i = 0; i < kSums.size(); ++i) {
    columnar::BatchColumn column{query::MeasureKey(i), {}};
    for (const FileSums& sums : summary.sums) {
      column.values.PushInt(i == kWithRecords ? sums.files - sums.files_without_records : sums.*kSums[i]);
    }
    rows.columns.push_back(std::move(column));
  }
  return rows;
}

// By the groups, of which a partition may have several, or share one with others.
query::Aggregate AddedUp(const query::Aggregate& aggregate) {
  query::Aggregate again{.groups = aggregate.groups, .measures = {}};
  for (std::size_t i = 0; i < aggregate.measures.size(); ++i) {
    again.measures.push_back({.function = Measure::Function::kSum, .column = query::MeasureKey(i)});
  }
  return again;
}

Result<Stream> OpenAggregate(const PlanTarget& target, const query::Plan& plan, query::PlanReport* report) {
  query::PlanReport* const input_report = report == nullptr ? nullptr : &report->inputs.front();
  LEVEE_ASSIGN(auto input, OpenPlan(target, plan.input(), input_report));
  return query::MakeAggregateStream(std::move(input), std::get<query::Aggregate>(plan.op),
                                    SortMemoryOf(target.context.options()));
}

Result<Stream> OpenSummary(const PlanTarget& target, const query::Plan& plan) {
  LEVEE_ASSIGN(const auto summary,
               target.context.store().SummarisePartitions(target.state.record.id, target.state.version));
  if (target.explanation != nullptr) target.explanation->from_summary = true;
  return query::MakeAggregateStream(MakeOneBatch(RowsOf(*summary)),
                                    AddedUp(std::get<query::Aggregate>(plan.input().op)),
                                    SortMemoryOf(target.context.options()));
}

}  // namespace

std::vector<Measure> SizeMeasures() {
  const columnar::ColumnKey size = columnar::PlainKey(ColumnRole::kSize);
  const columnar::ColumnKey records = columnar::PlainKey(ColumnRole::kNumRecords);
  return {{.function = Measure::Function::kRows},
          {.function = Measure::Function::kSum, .column = size},
          {.function = Measure::Function::kSum, .column = records},
          {.function = Measure::Function::kValues, .column = records},
          {.function = Measure::Function::kBelow, .column = size, .bound = store::kSmallFileBytes}};
}

store::FileSums SumsOf(const columnar::Batch& sizes, std::size_t row) {
  FileSums sums;
  for (std::size_t i = 0; i < kSums.size(); ++i) sums.*kSums[i] = sizes.Find(query::MeasureKey(i))->ints[row];
  sums.files_without_records = sums.files - sums.files_without_records;
  return sums;
}

Result<Stream> OpenGroups(const PlanTarget& target, const query::Plan& plan, query::PlanReport* report) {
  const bool summary = std::holds_alternative<query::Summary>(plan.op);
  LEVEE_ASSIGN(Stream groups, summary ? OpenSummary(target, plan) : OpenAggregate(target, plan, report));
  if (report == nullptr) return groups;
  return query::MakeMeasuredStream(std::move(groups), *report);
}

}  // namespace levee::catalog

#include "catalog/sizes.h"

#include <algorithm>
#include <array>
#include <utility>

#include "catalog/import_memory.h"
#include "query/operators/operators.h"
#include "query/sorting/row_order.h"

namespace levee::catalog {
namespace {

using columnar::ColumnRole;
using query::Measure;
using Summary = std::shared_ptr<const store::PartitionSummary>;

// Where no limit is known.
constexpr std::size_t kGroupBytesMax = std::size_t{2} << 30;

store::FileSums SumsOf(const columnar::Batch& batch, std::size_t row) {
  const auto measure = [&](std::size_t i) { return batch.Find(query::MeasureKey(i))->ints[row]; };
  return {.files = measure(0),
          .bytes = measure(1),
          .known_records = measure(2),
          .files_without_records = measure(0) - measure(3),
          .small_files = measure(4)};
}

Result<Summary> Aggregate(const PlanTarget& target, const query::Plan& plan, query::PlanReport* report) {
  const auto& aggregate = std::get<query::Aggregate>(plan.op);
  query::PlanReport* const input_report = report == nullptr ? nullptr : &report->inputs.front();
  LEVEE_ASSIGN(auto input, OpenPlan(target, plan.input(), input_report));
  const std::size_t share = ShareMemory(target.context.options().memory_limit_bytes, 1).merge_bytes;
  const auto groups = query::MakeAggregateStream(std::move(input), aggregate, share > 0 ? share : kGroupBytesMax);
  auto summary = std::make_shared<store::PartitionSummary>();
  while (true) {
    LEVEE_ASSIGN(const auto batch, groups->Next());
    if (!batch) break;
    for (std::size_t row = 0; row < batch->rows; ++row) summary->sums.push_back(SumsOf(*batch, row));
    std::erase_if(batch->columns, [](const columnar::BatchColumn& column) {
      return std::ranges::any_of(std::array{0, 1, 2, 3, 4}, [&](int i) {
        return column.key == query::MeasureKey(static_cast<std::size_t>(i));
      });
    });
    query::AppendBatch(summary->values, *batch);
  }
  if (report != nullptr) report->actual.files = static_cast<double>(summary->sums.size());
  return summary;
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

Result<Summary> GroupPlan(const PlanTarget& target, const query::Plan& plan, query::PlanReport* report) {
  if (!std::holds_alternative<query::Summary>(plan.op)) return Aggregate(target, plan, report);
  LEVEE_ASSIGN(Summary summary,
               target.context.store().SummarisePartitions(target.state.record.id, target.state.version));
  if (target.explanation != nullptr) target.explanation->from_summary = true;
  if (report != nullptr) report->actual.files = static_cast<double>(summary->sums.size());
  return summary;
}

}  // namespace levee::catalog

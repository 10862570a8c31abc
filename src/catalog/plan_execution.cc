#include "catalog/plan_execution.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "catalog/access_costs.h"
#include "catalog/import_memory.h"
#include "catalog/path_join.h"
#include "catalog/scan_streams.h"
#include "catalog/spill_folder.h"
#include "catalog/table_columns.h"
#include "query/estimate.h"
#include "query/operators/operators.h"

namespace levee::catalog {
namespace {

using columnar::BatchStream;
using query::Plan;
using query::PlanReport;
using Stream = std::unique_ptr<BatchStream>;

// Adds the time until its end to a report, which may be null.
class ReportTimer {
 public:
  explicit ReportTimer(PlanReport* report) : report_(report) {
    if (report_ != nullptr) start_ = std::chrono::steady_clock::now();
  }
  ~ReportTimer() {
    if (report_ == nullptr) return;
    report_->ns += (std::chrono::steady_clock::now() - start_) / std::chrono::nanoseconds(1);
  }
  ReportTimer(const ReportTimer&) = delete;
  ReportTimer& operator=(const ReportTimer&) = delete;

 private:
  PlanReport* const report_;
  std::chrono::steady_clock::time_point start_;
};

PlanReport* InputReport(PlanReport* report, std::size_t input = 0) {
  return report == nullptr || report->inputs.size() <= input ? nullptr : &report->inputs[input];
}

store::ScanRequest RequestFor(const PlanTarget& target, const query::Predicate& filter,
                              const std::optional<std::int64_t>& limit) {
  store::ScanRequest request{
      .table_id = target.state.record.id,
      .filter = {.kind = store::EntryFilter::Kind::kAlive, .version = target.state.version}};
  if (filter) {
    request.predicate = query::KeepsAll(filter) ? nullptr : &filter->may_match;
    request.timezone = filter->timezone;
  }
  request.limit = limit;
  request.counters = target.explanation != nullptr ? &target.explanation->counters : nullptr;
  return request;
}

// Every column that an entry may have.
Result<query::Columns> EveryColumn(const PlanTarget& target) {
  LEVEE_ASSIGN(auto stored, target.context.store().ListColumns(target.state.record.id));
  query::Columns columns = ColumnsAtVersion(stored, target.state.metadata.schema);
  query::AddColumns(columns, stored);
  return columns;
}

Result<Stream> OpenScan(const PlanTarget& target, const query::Scan& scan) {
  store::ScanRequest request = RequestFor(target, scan.filter, scan.limit);
  if (scan.columns) {
    request.columns = *scan.columns;
  } else {
    LEVEE_ASSIGN(request.columns, EveryColumn(target));
  }
  Explanation* const explanation = target.explanation;
  const std::int64_t start_ns = explanation != nullptr ? target.context.clock().MonotonicNanos() : 0;
  LEVEE_ASSIGN(Stream stream, target.context.store().Scan(request));
  if (explanation != nullptr) explanation->scan_ns += target.context.clock().MonotonicNanos() - start_ns;
  return MakeTimedStream(std::move(stream), scan.filter, explanation);
}

// Empty: nothing is known of the bounds, so that every row must be looked at.
Result<std::optional<query::BoundedTopK>> BoundsOf(const PlanTarget& target, const query::TopK& top) {
  const columnar::ColumnKey& bound = top.keys.front().column;
  const TableState& state = target.state;
  LEVEE_ASSIGN(const auto columns,
               target.context.store().SummariseColumns(
                   state.record.id, state.version, {{columnar::ColumnRole::kMin, bound.path, bound.type}}));
  const auto lower = query::PlaceOf(columns.front().lower), upper = query::PlaceOf(columns.front().upper);
  if (!lower || !upper) return std::nullopt;
  return query::BoundedTopK{.top = top,
                            .lower = *lower,
                            .upper = *upper,
                            .rows = static_cast<double>(state.commit.num_files)};
}

Result<Stream> OpenTopK(const PlanTarget& target, const Plan& plan, PlanReport* report) {
  const auto& top = std::get<query::TopK>(plan.op);
  std::optional<query::BoundedTopK> bounded;
  if (top.by_bounds) {
    LEVEE_ASSIGN(bounded, BoundsOf(target, top));
  }
  if (!bounded) {
    LEVEE_ASSIGN(Stream input, OpenPlan(target, plan.input(), InputReport(report)));
    return query::MakeTopKStream(std::move(input), top.keys, top.rows);
  }
  const auto& scan = std::get<query::Scan>(plan.input().op);
  bounded->filter = scan.filter;
  bounded->open = [target, scan, input = InputReport(report)](const query::Predicate& filter) {
    query::Scan narrowed = scan;
    narrowed.filter = filter;
    return OpenPlan(target, {.op = std::move(narrowed), .inputs = {}}, input);
  };
  return query::MakeBoundedTopKStream(std::move(*bounded));
}

Stream OpenUnion(const PlanTarget& target, const Plan& plan, PlanReport* report) {
  std::vector<query::UnionPart> parts = std::get<query::Union>(plan.op).parts;
  const auto open = [target, parts, inputs = plan.inputs, report](std::size_t input) {
    return OpenPlan(target.Of(parts[input]), inputs[input], InputReport(report, input));
  };
  return query::MakeUnionStream(std::move(parts), open);
}

Result<Stream> OpenOverInput(const PlanTarget& target, const Plan& plan, PlanReport* report) {
  if (std::holds_alternative<query::Union>(plan.op)) return OpenUnion(target, plan, report);
  if (std::holds_alternative<query::Join>(plan.op)) return OpenJoin(target, plan, report);
  if (std::holds_alternative<query::TopK>(plan.op)) return OpenTopK(target, plan, report);
  LEVEE_ASSIGN(Stream input, OpenPlan(target, plan.input(), InputReport(report)));
  if (const auto* filter = std::get_if<query::Filter>(&plan.op)) {
    return query::MakeFilterStream(std::move(input), filter->predicate);
  }
  if (const auto* project = std::get_if<query::Project>(&plan.op)) {
    return query::MakeProjectStream(std::move(input), project->columns);
  }
  if (const auto* limit = std::get_if<query::Limit>(&plan.op)) {
    return query::MakeLimitStream(std::move(input), limit->rows);
  }
  if (const auto* sort = std::get_if<query::Sort>(&plan.op)) {
    return query::MakeSortStream(std::move(input), sort->keys, SortMemoryOf(target.context.options()));
  }
  if (const auto* quota = std::get_if<query::Quota>(&plan.op)) {
    return MakeQuotaStream(std::move(input), {.rows = quota->rows, .predicate = quota->predicate});
  }
  return Fail(ErrorCode::kInternal, "plan", "a count has no rows to list");
}

Result<std::int64_t> CountRows(const PlanTarget& target, const Plan& plan, PlanReport* report) {
  LEVEE_ASSIGN(const Stream stream, OpenPlan(target, plan, report));
  std::int64_t rows = 0;
  while (true) {
    LEVEE_ASSIGN(const auto batch, stream->Next());
    if (!batch) return rows;
    rows += static_cast<std::int64_t>(batch->rows);
  }
}

Result<std::int64_t> CountScan(const PlanTarget& target, const query::Scan& scan, PlanReport* report) {
  const ReportTimer timer(report);
  LEVEE_ASSIGN(const std::int64_t rows,
               target.context.store().Count(RequestFor(target, scan.filter, scan.limit)));
  if (report != nullptr) report->actual.files = static_cast<double>(rows);
  return scan.limit ? std::min(rows, std::max<std::int64_t>(0, *scan.limit)) : rows;
}

// Empty: there are no sums, or more rows of them than a scan would cost.
Result<std::optional<std::int64_t>> CountFromSums(const PlanTarget& target, const query::Summary& summary,
                                                  PlanReport* report) {
  store::ScanRequest request = RequestFor(target, summary.filter, summary.limit);
  request.summary_rows_max = kNoChoiceRows;
  LEVEE_ASSIGN(std::optional<std::int64_t> files, target.context.store().CountFromSummary(request));
  if (files || target.state.commit.num_files <= kNoChoiceRows) return files;
  const query::MachineCosts machine = target.context.planner().Costs();
  const AccessCosts costs(machine, target.state);
  const expr::SkippingNode& predicate = summary.filter->may_match;
  const double scan_ns = costs.CountScan(predicate, query::KeptPart(predicate, {}));
  request.summary_rows_max = std::max(kNoChoiceRows, costs.SumRowsWithin(scan_ns));
  LEVEE_ASSIGN(files, target.context.store().CountFromSummary(request));
  if (report != nullptr) {
    const auto rows = static_cast<double>(*request.summary_rows_max);
    report->alternatives = {{.name = "sums, at most " + std::to_string(*request.summary_rows_max) + " rows",
                             .cost_ns = rows * machine.sum_row,
                             .chosen = files.has_value()},
                            {.name = "scan", .cost_ns = scan_ns, .chosen = !files}};
  }
  if (target.explanation != nullptr) target.explanation->costs = machine;
  return files;
}

// Empty: the entries must be looked at.
Result<std::optional<std::int64_t>> CountFromSummary(const PlanTarget& target, const query::Summary& summary,
                                                     PlanReport* report) {
  // Each commit has its totals beside it.
  std::optional<std::int64_t> files = target.state.commit.num_files;
  if (!query::KeepsAll(summary.filter)) {
    LEVEE_ASSIGN(files, CountFromSums(target, summary, report));
  }
  if (target.explanation != nullptr) target.explanation->from_summary = files.has_value();
  if (files && summary.limit) files = std::min(*files, std::max<std::int64_t>(0, *summary.limit));
  return files;
}

// Part by part, as far as the limit needs.
Result<std::int64_t> CountParts(const PlanTarget& target, const Plan& plan, PlanReport* report) {
  const auto& total = std::get<query::Total>(plan.op);
  std::int64_t rows = 0;
  bool from_summary = true;
  for (std::size_t i = 0; i < plan.inputs.size(); ++i) {
    if (total.limit && rows >= *total.limit) break;
    LEVEE_ASSIGN(const std::int64_t more,
                 CountPlan(target.Of(total.parts[i]), plan.inputs[i], InputReport(report, i)));
    rows += more;
    const bool summary = std::holds_alternative<query::Summary>(plan.inputs[i].op);
    from_summary = from_summary && summary && target.explanation != nullptr && target.explanation->from_summary;
  }
  if (target.explanation != nullptr) target.explanation->from_summary = from_summary;
  return total.limit ? std::min(rows, std::max<std::int64_t>(0, *total.limit)) : rows;
}

Result<std::int64_t> CountOf(const PlanTarget& target, const Plan& plan, PlanReport* report) {
  if (std::holds_alternative<query::Total>(plan.op)) return CountParts(target, plan, report);
  if (const auto* summary = std::get_if<query::Summary>(&plan.op)) {
    LEVEE_ASSIGN(const std::optional<std::int64_t> files, CountFromSummary(target, *summary, report));
    if (files) return *files;
    return CountPlan(target, plan.input(), InputReport(report));
  }
  if (const auto* scan = std::get_if<query::Scan>(&plan.input().op)) {
    return CountScan(target, *scan, InputReport(report));
  }
  return CountRows(target, plan.input(), InputReport(report));
}

}  // namespace

query::SortMemory SortMemoryOf(const CatalogOptions& options) {
  constexpr std::size_t kUnbounded = std::size_t{2} << 30;
  const std::size_t bytes = ShareMemory(options.memory_limit_bytes, 1).merge_bytes / 2;
  return {.bytes = bytes > 0 ? bytes : kUnbounded, .spill_folder = SpillFolder(options)};
}

Result<Stream> OpenPlan(const PlanTarget& target, const Plan& plan, PlanReport* report) {
  const ReportTimer timer(report);
  const auto open = [&]() -> Result<Stream> {
    if (const auto* scan = std::get_if<query::Scan>(&plan.op)) return OpenScan(target, *scan);
    if (std::holds_alternative<query::Empty>(plan.op)) return MakeEmptyStream();
    return OpenOverInput(target, plan, report);
  };
  LEVEE_ASSIGN(Stream stream, open());
  if (report == nullptr) return stream;
  return query::MakeMeasuredStream(std::move(stream), *report);
}

Result<std::int64_t> CountPlan(const PlanTarget& target, const Plan& plan, PlanReport* report) {
  const ReportTimer timer(report);
  LEVEE_ASSIGN(const std::int64_t rows, CountOf(target, plan, report));
  if (report != nullptr) report->actual.files = static_cast<double>(rows);
  return rows;
}

}  // namespace levee::catalog

#include "catalog/view.h"

#include <string>
#include <utility>
#include <vector>

#include "base/cancellation.h"
#include "catalog/plan_execution.h"
#include "catalog/plan_learning.h"
#include "catalog/question_plan.h"
#include "catalog/sizes.h"
#include "catalog/table_columns.h"
#include "catalog/table_summary.h"
#include "catalog/why.h"
#include "metrics/metrics.h"

namespace levee::catalog {
namespace {

using columnar::BatchStream;
using columnar::ColumnKey;
using columnar::ColumnRole;

class TableView final : public View {
 public:
  TableView(Context& context, std::shared_ptr<const Snapshot> snapshot, const ViewOptions& options)
      : context_(context), snapshot_(std::move(snapshot)), options_(options) {}

  const TableState& state() const override { return snapshot_->state; }

  Result<std::vector<ColumnKey>> Columns() const override {
    LEVEE_ASSIGN(auto stored, context_.store().ListColumns(state().record.id));
    return ColumnsAtVersion(std::move(stored), state().metadata.schema);
  }

  Result<std::vector<ColumnKey>> StoredColumns() const override {
    return context_.store().ListColumns(state().record.id);
  }

  Result<ColumnKey> StatisticsColumn(ColumnRole role, std::string_view name) const override {
    return StatisticsKey(*snapshot_, role, name);
  }

  Result<std::unique_ptr<BatchStream>> Files(const FilesRequest& request, Explanation* explanation) const override;
  Result<std::int64_t> Count(const FilesRequest& request, Explanation* explanation) const override;
  Result<TableSummary> Summary() const override;
  Result<std::unique_ptr<BatchStream>> Sizes(const SizesRequest& request, Explanation* explanation) const override;
  Result<WhyReport> Why(std::string_view path, std::string_view where) const override;

 private:
  Result<BoundWhere> Bind(std::string_view where, Explanation* explanation) const;
  // What a question asks, after the rules.
  Result<query::Plan> PlanFiles(const FilesRequest& request, const BoundWhere& bound, Explanation* explanation) const;
  Result<query::Plan> PlanCount(const FilesRequest& request, const BoundWhere& bound, Explanation* explanation) const;
  void Remember(const FilesRequest& request, bool count) const {
    if (options_.records && IsPlain(request) && request.order.empty() && context_.questions().enabled()) {
      context_.questions().Record(state().record.uri, request, count);
    }
  }
  // Lists of paths are seldom asked for twice, and long: neither is kept or asked ahead.
  static bool IsPlain(const FilesRequest& request) { return !request.paths && !request.listed && request.except.empty(); }
  bool UsesResults(const FilesRequest& request) const {
    return request.use_results && IsPlain(request) && context_.results().enabled();
  }
  // Whether equal questions may be answered at once. An explanation is of a question's own run.
  bool Shares(const FilesRequest& request, const Explanation* explanation) const {
    return explanation == nullptr && request.use_results && IsPlain(request) && context_.flights().enabled();
  }
  // What names the answer among those that are kept or looked for. `columns`: null for a count.
  cache::CacheKey ResultKey(const FilesRequest& request, const BoundWhere& bound, const query::Columns* columns) const;
  cache::CacheKey SizesKey(const SizesRequest& request, const BoundWhere& bound) const;
  Result<std::unique_ptr<BatchStream>> ShareFiles(const FilesRequest& request, const BoundWhere& bound,
                                                  const cache::CacheKey& key) const;
  Result<std::int64_t> FindCount(const FilesRequest& request, const BoundWhere& bound, const cache::CacheKey& key) const;
  Result<std::unique_ptr<BatchStream>> FindSizes(const SizesRequest& request, const BoundWhere& bound,
                                                 Explanation* explanation) const;
  // What paths that a user gave may be in the log, each once.
  std::shared_ptr<const std::vector<std::string>> PathTexts(const std::vector<std::string>& paths) const;
  // The part that both share: the scan, what filters it, and limits.
  query::Plan Chosen(const FilesRequest& request, const BoundWhere& bound) const;
  PlanTarget Target(Explanation* explanation) const { return {context_, state(), explanation}; }

  Context& context_;
  const std::shared_ptr<const Snapshot> snapshot_;
  const ViewOptions options_;
};

Result<BoundWhere> TableView::Bind(std::string_view where, Explanation* explanation) const {
  if (explanation != nullptr) *explanation = {.version = state().version, .sync_ns = options_.sync_ns};
  return BindWhere(context_, *snapshot_, where, explanation);
}

query::Plan TableView::Chosen(const FilesRequest& request, const BoundWhere& bound) const {
  query::Plan plan = OrderedFiles(request, ChosenFiles(state(), request, bound.predicate));
  if (request.rows) plan = query::Over(query::Quota{*request.rows, bound.predicate}, std::move(plan));
  return plan;
}

Result<query::Plan> TableView::PlanFiles(const FilesRequest& request, const BoundWhere& bound,
                                         Explanation* explanation) const {
  return OptimisePlan(Target(explanation), query::Over(query::Project{request.columns}, Chosen(request, bound)));
}

Result<query::Plan> TableView::PlanCount(const FilesRequest& request, const BoundWhere& bound,
                                         Explanation* explanation) const {
  return OptimisePlan(Target(explanation), query::Over(query::Count{}, Chosen(request, bound)));
}

cache::CacheKey TableView::ResultKey(const FilesRequest& request, const BoundWhere& bound,
                                     const query::Columns* columns) const {
  using Kind = query::Question::Kind;
  return query::KeyOf({.kind = columns != nullptr ? Kind::kRows : Kind::kCount,
                       .source = snapshot_->identity,
                       .predicate = bound.identity,
                       .columns = columns,
                       .order = &request.order,
                       .limit = request.limit,
                       .rows = request.rows});
}

cache::CacheKey TableView::SizesKey(const SizesRequest& request, const BoundWhere& bound) const {
  return query::KeyOf({.kind = query::Question::Kind::kGroups,
                       .source = snapshot_->identity,
                       .predicate = bound.identity,
                       .order = &request.groups,
                       .limit = {},
                       .rows = {}});
}

// Read up to what may be kept before anybody gets it, so that no reader has to wait for another one's pace. Larger
// answers are streamed, each question for itself, out of blocks that are decoded once.
Result<std::unique_ptr<BatchStream>> TableView::ShareFiles(const FilesRequest& request, const BoundWhere& bound,
                                                           const cache::CacheKey& key) const {
  const bool keep = context_.results().enabled();
  std::unique_ptr<BatchStream> too_many;
  const auto find = [&]() -> Result<std::shared_ptr<const query::SharedRows>> {
    const std::int64_t start_ns = SystemClock().MonotonicNanos();
    LEVEE_ASSIGN(const query::Plan plan, PlanFiles(request, bound, nullptr));
    LEVEE_ASSIGN(auto rows, OpenPlan(Target(nullptr), plan, nullptr));
    const std::size_t bytes_max = keep ? context_.results().LargestBytes() : query::kAnswerBytesMax;
    LEVEE_ASSIGN(query::ReadRows read, query::ReadUpTo(std::move(rows), bytes_max));
    too_many = std::move(read.too_many);
    if (keep && read.whole != nullptr) {
      context_.results().KeepRows(key, read.whole, SystemClock().MonotonicNanos() - start_ns);
    }
    return std::move(read.whole);
  };
  LEVEE_ASSIGN(auto rows, context_.flights().Ask<query::SharedRows>(key, find));
  return rows != nullptr ? query::StreamOf(std::move(rows)) : std::move(too_many);
}

// A kept answer is looked for before anything is planned; only explanations want the plan all the same.
Result<std::unique_ptr<BatchStream>> TableView::Files(const FilesRequest& request, Explanation* explanation) const {
  LEVEE_RETURN_IF_ERROR(CheckCancelled());
  LEVEE_ASSIGN(const BoundWhere bound, Bind(request.where, explanation));
  Remember(request, false);
  const bool use_results = UsesResults(request);
  const bool shares = Shares(request, explanation);
  const cache::CacheKey key = use_results || shares ? ResultKey(request, bound, &request.columns) : cache::CacheKey();
  auto kept = use_results ? context_.results().FindRows(key) : nullptr;
  if (kept != nullptr && explanation == nullptr) return kept;
  if (shares) return ShareFiles(request, bound, key);
  LEVEE_ASSIGN(const query::Plan plan, PlanFiles(request, bound, explanation));
  if (kept != nullptr) {
    explanation->from_results = true;
    return kept;
  }
  LEVEE_ASSIGN(auto rows, OpenPlan(Target(explanation), plan, explanation != nullptr ? &explanation->plan : nullptr));
  if (explanation != nullptr) rows = MakeLearningStream(std::move(rows), Target(nullptr), plan, explanation->plan);
  return use_results ? context_.results().PassAndKeep(key, std::move(rows)) : std::move(rows);
}

Result<std::unique_ptr<BatchStream>> TableView::Sizes(const SizesRequest& request, Explanation* explanation) const {
  LEVEE_RETURN_IF_ERROR(CheckCancelled());
  LEVEE_ASSIGN(const BoundWhere bound, Bind(request.where, explanation));
  if (!Shares({}, explanation)) return FindSizes(request, bound, explanation);
  std::unique_ptr<BatchStream> too_many;
  const auto find = [&]() -> Result<std::shared_ptr<const query::SharedRows>> {
    LEVEE_ASSIGN(auto groups, FindSizes(request, bound, nullptr));
    LEVEE_ASSIGN(query::ReadRows read, query::ReadUpTo(std::move(groups), query::kAnswerBytesMax));
    too_many = std::move(read.too_many);
    return std::move(read.whole);
  };
  LEVEE_ASSIGN(auto groups, context_.flights().Ask<query::SharedRows>(SizesKey(request, bound), find));
  return groups != nullptr ? query::StreamOf(std::move(groups)) : std::move(too_many);
}

Result<std::unique_ptr<BatchStream>> TableView::FindSizes(const SizesRequest& request, const BoundWhere& bound,
                                                          Explanation* explanation) const {
  query::Aggregate sizes{.groups = request.groups, .measures = SizeMeasures()};
  LEVEE_ASSIGN(const query::Plan plan,
               OptimisePlan(Target(explanation), query::Over(std::move(sizes), Chosen({}, bound))));
  return OpenGroups(Target(explanation), plan, explanation != nullptr ? &explanation->plan : nullptr);
}

Result<TableSummary> TableView::Summary() const {
  LEVEE_RETURN_IF_ERROR(CheckCancelled());
  const cache::CacheKey key = query::KeyOf({.kind = query::Question::Kind::kSummary,
                                            .source = snapshot_->identity,
                                            .predicate = {},
                                            .limit = {},
                                            .rows = {}});
  LEVEE_ASSIGN(const auto summary, context_.flights().Ask<TableSummary>(
                                       key, [&]() -> Result<std::shared_ptr<const TableSummary>> {
                                         LEVEE_ASSIGN(TableSummary found, SummariseTable(context_, *snapshot_));
                                         return std::make_shared<const TableSummary>(std::move(found));
                                       }));
  return *summary;
}

Result<std::int64_t> TableView::Count(const FilesRequest& request, Explanation* explanation) const {
  LEVEE_RETURN_IF_ERROR(CheckCancelled());
  LEVEE_ASSIGN(const BoundWhere bound, Bind(request.where, explanation));
  Remember(request, true);
  const bool use_results = UsesResults(request);
  const bool shares = Shares(request, explanation);
  const cache::CacheKey key = use_results || shares ? ResultKey(request, bound, nullptr) : cache::CacheKey();
  const auto kept = use_results ? context_.results().FindCount(key) : std::nullopt;
  if (kept && explanation == nullptr) return *kept;
  if (shares) {
    LEVEE_ASSIGN(const auto files, context_.flights().Ask<std::int64_t>(
                                       key, [&]() -> Result<std::shared_ptr<const std::int64_t>> {
                                         LEVEE_ASSIGN(const std::int64_t found, FindCount(request, bound, key));
                                         return std::make_shared<const std::int64_t>(found);
                                       }));
    return *files;
  }
  LEVEE_ASSIGN(const query::Plan plan, PlanCount(request, bound, explanation));
  if (kept) {
    explanation->from_results = true;
    return *kept;
  }
  const std::int64_t start_ns = explanation != nullptr ? context_.clock().MonotonicNanos() : 0;
  LEVEE_ASSIGN(const std::int64_t files,
               CountPlan(Target(explanation), plan, explanation != nullptr ? &explanation->plan : nullptr));
  if (explanation != nullptr) {
    explanation->scan_ns = context_.clock().MonotonicNanos() - start_ns;
    LearnFrom(Target(nullptr), plan, explanation->plan);
  }
  if (use_results) context_.results().KeepCount(key, files);
  return files;
}

Result<std::int64_t> TableView::FindCount(const FilesRequest& request, const BoundWhere& bound,
                                          const cache::CacheKey& key) const {
  LEVEE_ASSIGN(const query::Plan plan, PlanCount(request, bound, nullptr));
  LEVEE_ASSIGN(const std::int64_t files, CountPlan(Target(nullptr), plan, nullptr));
  if (context_.results().enabled()) context_.results().KeepCount(key, files);
  return files;
}

Result<WhyReport> TableView::Why(std::string_view path, std::string_view where) const {
  LEVEE_ASSIGN(const BoundWhere bound, Bind(where, nullptr));
  const expr::BoundPredicate* const predicate = bound.predicate.get();
  const store::ScanRequest scan{
      .table_id = state().record.id,
      .filter = {.kind = store::EntryFilter::Kind::kAlive, .version = state().version},
      .columns = WhyColumns(predicate)};
  LEVEE_ASSIGN(const auto stream, context_.store().Scan(scan));
  return ExplainFile(*stream, path, predicate);
}

}  // namespace

std::unique_ptr<View> MakeView(Context& context, std::shared_ptr<const Snapshot> snapshot, const ViewOptions& options) {
  return std::make_unique<TableView>(context, std::move(snapshot), options);
}

}  // namespace levee::catalog

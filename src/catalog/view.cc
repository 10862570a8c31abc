#include "catalog/view.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "catalog/scan_streams.h"
#include "catalog/table_columns.h"
#include "catalog/table_summary.h"
#include "catalog/why.h"
#include "metrics/metrics.h"

namespace levee::catalog {
namespace {

using columnar::BatchStream;
using columnar::ColumnKey;
using columnar::ColumnRole;
using Predicate = std::shared_ptr<const expr::BoundPredicate>;

class TableView final : public View {
 public:
  TableView(Context& context, std::shared_ptr<const Snapshot> snapshot, std::int64_t sync_ns)
      : context_(context), snapshot_(std::move(snapshot)), sync_ns_(sync_ns) {}

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
  Result<TableSummary> Summary() const override { return SummariseTable(context_, *snapshot_); }
  Result<std::shared_ptr<const store::PartitionSummary>> Partitions() const override {
    return context_.store().SummarisePartitions(state().record.id, state().version);
  }
  Result<WhyReport> Why(std::string_view path, std::string_view where) const override;

 private:
  // Null for an empty predicate.
  Result<Predicate> Bind(std::string_view where, Explanation* explanation) const;
  store::ScanRequest RequestFor(const Predicate& predicate, Explanation* explanation) const;
  // Empty: the entries must be looked at.
  Result<std::optional<std::int64_t>> CountFromSummary(const store::ScanRequest& scan) const;
  Result<std::int64_t> CountUnderQuota(const FilesRequest& request, Explanation* explanation) const;

  Context& context_;
  const std::shared_ptr<const Snapshot> snapshot_;
  const std::int64_t sync_ns_;
};

bool IsBlank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

Result<Predicate> TableView::Bind(std::string_view where, Explanation* explanation) const {
  const metrics::Timer timer(metrics::Metric::kBindSeconds);
  const std::int64_t start_ns = explanation != nullptr ? context_.clock().MonotonicNanos() : 0;
  Predicate predicate;
  if (!IsBlank(where)) {
    const query::PredicateScope scope{
        .schema_identity = snapshot_->schema_identity,
        .resolver = snapshot_->resolver,
        .options = {.timezone = context_.options().timezone, .now_micros = context_.clock().NowMicros()}};
    LEVEE_ASSIGN(predicate, context_.predicates().Bind(where, scope));
    if (!snapshot_->generated.empty()) {
      auto narrower = std::make_shared<expr::BoundPredicate>(*predicate);
      narrower->may_match = expr::WithGeneratedColumns(predicate->may_match, snapshot_->generated);
      predicate = std::move(narrower);
    }
  }
  if (explanation != nullptr) {
    *explanation = {.predicate = predicate ? expr::ToSql(predicate->may_match) : std::string(),
                    .version = state().version,
                    .sync_ns = sync_ns_,
                    .bind_ns = context_.clock().MonotonicNanos() - start_ns};
  }
  return predicate;
}

store::ScanRequest TableView::RequestFor(const Predicate& predicate, Explanation* explanation) const {
  store::ScanRequest scan{.table_id = state().record.id,
                          .filter = {.kind = store::EntryFilter::Kind::kAlive, .version = state().version}};
  if (predicate) {
    const bool prunes = predicate->may_match.kind != expr::NodeKind::kKeep;
    scan.predicate = prunes ? &predicate->may_match : nullptr;
    scan.timezone = predicate->timezone;
  }
  scan.counters = explanation != nullptr ? &explanation->counters : nullptr;
  return scan;
}

bool DropsAll(const Predicate& predicate) {
  return predicate && predicate->may_match.kind == expr::NodeKind::kDrop;
}

Result<std::unique_ptr<BatchStream>> TableView::Files(const FilesRequest& request, Explanation* explanation) const {
  LEVEE_ASSIGN(const Predicate predicate, Bind(request.where, explanation));
  if (DropsAll(predicate)) return MakeEmptyStream();
  store::ScanRequest scan = RequestFor(predicate, explanation);
  scan.columns = request.columns;
  scan.limit = request.limit;
  RowQuota quota;
  if (request.rows) {
    quota = {.rows = *request.rows, .predicate = predicate, .columns = request.columns};
    scan.columns = QuotaColumns(quota);
  }
  const std::int64_t start_ns = explanation != nullptr ? context_.clock().MonotonicNanos() : 0;
  LEVEE_ASSIGN(std::unique_ptr<BatchStream> stream, context_.store().Scan(scan));
  if (explanation != nullptr) explanation->scan_ns = context_.clock().MonotonicNanos() - start_ns;
  stream = MakeTimedStream(std::move(stream), predicate, explanation);
  if (request.rows) stream = MakeQuotaStream(std::move(stream), std::move(quota));
  return stream;
}

Result<std::int64_t> TableView::Count(const FilesRequest& request, Explanation* explanation) const {
  if (request.rows) return CountUnderQuota(request, explanation);
  LEVEE_ASSIGN(const Predicate predicate, Bind(request.where, explanation));
  if (DropsAll(predicate)) return 0;
  store::ScanRequest scan = RequestFor(predicate, explanation);
  scan.limit = request.limit;
  const std::int64_t start_ns = explanation != nullptr ? context_.clock().MonotonicNanos() : 0;
  LEVEE_ASSIGN(std::optional<std::int64_t> count, CountFromSummary(scan));
  if (explanation != nullptr) explanation->from_summary = count.has_value();
  if (!count) {
    LEVEE_ASSIGN(count, context_.store().Count(scan));
  }
  if (explanation != nullptr) explanation->scan_ns = context_.clock().MonotonicNanos() - start_ns;
  return request.limit ? std::min(*count, std::max<std::int64_t>(0, *request.limit)) : *count;
}

Result<std::optional<std::int64_t>> TableView::CountFromSummary(const store::ScanRequest& scan) const {
  // Each commit has its totals beside it.
  if (scan.predicate == nullptr) return state().commit.num_files;
  return context_.store().CountFromSummary(scan);
}

Result<std::int64_t> TableView::CountUnderQuota(const FilesRequest& request, Explanation* explanation) const {
  LEVEE_ASSIGN(const auto stream, Files(request, explanation));
  std::int64_t count = 0;
  for (;;) {
    LEVEE_ASSIGN(const auto batch, stream->Next());
    if (!batch) return count;
    count += static_cast<std::int64_t>(batch->rows);
  }
}

Result<WhyReport> TableView::Why(std::string_view path, std::string_view where) const {
  LEVEE_ASSIGN(const Predicate predicate, Bind(where, nullptr));
  store::ScanRequest scan = RequestFor(nullptr, nullptr);
  scan.columns = WhyColumns(predicate.get());
  LEVEE_ASSIGN(const auto stream, context_.store().Scan(scan));
  return ExplainFile(*stream, path, predicate.get());
}

}  // namespace

std::unique_ptr<View> MakeView(Context& context, std::shared_ptr<const Snapshot> snapshot, std::int64_t sync_ns) {
  return std::make_unique<TableView>(context, std::move(snapshot), sync_ns);
}

}  // namespace levee::catalog

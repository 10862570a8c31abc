#include "catalog/plan_estimates.h"

#include <algorithm>
#include <cmath>

#include "catalog/access_costs.h"
#include "catalog/plan_learning.h"
#include "query/batch_bounds.h"
#include "query/estimate.h"

namespace levee::catalog {
namespace {

using columnar::ColumnKey;
using columnar::ColumnRole;
using expr::SkippingNode;
using query::Amount;

// Files whose bounds tell how wide a file is.
constexpr std::int64_t kSampleFiles = 256;

bool NamesPartitionsAlone(const SkippingNode& node) {
  const auto columns = expr::ReferencedColumns(node);
  return std::ranges::all_of(columns, &expr::ColumnRef::is_partition);
}

store::ScanRequest AllFiles(const PlanTarget& target) {
  return {.table_id = target.state.record.id,
          .filter = {.kind = store::EntryFilter::Kind::kAlive, .version = target.state.version}};
}

// How wide a file is in a column's range, in the mean of the sample.
double MeanWidth(const columnar::Batch& sample, const expr::ColumnRef& column, double range) {
  const auto* lower = sample.Find(ColumnKey{ColumnRole::kMin, column.physical_path, column.type});
  const auto* upper = sample.Find(ColumnKey{ColumnRole::kMax, column.physical_path, column.type});
  if (lower == nullptr || upper == nullptr || range <= 0) return 1;
  double sum = 0;
  int files = 0;
  for (std::size_t row = 0; row < sample.rows; ++row) {
    if (!lower->IsValid(row) || !upper->IsValid(row)) continue;
    const auto from = query::PlaceOf({column.type, lower->At(row)});
    const auto to = query::PlaceOf({column.type, upper->At(row)});
    if (!from || !to) continue;
    sum += std::clamp((*to - *from) / range, 0.0, 1.0);
    ++files;
  }
  return files == 0 ? 1 : sum / files;
}

Status AddWidths(const PlanTarget& target, const SkippingNode& node, query::FactsByPath& facts) {
  store::ScanRequest request = AllFiles(target);
  request.columns = query::BoundsColumns(node);
  request.limit = kSampleFiles;
  LEVEE_ASSIGN(const auto stream, target.context.store().Scan(request));
  LEVEE_ASSIGN(const auto sample, stream->Next());
  if (!sample) return {};
  for (const expr::ColumnRef& column : expr::ReferencedColumns(node)) {
    const auto found = facts.find(column.physical_path);
    if (found == facts.end() || !found->second.lower || !found->second.upper || column.is_partition) continue;
    found->second.file_width = MeanWidth(*sample, column, *found->second.upper - *found->second.lower);
  }
  return {};
}

// What is kept with the data of each column that has any.
Status AddStatistics(const PlanTarget& target, const SkippingNode& node, query::FactsByPath& facts) {
  std::vector<ColumnKey> keys;
  for (const expr::ColumnRef& column : expr::ReferencedColumns(node)) {
    if (column.type.kind >= types::TypeKind::kVariant) continue;
    const bool is_text = column.type.kind == types::TypeKind::kString;
    // Of partition columns of times the text is kept, which is no value before it is read in a zone.
    if (column.is_partition && column.type.kind == types::TypeKind::kTimestamp) continue;
    const ColumnRole role = !column.is_partition ? ColumnRole::kMin
                            : is_text            ? ColumnRole::kPartition
                                                 : ColumnRole::kPartitionValue;
    keys.push_back({role, column.physical_path, column.type});
  }
  if (keys.empty()) return {};
  LEVEE_ASSIGN(auto statistics, target.context.store().ReadStatistics(target.state.record.id, keys));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (statistics[i].entries == 0 || statistics[i].lower.rows < 2) continue;
    facts[keys[i].path].statistics = std::move(statistics[i]);
  }
  return {};
}

Result<query::FactsByPath> FactsFor(const PlanTarget& target, const SkippingNode& node) {
  std::vector<ColumnKey> keys;
  for (const expr::ColumnRef& column : expr::ReferencedColumns(node)) {
    if (column.is_partition || column.type.kind >= types::TypeKind::kVariant) continue;
    keys.push_back({ColumnRole::kMin, column.physical_path, column.type});
  }
  query::FactsByPath facts;
  LEVEE_RETURN_IF_ERROR(AddStatistics(target, node, facts));
  if (keys.empty()) return facts;
  LEVEE_ASSIGN(const auto columns,
               target.context.store().SummariseColumns(target.state.record.id, target.state.version, keys));
  for (const store::ColumnSummary& column : columns) {
    query::ColumnFacts& known = facts[column.path];
    known.lower = query::PlaceOf(column.lower);
    known.upper = query::PlaceOf(column.upper);
    known.has_nulls = !column.nulls_exact || column.nulls > 0;
  }
  LEVEE_RETURN_IF_ERROR(AddWidths(target, node, facts));
  return facts;
}

// Conditions on partition columns are counted in the sums by partition; the others are judged by what is
// known of their columns.
Result<double> PartKept(const PlanTarget& target, const SkippingNode& node) {
  const double all = static_cast<double>(target.state.commit.num_files);
  const bool constant = node.kind == expr::NodeKind::kKeep || node.kind == expr::NodeKind::kDrop;
  if (!constant && all > 0 && NamesPartitionsAlone(node)) {
    store::ScanRequest request = AllFiles(target);
    request.predicate = &node;
    request.timezone = target.context.options().timezone;
    LEVEE_ASSIGN(const auto files, target.context.store().CountFromSummary(request));
    if (files) return static_cast<double>(*files) / all;
  }
  if (node.kind == expr::NodeKind::kAnd && !NamesPartitionsAlone(node)) {
    SkippingNode partitions{.kind = expr::NodeKind::kAnd}, others{.kind = expr::NodeKind::kAnd};
    for (const SkippingNode& child : node.children) {
      (NamesPartitionsAlone(child) ? partitions : others).children.push_back(child);
    }
    LEVEE_ASSIGN(const auto facts, FactsFor(target, others));
    const double kept = query::KeptPart(others, facts);
    if (partitions.children.empty()) return kept;
    const SkippingNode& chosen = partitions.children.size() == 1 ? partitions.children[0] : partitions;
    LEVEE_ASSIGN(const double part, PartKept(target, chosen));
    return kept * part;
  }
  LEVEE_ASSIGN(const auto facts, FactsFor(target, node));
  return query::KeptPart(node, facts);
}

// A part of a table's files is at least one file, unless surely none is kept.
double FilesKept(double all, double part) { return part <= 0 ? 0 : std::min(all, std::max(1.0, all * part)); }

class Estimator {
 public:
  explicit Estimator(const PlanTarget& target)
      : target_(target),
        all_files_(static_cast<double>(target.state.commit.num_files)),
        file_bytes_(all_files_ > 0 ? static_cast<double>(target.state.commit.size_bytes) / all_files_ : 0) {}

  // The files that the node gives, or that a count counts.
  Result<double> Estimate(const query::Plan& plan, query::PlanReport& report) {
    double input = 0;
    if (const auto* united = std::get_if<query::Union>(&plan.op)) {
      LEVEE_ASSIGN(input, EstimateParts(united->parts, plan, report));
    } else if (const auto* total = std::get_if<query::Total>(&plan.op)) {
      LEVEE_ASSIGN(input, EstimateParts(total->parts, plan, report));
    } else if (!plan.inputs.empty()) {
      LEVEE_ASSIGN(input, Estimate(plan.input(), report.inputs.front()));
    }
    LEVEE_ASSIGN(const double files, FilesOf(plan, input, report));
    report.estimated.files = files;
    const bool counts = std::holds_alternative<query::Count>(plan.op) ||
                        std::holds_alternative<query::Aggregate>(plan.op) ||
                        std::holds_alternative<query::Summary>(plan.op) ||
                        std::holds_alternative<query::Total>(plan.op);
    if (!counts) report.estimated.bytes = files * file_bytes_;
    return files;
  }

 private:
  // Each input by its own table; what stands above sees the mean of their files.
  Result<double> EstimateParts(const std::vector<query::UnionPart>& parts, const query::Plan& plan,
                               query::PlanReport& report) {
    double files = 0, bytes = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      Estimator part(target_.Of(parts[i]));
      LEVEE_ASSIGN(const double more, part.Estimate(plan.inputs[i], report.inputs[i]));
      files += more;
      bytes += more * part.file_bytes_;
    }
    file_bytes_ = files > 0 ? bytes / files : 0;
    return files;
  }

  Result<double> FilesOf(const query::Plan& plan, double input, query::PlanReport& report) {
    if (const auto* scan = std::get_if<query::Scan>(&plan.op)) {
      LEVEE_ASSIGN(double files, Filtered(scan->filter, all_files_, report));
      if (!query::KeepsAll(scan->filter)) {
        LEVEE_RETURN_IF_ERROR(AddScanWays(scan->filter->may_match, files, report));
      }
      if (scan->limit) files = std::min(files, static_cast<double>(std::max<std::int64_t>(0, *scan->limit)));
      return files;
    }
    if (const auto* filter = std::get_if<query::Filter>(&plan.op)) return Filtered(filter->predicate, input, report);
    if (const auto* limit = std::get_if<query::Limit>(&plan.op)) {
      return std::min(input, static_cast<double>(limit->rows));
    }
    if (const auto* join = std::get_if<query::Join>(&plan.op)) {
      const auto texts = static_cast<double>(join->texts->size());
      if (join->kind == query::Join::Kind::kAnti) return std::max(0.0, input - texts);
      const double listed = join->listed != nullptr ? static_cast<double>(join->listed->rows->rows) : texts;
      return std::min(input * std::max(1.0, listed / std::max(texts, 1.0)), listed);
    }
    if (const auto* total = std::get_if<query::Total>(&plan.op)) {
      return total->limit ? std::min(input, static_cast<double>(*total->limit)) : input;
    }
    if (const auto* aggregate = std::get_if<query::Aggregate>(&plan.op)) {
      return aggregate->groups.empty() ? 1 : input;
    }
    if (const auto* top = std::get_if<query::TopK>(&plan.op)) {
      return std::min(input, static_cast<double>(top->rows));
    }
    if (const auto* quota = std::get_if<query::Quota>(&plan.op)) return UnderQuota(*quota, input);
    return input;
  }

  // As statistics say, corrected by what was learnt of such predicates on this table.
  Result<double> Filtered(const query::Predicate& predicate, double input, query::PlanReport& report) {
    if (query::KeepsAll(predicate)) return input;
    LEVEE_ASSIGN(const double part, PartKept(target_, predicate->may_match));
    const double files = FilesKept(input, part);
    const auto factor = target_.context.planner().CorrectionOf(ShapeOn(target_.state, predicate->may_match));
    if (!factor) return files;
    report.corrected_from = files;
    return std::min(input, std::max(1.0, files * *factor));
  }

  // With an index there is a choice. The store makes it segment by segment, by the blocks that each way leaves; these
  // are the costs of the whole.
  Status AddScanWays(const SkippingNode& predicate, double files, query::PlanReport& report) {
    if (target_.state.commit.num_files <= kNoChoiceRows) return {};
    LEVEE_ASSIGN(const auto indexes, target_.context.store().ColumnIndexes(target_.state.record.id));
    const auto columns = expr::ReferencedColumns(predicate);
    const auto indexed = std::ranges::find_if(columns, [&](const expr::ColumnRef& column) {
      return std::ranges::any_of(indexes, [&](const store::ColumnIndex& index) {
        return index.column.path == column.physical_path;
      });
    });
    if (indexed == columns.end()) return {};
    const ColumnKey key{ColumnRole::kMin, indexed->physical_path, indexed->type};
    LEVEE_ASSIGN(const auto statistics, target_.context.store().ReadStatistics(target_.state.record.id, {key}));
    const AccessCosts costs(target_.context.planner().Costs(), target_.state);
    const double part = files / std::max(all_files_, 1.0);
    const double zones_ns = costs.ScanByZones(predicate, part, std::abs(statistics.front().correlation));
    const double index_ns = costs.ScanByIndex(predicate, part);
    report.alternatives = {
        {.name = "sorted index of " + indexed->name, .cost_ns = index_ns, .chosen = index_ns < zones_ns},
        {.name = "zone maps", .cost_ns = zones_ns, .chosen = index_ns >= zones_ns}};
    return {};
  }

  // As if every row of a file matched.
  double UnderQuota(const query::Quota& quota, double input) const {
    const auto& records = target_.state.commit.num_records;
    if (!records || *records <= 0 || all_files_ <= 0) return input;
    const double rows_a_file = static_cast<double>(*records) / all_files_;
    return std::min(input, std::max(1.0, static_cast<double>(quota.rows) / rows_a_file));
  }

  const PlanTarget& target_;
  const double all_files_;
  double file_bytes_;  // in the mean
};

}  // namespace

Status EstimatePlan(const PlanTarget& target, const query::Plan& plan, query::PlanReport& report) {
  LEVEE_ASSIGN([[maybe_unused]] const double files, Estimator(target).Estimate(plan, report));
  return {};
}

}  // namespace levee::catalog

#include "catalog/path_join.h"

#include <optional>
#include <utility>

#include "catalog/access_costs.h"
#include "catalog/scan_streams.h"
#include "query/batch_bounds.h"
#include "query/operators/operators.h"

namespace levee::catalog {
namespace {

using Stream = std::unique_ptr<columnar::BatchStream>;

// What the scan returns, and what its filter reads.
query::Columns LookUpColumns(const query::Scan& scan) {
  query::Columns columns = *scan.columns;
  if (!query::KeepsAll(scan.filter)) {
    query::AddColumns(columns, query::BoundsColumns(scan.filter->may_match));
  }
  return columns;
}

// Whether looking up is expected to take less than the scan.
bool LookUpPays(const PlanTarget& target, const query::Join& join, const query::Columns& columns,
                query::PlanReport* report) {
  const query::MachineCosts machine = target.context.planner().Costs();
  if (target.explanation != nullptr) target.explanation->costs = machine;
  const AccessCosts costs(machine, target.state);
  const double scan_ns = costs.Scan(columns) + costs.MatchPaths();
  const double look_up_ns = costs.LookUp(join.texts->size(), columns);
  const bool pays = look_up_ns < scan_ns;
  if (report != nullptr) {
    report->alternatives = {{.name = "key look-up", .cost_ns = look_up_ns, .chosen = pays},
                            {.name = "scan", .cost_ns = scan_ns, .chosen = !pays}};
  }
  return pays;
}

// Null: only a scan can tell.
Result<Stream> LookUp(const PlanTarget& target, const query::Join& join, const query::Scan& scan,
                      query::PlanReport* report) {
  if (!scan.columns || target.state.commit.num_files <= kNoChoiceRows) return nullptr;
  const query::Columns columns = LookUpColumns(scan);
  if (!LookUpPays(target, join, columns, report)) return nullptr;
  LEVEE_ASSIGN(auto found, target.context.store().FindByPath(
                               {.table_id = target.state.record.id,
                                .version = target.state.version,
                                .paths = *join.texts,
                                .columns = columns,
                                .counters = target.explanation != nullptr ? &target.explanation->counters : nullptr}));
  if (!found) {
    if (report != nullptr) {
      report->alternatives = {{.name = "scan, since keys do not tell here", .cost_ns = 0, .chosen = true}};
    }
    return nullptr;
  }
  Stream stream = MakeOneBatch(std::move(*found));
  if (!query::KeepsAll(scan.filter)) {
    stream = query::MakeProjectStream(query::MakeFilterStream(std::move(stream), scan.filter), *scan.columns);
  }
  // What is found has no column of the list yet.
  if (join.kind == query::Join::Kind::kInner) stream = query::MakeJoinStream(std::move(stream), join);
  return stream;
}

}  // namespace

Result<Stream> OpenJoin(const PlanTarget& target, const query::Plan& plan, query::PlanReport* report) {
  const auto& join = std::get<query::Join>(plan.op);
  if (join.by_lookup) {
    LEVEE_ASSIGN(Stream found, LookUp(target, join, std::get<query::Scan>(plan.input().op), report));
    if (found != nullptr) return found;
  }
  query::PlanReport* const input_report =
      report == nullptr || report->inputs.empty() ? nullptr : &report->inputs.front();
  LEVEE_ASSIGN(Stream input, OpenPlan(target, plan.input(), input_report));
  return query::MakeJoinStream(std::move(input), join);
}

}  // namespace levee::catalog

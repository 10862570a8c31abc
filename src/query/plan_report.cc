#include "query/plan_report.h"

namespace levee::query {

PlanReport ReportOf(const Plan& plan) {
  PlanReport report{.name = NameOf(plan.op), .detail = DetailOf(plan.op), .inputs = {}};
  for (const Plan& input : plan.inputs) report.inputs.push_back(ReportOf(input));
  return report;
}

}  // namespace levee::query

#include "catalog/plan_learning.h"

#include <string>
#include <utility>

namespace levee::catalog {
namespace {

// Whether the node reads all that its input has, once.
bool ReadsAll(const query::Operator& op) {
  if (const auto* top = std::get_if<query::TopK>(&op)) return !top->by_bounds;
  if (const auto* total = std::get_if<query::Total>(&op)) return !total->limit;
  return !std::holds_alternative<query::Limit>(op) && !std::holds_alternative<query::Quota>(op);
}

class LearningStream final : public columnar::BatchStream {
 public:
  LearningStream(std::unique_ptr<columnar::BatchStream> input, const PlanTarget& target, query::Plan plan,
                 const query::PlanReport& report)
      : target_(target), plan_(std::move(plan)), report_(report), input_(std::move(input)) {}

  Result<std::unique_ptr<columnar::Batch>> Next() override {
    auto batch = input_->Next();
    if (batch && *batch == nullptr) LearnFrom(target_, plan_, report_);
    return batch;
  }

 private:
  const PlanTarget target_;
  const query::Plan plan_;
  const query::PlanReport& report_;
  const std::unique_ptr<columnar::BatchStream> input_;
};

}  // namespace

std::uint64_t ShapeOn(const TableState& state, const expr::SkippingNode& predicate) {
  return query::ShapeOf(predicate, state.record.uri + '\n' + std::to_string(state.record.incarnation));
}

void LearnFrom(const PlanTarget& target, const query::Plan& plan, const query::PlanReport& report) {
  if (const auto* scan = std::get_if<query::Scan>(&plan.op)) {
    if (scan->limit || query::KeepsAll(scan->filter)) return;
    if (!report.estimated.files || !report.actual.files) return;
    target.context.planner().Learn(ShapeOn(target.state, scan->filter->may_match), *report.estimated.files,
                                   *report.actual.files);
    return;
  }
  if (!ReadsAll(plan.op) || plan.inputs.size() != report.inputs.size()) return;
  const std::vector<query::UnionPart>* parts = nullptr;
  if (const auto* united = std::get_if<query::Union>(&plan.op)) parts = &united->parts;
  if (const auto* total = std::get_if<query::Total>(&plan.op)) parts = &total->parts;
  for (std::size_t i = 0; i < plan.inputs.size(); ++i) {
    LearnFrom(parts != nullptr ? target.Of((*parts)[i]) : target, plan.inputs[i], report.inputs[i]);
  }
}

std::unique_ptr<columnar::BatchStream> MakeLearningStream(std::unique_ptr<columnar::BatchStream> input,
                                                          const PlanTarget& target, query::Plan plan,
                                                          const query::PlanReport& report) {
  return std::make_unique<LearningStream>(std::move(input), target, std::move(plan), report);
}

}  // namespace levee::catalog

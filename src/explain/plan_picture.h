// A plan drawn.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "explain/plan_look.h"

namespace levee::explain {

struct PicturedStep {
  std::string_view name;
  std::string detail;
  std::int64_t ns = 0;
};

// What a picture shows; all of it outlives the drawing.
struct PicturedPlan {
  std::string title, found, predicate;
  const query::PlanReport& plan;
  const query::PlanningReport& planning;
  std::vector<PicturedStep> steps;
  std::int64_t longest_ns = 0;  // the longest step that a bar is measured by
  bool times = false;
  RowName rows = {};
};

// One SVG file without references: the plan's tree from the answer down, estimates beside actual numbers; with `times`
// bars. Colours follow the viewer's light or dark scheme.
std::string DrawPlan(const PicturedPlan& plan);

}  // namespace levee::explain

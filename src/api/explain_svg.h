// A plan drawn.
#pragma once

#include <string>

#include "api/explain_text.h"

namespace levee::api {

// One SVG file without references: the plan's tree from the answer down, estimates beside actual numbers;
// with
// --analyze times as bars. Colours follow the viewer's light or dark scheme.
std::string ExplainSvg(const ExplainedAnswer& answer);

}  // namespace levee::api

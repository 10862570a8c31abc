// Building skipping nodes so that constants, repeats and plain contradictions vanish.
#pragma once

#include <vector>

#include "expr/skipping.h"

namespace levee::expr {

SkippingNode Constantly(bool match);  // kKeep or kDrop

// Flattened; kKeep without children or when nothing is left, kDrop for a contradiction.
SkippingNode MakeAnd(std::vector<SkippingNode> children);
// Flattened; kDrop without children.
SkippingNode MakeOr(std::vector<SkippingNode> children);

bool EqualNodes(const SkippingNode& a, const SkippingNode& b);

}  // namespace levee::expr

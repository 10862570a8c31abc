// The leaf that a node is.
#include "columnar/skipping/leaves.h"

namespace levee::columnar::skipping {

void FilterLeaf(const expr::SkippingNode& node, const ColumnBounds& bounds, Bitmap& candidates) {
  switch (node.kind) {
    case expr::NodeKind::kCompare: return FilterCompare(node, bounds, candidates);
    case expr::NodeKind::kIn: return FilterIn(node, bounds, candidates);
    case expr::NodeKind::kNotIn: return FilterNotIn(node, bounds, candidates);
    case expr::NodeKind::kLike: return FilterLike(node, bounds, candidates);
    case expr::NodeKind::kNotLike: return FilterNotLike(node, bounds, candidates);
    default: return;
  }
}

}  // namespace levee::columnar::skipping

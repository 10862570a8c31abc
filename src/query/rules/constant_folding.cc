// TRUE and FALSE vanish from AND and OR, or decide them.
#include <algorithm>

#include "query/predicate_lists.h"
#include "query/rules/rules.h"

namespace levee::query {

using expr::NodeKind;

bool FoldConstants(expr::SkippingNode& node, const PredicateFacts& facts) {
  if (!IsList(node)) return false;
  bool changed = false;
  for (expr::SkippingNode& child : node.children) changed |= FoldConstants(child, facts);
  const bool is_and = node.kind == NodeKind::kAnd;
  const NodeKind neutral = is_and ? NodeKind::kKeep : NodeKind::kDrop;
  const NodeKind deciding = is_and ? NodeKind::kDrop : NodeKind::kKeep;
  if (std::ranges::find(node.children, deciding, &expr::SkippingNode::kind) != node.children.end()) {
    node = {.kind = deciding};
    return true;
  }
  const auto gone = std::erase_if(node.children, [&](const auto& child) { return child.kind == neutral; });
  if (gone == 0) return changed;
  Collapse(node);
  return true;
}

}  // namespace levee::query

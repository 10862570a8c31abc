// Parts of an AND that no row fulfils together, and values of a list that its other parts exclude.
#include <algorithm>

#include "query/leaf_relations.h"
#include "query/predicate_lists.h"
#include "query/rules/rules.h"

namespace levee::query {
namespace {

using expr::NodeKind;
using expr::SkippingNode;
using Group = std::span<const std::uint32_t>;

bool AnyExcluded(const std::vector<SkippingNode>& children, Group group) {
  for (std::size_t i = 0; i < group.size(); ++i) {
    for (std::size_t j = i + 1; j < group.size(); ++j) {
      if (Excludes(children[group[i]], children[group[j]])) return true;
    }
  }
  return false;
}

// Leaves in each IN the values that the group's other leaves hold. A double that was a float may be spelt two
// ways, of which a list has both: each leaf must judge them alone.
bool NarrowLists(std::vector<SkippingNode>& children, Group group) {
  bool changed = false;
  for (const std::uint32_t list : group) {
    SkippingNode& node = children[list];
    if (node.kind != NodeKind::kIn || node.column.was_float) continue;
    for (const std::uint32_t other : group) {
      const SkippingNode& leaf = children[other];
      if (other == list || !ComparesValues(leaf)) continue;
      changed |= std::erase_if(node.literals, [&](const auto& value) { return !Holds(leaf, value); }) > 0;
    }
    if (node.literals.empty()) node = {.kind = NodeKind::kDrop};
    if (node.literals.size() == 1) {
      const expr::ColumnRef column = std::move(node.column);
      node = EqualsOneOf(column, std::move(node.literals));
    }
  }
  return changed;
}

}  // namespace

bool FindContradictions(SkippingNode& node, const PredicateFacts& facts) {
  if (!IsList(node)) return false;
  bool changed = false;
  for (SkippingNode& child : node.children) changed |= FindContradictions(child, facts);
  if (node.kind == NodeKind::kOr) {
    if (!changed) return false;
    std::erase_if(node.children, [](const SkippingNode& child) { return child.kind == NodeKind::kDrop; });
    Collapse(node);
    return true;
  }
  const ColumnGroups groups(node.children);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const Group group = groups[i];
    if (group.size() < 2 || group.size() > kPairsMax) continue;
    if (node.children[group.front()].column.physical_path.empty()) continue;
    if (AnyExcluded(node.children, group)) {
      node = {.kind = NodeKind::kDrop};
      return true;
    }
    changed |= NarrowLists(node.children, group);
  }
  if (changed &&
      std::ranges::find(node.children, NodeKind::kDrop, &SkippingNode::kind) != node.children.end()) {
    node = {.kind = NodeKind::kDrop};
  }
  return changed;
}

}  // namespace levee::query

// Nested lists become flat, what others imply goes, equalities merge.
#include <algorithm>
#include <iterator>

#include "query/leaf_relations.h"
#include "query/predicate_lists.h"
#include "query/rules/rules.h"

namespace levee::query {
namespace {

using expr::CompareOp;
using expr::NodeKind;
using expr::SkippingNode;
using Group = std::span<const std::uint32_t>;

bool Flatten(SkippingNode& list) {
  const auto nested = [&](const SkippingNode& child) { return child.kind == list.kind; };
  if (std::ranges::none_of(list.children, nested)) return false;
  std::vector<SkippingNode> flat;
  for (SkippingNode& child : list.children) {
    if (nested(child)) {
      std::ranges::move(child.children, std::back_inserter(flat));
    } else {
      flat.push_back(std::move(child));
    }
  }
  list.children = std::move(flat);
  return true;
}

// In a list, a part that another makes needless: of an AND one that is implied, of an OR one that implies.
class Absorber {
 public:
  explicit Absorber(SkippingNode& list) : list_(list), marked_(list.children.size()) {}

  bool Run(const ColumnGroups& groups) {
    for (std::size_t i = 0; i < groups.size(); ++i) {
      groups[i].size() <= kPairsMax ? AbsorbPairs(groups[i]) : AbsorbRanges(groups[i]);
    }
    if (!any_) return false;
    RemoveMarked(list_.children, marked_);
    return true;
  }

 private:
  bool MakesNeedless(std::uint32_t strong, std::uint32_t weak) const {
    const auto& children = list_.children;
    return list_.kind == NodeKind::kAnd ? Implies(children[strong], children[weak])
                                        : Implies(children[weak], children[strong]);
  }

  void Mark(std::uint32_t child) {
    marked_[child] = true;
    any_ = true;
  }

  // From the end, so that of equal parts the first stays.
  void AbsorbPairs(Group group) {
    for (auto weak = group.rbegin(); weak != group.rend(); ++weak) {
      for (const std::uint32_t strong : group) {
        if (strong == *weak || marked_[strong] || !MakesNeedless(strong, *weak)) continue;
        Mark(*weak);
        break;
      }
    }
  }

  // Keeps one bound a side.
  void AbsorbRanges(Group group) {
    std::optional<std::uint32_t> best[2];
    for (const std::uint32_t child : group) {
      const SkippingNode& node = list_.children[child];
      if (node.kind != NodeKind::kCompare || node.op < CompareOp::kLess) continue;
      auto& other = best[node.op >= CompareOp::kGreater ? 1 : 0];
      if (other && MakesNeedless(*other, child)) {
        Mark(child);
        continue;
      }
      if (other) Mark(*other);
      other = child;
    }
  }

  SkippingNode& list_;
  std::vector<bool> marked_;
  bool any_ = false;
};

bool IsEquality(const SkippingNode& node) {
  const bool equal = node.kind == NodeKind::kCompare && node.op == CompareOp::kEqual;
  return (equal || node.kind == NodeKind::kIn) && !node.literals.empty();
}

// a = 1 OR a IN (2, 3), of one column, into the group's first equality.
bool MergeEqualities(SkippingNode& list, Group group, std::vector<bool>& marked) {
  std::vector<types::Value> values;
  std::optional<std::uint32_t> first;
  bool merged = false;
  for (const std::uint32_t child : group) {
    SkippingNode& node = list.children[child];
    if (!IsEquality(node)) continue;
    std::ranges::move(node.literals, std::back_inserter(values));
    merged |= first.has_value();
    if (first) marked[child] = true;
    if (!first) first = child;
  }
  if (!first) return false;
  const auto order = [](const types::Value& a, const types::Value& b) {
    return types::ComparePhysical(a.physical, b.physical);
  };
  std::ranges::sort(values, [&](const auto& a, const auto& b) { return order(a, b) < 0; });
  const auto repeats =
      std::ranges::unique(values, [&](const auto& a, const auto& b) { return order(a, b) == 0; });
  values.erase(repeats.begin(), repeats.end());
  SkippingNode& kept = list.children[*first];
  const expr::ColumnRef column = std::move(kept.column);
  kept = EqualsOneOf(column, std::move(values));
  return merged;
}

// a >= 5 AND a <= 5 is a = 5. Not of floating point, where the two differ on NaN.
bool MeetAtPoint(SkippingNode& list, Group group, std::vector<bool>& marked) {
  std::optional<std::uint32_t> lower, upper;
  for (const std::uint32_t child : group) {
    const SkippingNode& node = list.children[child];
    if (node.kind != NodeKind::kCompare || IsFloating(node.column)) continue;
    if (node.op == CompareOp::kGreaterEqual) lower = child;
    if (node.op == CompareOp::kLessEqual) upper = child;
  }
  if (!lower || !upper || list.children[*lower].literals != list.children[*upper].literals) return false;
  list.children[*lower].op = CompareOp::kEqual;
  marked[*upper] = true;
  return true;
}

bool Combine(SkippingNode& list, const ColumnGroups& groups) {
  std::vector<bool> marked(list.children.size());
  bool changed = false;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const Group group = groups[i];
    if (group.size() < 2 || list.children[group.front()].column.physical_path.empty()) continue;
    changed |=
        list.kind == NodeKind::kOr ? MergeEqualities(list, group, marked) : MeetAtPoint(list, group, marked);
  }
  if (changed) RemoveMarked(list.children, marked);
  return changed;
}

}  // namespace

bool Simplify(SkippingNode& node, const PredicateFacts& facts) {
  if (!IsList(node)) return false;
  bool changed = false;
  for (SkippingNode& child : node.children) changed |= Simplify(child, facts);
  changed |= Flatten(node);
  // Equalities first: merged, they are fewer to compare with the rest.
  changed |= Combine(node, ColumnGroups(node.children));
  changed |= Absorber(node).Run(ColumnGroups(node.children));
  Collapse(node);
  return changed;
}

}  // namespace levee::query

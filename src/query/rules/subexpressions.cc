// (a AND b) OR (a AND c) is a AND (b OR c).
#include <algorithm>
#include <iterator>

#include "expr/simplify.h"
#include "query/predicate_lists.h"
#include "query/rules/rules.h"

namespace levee::query {
namespace {

using expr::NodeKind;
using expr::SkippingNode;

// Beyond so many comparisons of parts, what they have in common is not looked for.
constexpr std::size_t kComparisonsMax = 4096;

std::span<SkippingNode> Parts(SkippingNode& branch) {
  return branch.kind == NodeKind::kAnd ? std::span(branch.children) : std::span(&branch, 1);
}

bool Has(std::span<SkippingNode> parts, const SkippingNode& wanted) {
  return std::ranges::any_of(parts, [&](const SkippingNode& part) { return expr::EqualNodes(part, wanted); });
}

std::size_t Comparisons(std::vector<SkippingNode>& branches) {
  std::size_t others = 0;
  for (SkippingNode& branch : branches) others += Parts(branch).size();
  return Parts(branches.front()).size() * others;
}

// What each branch has, copied.
std::vector<SkippingNode> CommonParts(std::vector<SkippingNode>& branches) {
  std::vector<SkippingNode> common;
  for (const SkippingNode& part : Parts(branches.front())) {
    const auto has_it = [&](SkippingNode& branch) { return Has(Parts(branch), part); };
    if (std::ranges::all_of(branches, has_it) && !Has(common, part)) common.push_back(part);
  }
  return common;
}

// The branch without the common parts; TRUE when it had no others.
SkippingNode WithoutParts(SkippingNode branch, std::vector<SkippingNode>& common) {
  SkippingNode rest{.kind = NodeKind::kAnd};
  for (SkippingNode& part : Parts(branch)) {
    if (!Has(common, part)) rest.children.push_back(std::move(part));
  }
  Collapse(rest);
  return rest;
}

}  // namespace

bool FactorCommonParts(SkippingNode& node, const PredicateFacts& facts) {
  if (!IsList(node)) return false;
  bool changed = false;
  for (SkippingNode& child : node.children) changed |= FactorCommonParts(child, facts);
  if (node.kind != NodeKind::kOr) return changed;
  const bool has_and =
      std::ranges::find(node.children, NodeKind::kAnd, &SkippingNode::kind) != node.children.end();
  if (!has_and || Comparisons(node.children) > kComparisonsMax) return changed;
  std::vector<SkippingNode> common = CommonParts(node.children);
  if (common.empty()) return changed;

  SkippingNode rests{.kind = NodeKind::kOr};
  bool any_is_true = false;
  for (SkippingNode& branch : node.children) {
    rests.children.push_back(WithoutParts(std::move(branch), common));
    any_is_true |= rests.children.back().kind == NodeKind::kKeep;
  }
  SkippingNode factored{.kind = NodeKind::kAnd};
  factored.children = std::move(common);
  // a OR (a AND b) is a.
  if (!any_is_true) factored.children.push_back(std::move(rests));
  Collapse(factored);
  node = std::move(factored);
  return true;
}

}  // namespace levee::query

#include "expr/simplify.h"

#include <algorithm>
#include <iterator>

namespace levee::expr {
namespace {

// Looking at each pair is quick up to here, and longer lists are rarely written by hand.
constexpr std::size_t kMaxPairwise = 32;

bool SameColumn(const SkippingNode& a, const SkippingNode& b) {
  return a.column.physical_path == b.column.physical_path;
}

// A node that a NULL of its column never matches.
bool RejectsNull(const SkippingNode& node) {
  switch (node.kind) {
    case NodeKind::kCompare:
    case NodeKind::kIn:
    case NodeKind::kNotIn:
    case NodeKind::kIsNotNull:
    case NodeKind::kLike:
    case NodeKind::kNotLike: return true;
    default: return false;
  }
}

// No value is matched by both: x > 5 and x < 3.
bool RangesExclude(const SkippingNode& a, const SkippingNode& b) {
  if (a.kind != NodeKind::kCompare || b.kind != NodeKind::kCompare) return false;
  const int order = types::ComparePhysical(a.literals[0].physical, b.literals[0].physical);
  const auto is_lower = [](CompareOp op) {
    return op == CompareOp::kGreater || op == CompareOp::kGreaterEqual;
  };
  const auto is_upper = [](CompareOp op) { return op == CompareOp::kLess || op == CompareOp::kLessEqual; };
  const auto bounds_below = [&](CompareOp op) { return is_lower(op) || op == CompareOp::kEqual; };
  const auto bounds_above = [&](CompareOp op) { return is_upper(op) || op == CompareOp::kEqual; };
  if (bounds_below(a.op) && bounds_above(b.op) && order > 0) return true;
  if (bounds_above(a.op) && bounds_below(b.op) && order < 0) return true;
  if (order != 0) return false;
  const auto strict_against = [&](CompareOp strict, CompareOp other) {
    return (strict == CompareOp::kGreater && bounds_above(other)) ||
           (strict == CompareOp::kLess && bounds_below(other)) ||
           (strict == CompareOp::kNotEqual && other == CompareOp::kEqual);
  };
  return strict_against(a.op, b.op) || strict_against(b.op, a.op);
}

bool Contradict(const SkippingNode& a, const SkippingNode& b) {
  if (!SameColumn(a, b)) return false;
  if ((a.kind == NodeKind::kIsNull && RejectsNull(b)) || (b.kind == NodeKind::kIsNull && RejectsNull(a)))
    return true;
  return RangesExclude(a, b);
}

// True if each row that `a` matches, `b` matches too, as far as is seen at a glance.
bool Implies(const SkippingNode& a, const SkippingNode& b) {
  if (b.kind == NodeKind::kIsNotNull && RejectsNull(a) && SameColumn(a, b)) return true;
  return EqualNodes(a, b);
}

// Children of children of the same kind become children; what is `neutral` vanishes.
std::vector<SkippingNode> Flatten(std::vector<SkippingNode> children, NodeKind kind, NodeKind neutral) {
  const bool flat = std::ranges::none_of(
      children, [&](const SkippingNode& child) { return child.kind == kind || child.kind == neutral; });
  if (flat) return children;
  std::vector<SkippingNode> flattened;
  for (SkippingNode& child : children) {
    if (child.kind == neutral) continue;
    if (child.kind == kind) {
      std::ranges::move(child.children, std::back_inserter(flattened));
    } else {
      flattened.push_back(std::move(child));
    }
  }
  return flattened;
}

// Removes children whose removal changes nothing: is_redundant(child, other).
template <typename Redundant>
void RemoveRedundant(std::vector<SkippingNode>& children, Redundant is_redundant) {
  for (std::size_t i = 0; i < children.size();) {
    bool redundant = false;
    for (std::size_t j = 0; j < children.size() && !redundant; ++j) {
      redundant = i != j && is_redundant(children[i], children[j]);
    }
    if (redundant) {
      children.erase(children.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
}

SkippingNode Join(std::vector<SkippingNode> children, NodeKind kind, NodeKind neutral) {
  if (children.empty()) return {.kind = neutral};
  if (children.size() == 1) return std::move(children[0]);
  SkippingNode node{.kind = kind};
  node.children = std::move(children);
  return node;
}

template <typename Pair>
bool AnyPair(const std::vector<SkippingNode>& children, Pair holds) {
  for (std::size_t i = 0; i < children.size(); ++i) {
    for (std::size_t j = i + 1; j < children.size(); ++j) {
      if (holds(children[i], children[j])) return true;
    }
  }
  return false;
}

bool Has(const std::vector<SkippingNode>& children, NodeKind kind) {
  return std::ranges::any_of(children, [&](const SkippingNode& child) { return child.kind == kind; });
}

// x IS NULL OR x IS NOT NULL
bool CoverAll(const SkippingNode& a, const SkippingNode& b) {
  return ((a.kind == NodeKind::kIsNull && b.kind == NodeKind::kIsNotNull) ||
          (a.kind == NodeKind::kIsNotNull && b.kind == NodeKind::kIsNull)) &&
         SameColumn(a, b);
}

}  // namespace

SkippingNode Constantly(bool match) { return {.kind = match ? NodeKind::kKeep : NodeKind::kDrop}; }

SkippingNode MakeAnd(std::vector<SkippingNode> children) {
  children = Flatten(std::move(children), NodeKind::kAnd, NodeKind::kKeep);
  if (Has(children, NodeKind::kDrop)) return Constantly(false);
  if (children.size() <= kMaxPairwise) {
    if (AnyPair(children, Contradict)) return Constantly(false);
    RemoveRedundant(
        children, [](const SkippingNode& child, const SkippingNode& other) { return Implies(other, child); });
  }
  return Join(std::move(children), NodeKind::kAnd, NodeKind::kKeep);
}

SkippingNode MakeOr(std::vector<SkippingNode> children) {
  children = Flatten(std::move(children), NodeKind::kOr, NodeKind::kDrop);
  if (Has(children, NodeKind::kKeep)) return Constantly(true);
  if (children.size() <= kMaxPairwise) {
    if (AnyPair(children, CoverAll)) return Constantly(true);
    RemoveRedundant(
        children, [](const SkippingNode& child, const SkippingNode& other) { return Implies(child, other); });
  }
  return Join(std::move(children), NodeKind::kOr, NodeKind::kDrop);
}

bool EqualNodes(const SkippingNode& a, const SkippingNode& b) {
  if (a.kind != b.kind || a.op != b.op || a.children.size() != b.children.size()) return false;
  if (a.literals != b.literals || a.column != b.column || a.other != b.other) return false;
  for (std::size_t i = 0; i < a.children.size(); ++i) {
    if (!EqualNodes(a.children[i], b.children[i])) return false;
  }
  return true;
}

}  // namespace levee::expr

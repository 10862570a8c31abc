#include "query/predicate_lists.h"

#include <algorithm>
#include <numeric>

namespace levee::query {

using expr::NodeKind;
using expr::SkippingNode;

bool IsList(const SkippingNode& node) { return node.kind == NodeKind::kAnd || node.kind == NodeKind::kOr; }

void Collapse(SkippingNode& list) {
  if (list.children.empty()) {
    list.kind = list.kind == NodeKind::kAnd ? NodeKind::kKeep : NodeKind::kDrop;
  } else if (list.children.size() == 1) {
    SkippingNode only = std::move(list.children[0]);
    list = std::move(only);
  }
}

void RemoveMarked(std::vector<SkippingNode>& children, const std::vector<bool>& marked) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < children.size(); ++i) {
    if (marked[i]) continue;
    if (kept != i) children[kept] = std::move(children[i]);
    ++kept;
  }
  children.resize(kept);
}

ColumnGroups::ColumnGroups(const std::vector<SkippingNode>& children) : order_(children.size()) {
  const auto path = [&](std::uint32_t i) -> const std::string& { return children[i].column.physical_path; };
  std::iota(order_.begin(), order_.end(), 0U);
  std::ranges::stable_sort(order_, {}, path);
  for (std::size_t i = 0; i < order_.size(); ++i) {
    if (i == 0 || path(order_[i]) != path(order_[i - 1])) starts_.push_back(i);
  }
  starts_.push_back(order_.size());
}

}  // namespace levee::query

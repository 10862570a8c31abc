// The AND and OR lists of a predicate, as rules take them apart.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "expr/skipping.h"

namespace levee::query {

// Rules look at each pair of leaves about one column up to here; longer lists get what is linear.
inline constexpr std::size_t kPairsMax = 128;

bool IsList(const expr::SkippingNode& node);

// A list of one becomes that one; of none TRUE (AND) or FALSE (OR).
void Collapse(expr::SkippingNode& list);

// Removes the children that are marked.
void RemoveMarked(std::vector<expr::SkippingNode>& children, const std::vector<bool>& marked);

// Groups of children about one column, in order of the columns' names; lists, constants and the like, which
// are about none, form a group of their own. Indices ascend within a group.
class ColumnGroups {
 public:
  explicit ColumnGroups(const std::vector<expr::SkippingNode>& children);

  std::size_t size() const { return starts_.size() - 1; }
  std::span<const std::uint32_t> operator[](std::size_t group) const {
    return std::span(order_).subspan(starts_[group], starts_[group + 1] - starts_[group]);
  }

 private:
  std::vector<std::uint32_t> order_;
  std::vector<std::size_t> starts_;
};

}  // namespace levee::query

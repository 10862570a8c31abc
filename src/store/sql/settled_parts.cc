#include "store/sql/settled_parts.h"

#include <optional>
#include <span>
#include <utility>

#include "expr/leaves.h"

namespace levee::store {

using expr::NodeKind;
using expr::SkippingNode;

namespace {

constexpr std::size_t kPartsMax = 64;  // a bit each

// The values for which a leaf on a partition column is FALSE; empty: it is none of the leaves that are settled.
// NaN is above all numbers, and comparisons do not show it: doubles are left alone.
std::optional<SkippingNode> Negation(const SkippingNode& leaf) {
  if (!leaf.column.is_partition || types::PhysicalTypeOf(leaf.column.type) == types::PhysicalType::kDouble) return {};
  SkippingNode negation = leaf;
  if (leaf.kind == NodeKind::kCompare) {
    negation.op = expr::Negated(leaf.op);
  } else if (leaf.kind == NodeKind::kIn) {
    negation.kind = NodeKind::kNotIn;
  } else {
    return {};
  }
  return negation;
}

std::span<const SkippingNode> PartsOf(const SkippingNode& predicate) {
  if (predicate.kind == NodeKind::kAnd) return predicate.children;
  return {&predicate, 1};
}

bool AllIn(const Bitmap& set, std::size_t first, std::size_t count) {
  for (std::size_t i = first; i < first + count; ++i) {
    if (!set.Get(i)) return false;
  }
  return true;
}

}  // namespace

Result<SettledParts> SettledParts::Find(const SkippingNode& predicate, columnar::BoundsSource& zones,
                                        const Bitmap& blocks) {
  SettledParts settled;
  settled.predicate_ = &predicate;
  const auto parts = PartsOf(predicate);
  for (std::size_t child = 0; child < parts.size() && settled.parts_.size() < kPartsMax; ++child) {
    const auto negation = Negation(parts[child]);
    if (!negation) continue;
    // A part is TRUE in each entry of a block where no value can make it FALSE and none is NULL or unknown.
    LEVEE_ASSIGN(const Bitmap* const may_be_null, zones.MayBeNull(parts[child].column));
    if (may_be_null == nullptr) continue;
    LEVEE_ASSIGN(const Bitmap may_fail, columnar::EvaluateSkipping(*negation, zones, &blocks));
    Bitmap all_pass = blocks;
    for (std::size_t i = 0; i < all_pass.words().size(); ++i) {
      all_pass.words()[i] &= ~(may_fail.words()[i] | may_be_null->words()[i]);
    }
    if (!all_pass.None()) settled.parts_.push_back({child, std::move(all_pass)});
  }
  return settled;
}

const SkippingNode* SettledParts::Rest(std::size_t first, std::size_t count) {
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (AllIn(parts_[i].blocks, first, count)) mask |= std::uint64_t{1} << i;
  }
  if (mask == 0) return predicate_;
  const auto [entry, made] = rests_.try_emplace(mask);
  if (!made) return entry->second.get();
  SkippingNode rest{.kind = NodeKind::kAnd};
  const auto parts = PartsOf(*predicate_);
  std::size_t next = 0;  // of parts_, which ascend by child
  for (std::size_t child = 0; child < parts.size(); ++child) {
    const bool is_part = next < parts_.size() && parts_[next].child == child;
    const bool gone = is_part && ((mask >> next) & 1) != 0;
    if (is_part) ++next;
    if (!gone) rest.children.push_back(parts[child]);
  }
  if (rest.children.size() == 1) rest = SkippingNode(rest.children.front());
  if (rest.kind != NodeKind::kAnd || !rest.children.empty()) {
    entry->second = std::make_shared<const SkippingNode>(std::move(rest));
  }
  return entry->second.get();
}

}  // namespace levee::store

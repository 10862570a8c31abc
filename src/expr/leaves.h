// The leaves of a bound predicate: for which rows one is TRUE, FALSE or NULL.
#pragma once

#include <vector>

#include "expr/literal_cast.h"
#include "expr/simplify.h"

namespace levee::expr {

// Which rows are asked for.
enum class Want : std::uint8_t { kTrue, kFalse, kNull, kNotTrue, kNotFalse };

// The rows wanted, from functions that make the rows for which the predicate is TRUE, FALSE, NULL.
template <typename MakeTrue, typename MakeFalse, typename MakeNull>
SkippingNode Select(Want want, MakeTrue&& make_true, MakeFalse&& make_false, MakeNull&& make_null) {
  const auto either = [](SkippingNode a, SkippingNode b) {
    std::vector<SkippingNode> nodes;
    nodes.reserve(2);
    nodes.push_back(std::move(a));
    nodes.push_back(std::move(b));
    return MakeOr(std::move(nodes));
  };
  switch (want) {
    case Want::kTrue: return make_true();
    case Want::kFalse: return make_false();
    case Want::kNull: return make_null();
    case Want::kNotTrue: return either(make_false(), make_null());
    case Want::kNotFalse: return either(make_true(), make_null());
  }
  return Constantly(true);
}

CompareOp Negated(CompareOp op);  // of NOT (a OP b)
CompareOp Flipped(CompareOp op);  // of b OP a
// Whether a OP b, where `order` is below, at or above zero as a is below, equal to or above b.
bool HoldsOrder(CompareOp op, int order);

SkippingNode NullNode(const ColumnRef& column);
SkippingNode NotNullNode(const ColumnRef& column);

// A constant truth; empty is NULL.
SkippingNode TruthLeaf(Want want, std::optional<bool> truth);
SkippingNode UnknownLeaf();

// column OP literal.
SkippingNode CompareLeaf(Want want, const ColumnRef& column, CompareOp op, const LiteralFit& fit);
// a OP b for two columns.
SkippingNode ColumnsLeaf(Want want, const ColumnRef& a, CompareOp op, const ColumnRef& b);
// column IN (fits).
SkippingNode InLeaf(Want want, const ColumnRef& column, const std::vector<LiteralFit>& fits);
// column LIKE pattern, '\\' being the escape.
SkippingNode LikeLeaf(Want want, const ColumnRef& column, std::string_view pattern);

// True if the text matches the pattern; '_' stands for one character of UTF-8.
bool MatchesLike(std::string_view text, std::string_view pattern);

}  // namespace levee::expr

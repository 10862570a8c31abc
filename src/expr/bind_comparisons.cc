// Binding of comparisons, IN and LIKE.
#include <algorithm>
#include <iterator>
#include <ranges>

#include "expr/bind.h"

namespace levee::expr {

Status Binder::RequireScalar(const ColumnRef& column, std::size_t offset) const {
  if (column.type.kind < types::TypeKind::kVariant) return {};
  return context_.source.FailAt(
      offset,
      "column " + column.name + " is " + types::TypeName(column.type) +
          ": only IS [NOT] NULL may be asked of it",
      column.type.kind == types::TypeKind::kStruct ? "name a field: " + column.name + ".x" : "");
}

Result<SkippingNode> Binder::RowsOfCompare(const Expr& expr, Want want) const {
  return CompareOperands(expr.a, expr.op, expr.b, want, expr.offset);
}

Result<SkippingNode> Binder::CompareOperands(ExprId a, CompareOp op, ExprId b, Want want,
                                             std::size_t offset) const {
  if (!ast_.IsOperand(a) || !ast_.IsOperand(b)) return CompareTruths(a, op, b, want, offset);
  if (IsConstant(a) && IsConstant(b)) {
    LEVEE_ASSIGN(const std::optional<int> order, CompareConstants(ConstantAt(a), ConstantAt(b), context_));
    return TruthLeaf(want, order ? std::optional(HoldsOrder(op, *order)) : std::nullopt);
  }
  if (IsColumn(a) && IsColumn(b)) return CompareColumns(Column(a), op, Column(b), want, offset);
  if (IsConstant(a)) return CompareOperands(b, Flipped(op), a, want, offset);
  LEVEE_RETURN_IF_ERROR(RequireScalar(Column(a), At(a).offset));
  LEVEE_ASSIGN(const LiteralFit fit, FitLiteral(ConstantAt(b), Column(a), context_));
  return CompareLeaf(want, Column(a), op, fit);
}

Result<SkippingNode> Binder::CompareColumns(const ColumnRef& a, CompareOp op, const ColumnRef& b, Want want,
                                            std::size_t offset) const {
  LEVEE_RETURN_IF_ERROR(RequireScalar(a, offset));
  LEVEE_RETURN_IF_ERROR(RequireScalar(b, offset));
  // Columns of two types are compared after a cast that differs from engine to engine.
  if (a.type != b.type) return UnknownLeaf();
  return ColumnsLeaf(want, a, op, b);
}

Result<SkippingNode> Binder::CompareTruths(ExprId a, CompareOp op, ExprId b, Want want,
                                           std::size_t offset) const {
  if (IsConstant(a)) std::swap(a, b);
  const bool equality = op == CompareOp::kEqual || op == CompareOp::kNotEqual;
  const bool with_truth = IsConstant(b) && ConstantAt(b).kind == ConstantKind::kBoolean;
  if (IsConstant(b) && ConstantAt(b).kind == ConstantKind::kNull) return TruthLeaf(want, std::nullopt);
  if (!equality || !with_truth) {
    return context_.source.FailAt(offset, "a condition is compared only with = TRUE or = FALSE");
  }
  const bool same = ConstantAt(b).boolean == (op == CompareOp::kEqual);
  if (same || want == Want::kNull) return Rows(a, want);
  switch (want) {
    case Want::kTrue: return Rows(a, Want::kFalse);
    case Want::kFalse: return Rows(a, Want::kTrue);
    case Want::kNotTrue: return Rows(a, Want::kNotFalse);
    default: return Rows(a, Want::kNotTrue);
  }
}

// a <=> b is a = b where that is not NULL, TRUE for two NULLs and FALSE for one.
Result<SkippingNode> Binder::RowsOfNullSafeEqual(const Expr& expr, Want want) const {
  if (want == Want::kNull) return Constantly(false);
  const bool holds = want == Want::kTrue || want == Want::kNotFalse;
  const auto is_null = [&](ExprId id) {
    return IsConstant(id) && ConstantAt(id).kind == ConstantKind::kNull;
  };
  if (is_null(expr.b))
    return RowsOfIsNull({.kind = ExprKind::kIsNull, .a = expr.a, .offset = expr.offset}, want);
  if (is_null(expr.a))
    return RowsOfIsNull({.kind = ExprKind::kIsNull, .a = expr.b, .offset = expr.offset}, want);
  const auto equal = [&](Want part) {
    return CompareOperands(expr.a, CompareOp::kEqual, expr.b, part, expr.offset);
  };
  if (!IsColumn(expr.a) || !IsColumn(expr.b)) return equal(holds ? Want::kTrue : Want::kNotTrue);
  LEVEE_ASSIGN(SkippingNode rows, equal(holds ? Want::kTrue : Want::kFalse));
  const ColumnRef& a = Column(expr.a);
  const ColumnRef& b = Column(expr.b);
  if (holds) return MakeOr({std::move(rows), MakeAnd({NullNode(a), NullNode(b)})});
  return MakeOr(
      {std::move(rows), MakeAnd({NullNode(a), NotNullNode(b)}), MakeAnd({NotNullNode(a), NullNode(b)})});
}

Result<SkippingNode> Binder::RowsOfIn(const Expr& expr, Want want) const {
  const auto items = std::views::counted(ast_.lists.begin() + expr.b, expr.c);
  const bool plain =
      IsColumn(expr.a) && std::ranges::all_of(items, [&](ExprId id) { return IsConstant(id); });
  if (!plain) return RowsOfInExpanded(expr, want);
  const ColumnRef& column = Column(expr.a);
  LEVEE_RETURN_IF_ERROR(RequireScalar(column, At(expr.a).offset));
  std::vector<LiteralFit> fits;
  fits.reserve(static_cast<std::size_t>(expr.c));
  for (const ExprId id : items) {
    LEVEE_ASSIGN(LiteralFit fit, FitLiteral(ConstantAt(id), column, context_));
    fits.push_back(std::move(fit));
  }
  return InLeaf(want, column, fits);
}

// x IN (a, b) is x = a OR x = b.
Result<SkippingNode> Binder::RowsOfInExpanded(const Expr& expr, Want want) const {
  if (want == Want::kNull) {
    LEVEE_ASSIGN(SkippingNode not_true, RowsOfInExpanded(expr, Want::kNotTrue));
    LEVEE_ASSIGN(SkippingNode not_false, RowsOfInExpanded(expr, Want::kNotFalse));
    return MakeAnd({std::move(not_true), std::move(not_false)});
  }
  std::vector<SkippingNode> children;
  children.reserve(static_cast<std::size_t>(expr.c));
  for (std::int32_t i = 0; i < expr.c; ++i) {
    const ExprId item = ast_.lists[expr.b + i];
    LEVEE_ASSIGN(SkippingNode rows, CompareOperands(expr.a, CompareOp::kEqual, item, want, expr.offset));
    children.push_back(std::move(rows));
  }
  const bool any = want == Want::kTrue || want == Want::kNotFalse;
  return any ? MakeOr(std::move(children)) : MakeAnd(std::move(children));
}

Result<SkippingNode> Binder::RowsOfLike(const Expr& expr, Want want) const {
  const Constant& pattern = ConstantAt(expr.b);
  if (!ast_.IsOperand(expr.a)) return context_.source.FailAt(expr.offset, "LIKE takes a column of texts");
  if (pattern.kind == ConstantKind::kNull) return TruthLeaf(want, std::nullopt);
  if (IsConstant(expr.a)) {
    const Constant& text = ConstantAt(expr.a);
    if (text.kind == ConstantKind::kNull) return TruthLeaf(want, std::nullopt);
    if (text.kind != ConstantKind::kString) return context_.source.FailAt(text.offset, "LIKE takes a text");
    return TruthLeaf(want, MatchesLike(text.text, pattern.text));
  }
  const ColumnRef& column = Column(expr.a);
  if (column.type.kind != types::TypeKind::kString) {
    return context_.source.FailAt(At(expr.a).offset, "column " + column.name + " is " +
                                                         types::TypeName(column.type) + ": LIKE takes texts");
  }
  return LikeLeaf(want, column, pattern.text);
}

}  // namespace levee::expr

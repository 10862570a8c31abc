#include "expr/bind.h"

#include "expr/nearest_name.h"

namespace levee::expr {
namespace {

Want Opposite(Want want) {
  switch (want) {
    case Want::kTrue: return Want::kFalse;
    case Want::kFalse: return Want::kTrue;
    case Want::kNotTrue: return Want::kNotFalse;
    case Want::kNotFalse: return Want::kNotTrue;
    case Want::kNull: break;
  }
  return want;
}

}  // namespace

Status Binder::Resolve() {
  columns_.reserve(ast_.columns.size());
  for (const ColumnUse& use : ast_.columns) {
    auto column = resolver_.Resolve(use.path);
    if (!column) return UnknownColumn(use);
    columns_.push_back(std::move(*column));
  }
  return {};
}

std::unexpected<Error> Binder::UnknownColumn(const ColumnUse& use) const {
  std::string name;
  for (const std::string& part : use.path) name += (name.empty() ? "" : ".") + part;
  std::string hint;
  for (const std::string& near : NearestNames(name, resolver_.Names(), 3)) {
    hint += (hint.empty() ? "did you mean " : ", ") + near;
  }
  if (!hint.empty()) hint += "?";
  // "x" is a text in some dialects.
  const char first = context_.source.text[use.offset];
  if (hint.empty() && first == '"') hint = "a text stands in single quotes";
  return context_.source.FailAt(use.offset, "no column '" + name + "'", std::move(hint));
}

Result<SkippingNode> Binder::Rows(ExprId id, Want want) const {
  const Expr& expr = At(id);
  switch (expr.kind) {
    case ExprKind::kConstant: return RowsOfConstant(expr, want);
    case ExprKind::kColumn: return RowsOfColumn(expr, want);
    case ExprKind::kAnd:
    case ExprKind::kOr: return RowsOfList(expr, want);
    case ExprKind::kNot: return Rows(expr.a, Opposite(want));
    case ExprKind::kCompare: return RowsOfCompare(expr, want);
    case ExprKind::kNullSafeEqual: return RowsOfNullSafeEqual(expr, want);
    case ExprKind::kIn: return RowsOfIn(expr, want);
    case ExprKind::kLike: return RowsOfLike(expr, want);
    case ExprKind::kIsNull: return RowsOfIsNull(expr, want);
    case ExprKind::kIsTrue:
    case ExprKind::kIsFalse: return RowsOfTruthTest(expr, want);
  }
  return Constantly(true);
}

// AND is TRUE where all are, FALSE where one is; not TRUE where one is not. OR is its mirror.
Result<SkippingNode> Binder::RowsOfList(const Expr& expr, Want want) const {
  const bool is_and = expr.kind == ExprKind::kAnd;
  if (want == Want::kNull) {
    std::vector<SkippingNode> both;
    for (const Want part : {Want::kNotTrue, Want::kNotFalse}) {
      LEVEE_ASSIGN(SkippingNode rows, RowsOfList(expr, part));
      both.push_back(std::move(rows));
    }
    return MakeAnd(std::move(both));
  }
  std::vector<SkippingNode> children;
  children.reserve(static_cast<std::size_t>(expr.b));
  for (std::int32_t i = 0; i < expr.b; ++i) {
    LEVEE_ASSIGN(SkippingNode rows, Rows(ast_.lists[expr.a + i], want));
    children.push_back(std::move(rows));
  }
  const bool all = is_and == (want == Want::kTrue || want == Want::kNotFalse);
  if (as_written_ && children.size() > 1) {
    SkippingNode list{.kind = all ? NodeKind::kAnd : NodeKind::kOr};
    list.children = std::move(children);
    return list;
  }
  return all ? MakeAnd(std::move(children)) : MakeOr(std::move(children));
}

Result<SkippingNode> Binder::RowsOfConstant(const Expr& expr, Want want) const {
  const Constant& constant = ast_.constants[expr.a];
  if (constant.kind == ConstantKind::kNull) return TruthLeaf(want, std::nullopt);
  if (constant.kind == ConstantKind::kBoolean) return TruthLeaf(want, constant.boolean);
  return context_.source.FailAt(expr.offset,
                                std::string("a condition is expected, not ") + KindText(constant.kind));
}

Result<SkippingNode> Binder::RowsOfColumn(const Expr& expr, Want want) const {
  const ColumnRef& column = columns_[expr.a];
  if (column.type.kind != types::TypeKind::kBoolean) {
    return context_.source.FailAt(
        expr.offset, "column " + column.name + " is " + types::TypeName(column.type) + ", not a condition");
  }
  return CompareLeaf(want, column, CompareOp::kEqual, {FitKind::kExact, std::int64_t{1}, {}});
}

Result<SkippingNode> Binder::RowsOfIsNull(const Expr& expr, Want want) const {
  const bool wants_null = want == Want::kTrue || want == Want::kNotFalse;
  if (want == Want::kNull) return Constantly(false);
  if (IsColumn(expr.a)) return wants_null ? NullNode(Column(expr.a)) : NotNullNode(Column(expr.a));
  if (IsConstant(expr.a)) return TruthLeaf(want, ConstantAt(expr.a).kind == ConstantKind::kNull);
  if (wants_null) return Rows(expr.a, Want::kNull);
  std::vector<SkippingNode> either;
  for (const Want part : {Want::kTrue, Want::kFalse}) {
    LEVEE_ASSIGN(SkippingNode rows, Rows(expr.a, part));
    either.push_back(std::move(rows));
  }
  return MakeOr(std::move(either));
}

Result<SkippingNode> Binder::RowsOfTruthTest(const Expr& expr, Want want) const {
  if (want == Want::kNull) return Constantly(false);
  const bool holds = want == Want::kTrue || want == Want::kNotFalse;
  if (expr.kind == ExprKind::kIsTrue) return Rows(expr.a, holds ? Want::kTrue : Want::kNotTrue);
  return Rows(expr.a, holds ? Want::kFalse : Want::kNotFalse);
}

}  // namespace levee::expr

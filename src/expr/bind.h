// From the parsed tree to skipping nodes.
#pragma once

#include "base/status.h"
#include "expr/ast.h"
#include "expr/fold.h"
#include "expr/leaves.h"

namespace levee::expr {

// Not thread-safe.
class Binder {
 public:
  Binder(const Ast& ast, const ColumnResolver& resolver, const FoldContext& context)
      : ast_(ast), resolver_(resolver), context_(context) {}

  // Finds the columns. Before Rows.
  Status Resolve();

  // Whether AND and OR keep their parts as they were written; else constants, repeats and plain contradictions
  // vanish.
  void set_as_written(bool as_written) { as_written_ = as_written; }

  // The rows for which the expression is what is wanted. Negations end at the leaves: no node stands
  // for "not".
  Result<SkippingNode> Rows(ExprId id, Want want) const;

 private:
  Result<SkippingNode> RowsOfList(const Expr& expr, Want want) const;
  Result<SkippingNode> RowsOfConstant(const Expr& expr, Want want) const;
  Result<SkippingNode> RowsOfColumn(const Expr& expr, Want want) const;
  Result<SkippingNode> RowsOfIsNull(const Expr& expr, Want want) const;
  Result<SkippingNode> RowsOfTruthTest(const Expr& expr, Want want) const;
  Result<SkippingNode> RowsOfCompare(const Expr& expr, Want want) const;
  Result<SkippingNode> RowsOfNullSafeEqual(const Expr& expr, Want want) const;
  Result<SkippingNode> RowsOfIn(const Expr& expr, Want want) const;
  Result<SkippingNode> RowsOfInExpanded(const Expr& expr, Want want) const;
  Result<SkippingNode> RowsOfLike(const Expr& expr, Want want) const;

  Result<SkippingNode> CompareOperands(ExprId a, CompareOp op, ExprId b, Want want, std::size_t offset) const;
  Result<SkippingNode> CompareColumns(const ColumnRef& a, CompareOp op, const ColumnRef& b, Want want,
                                      std::size_t offset) const;
  // (a > 1) = TRUE and the like.
  Result<SkippingNode> CompareTruths(ExprId a, CompareOp op, ExprId b, Want want, std::size_t offset) const;

  Status RequireScalar(const ColumnRef& column, std::size_t offset) const;
  std::unexpected<Error> UnknownColumn(const ColumnUse& use) const;
  const Expr& At(ExprId id) const { return ast_.exprs[id]; }
  bool IsColumn(ExprId id) const { return At(id).kind == ExprKind::kColumn; }
  bool IsConstant(ExprId id) const { return At(id).kind == ExprKind::kConstant; }
  const ColumnRef& Column(ExprId id) const { return columns_[At(id).a]; }
  const Constant& ConstantAt(ExprId id) const { return ast_.constants[At(id).a]; }

  const Ast& ast_;
  const ColumnResolver& resolver_;
  const FoldContext& context_;
  std::vector<ColumnRef> columns_;  // of ast_.columns
  bool as_written_ = false;
};

}  // namespace levee::expr

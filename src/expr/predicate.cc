#include "expr/predicate.h"

#include "expr/bind.h"
#include "expr/parser.h"

namespace levee::expr {
namespace {

constexpr std::size_t kMaxTextBytes = 1024 * 1024;

}  // namespace

Result<BoundPredicate> BindPredicate(std::string_view text, const ColumnResolver& resolver,
                                     const BindOptions& options) {
  if (text.size() > kMaxTextBytes) {
    return Fail(
        ErrorCode::kInvalidArgument, "predicate",
        "the text has " + std::to_string(text.size()) + " bytes, more than " + std::to_string(kMaxTextBytes));
  }
  const SourceText source{text};
  const FoldContext context{source, options};
  Ast ast;
  // Enough for the usual predicate.
  ast.exprs.reserve(16);
  ast.constants.reserve(4);
  ast.columns.reserve(4);
  ast.lists.reserve(8);
  LEVEE_RETURN_IF_ERROR(Parser(ast, context).Parse());
  Binder binder(ast, resolver, context);
  LEVEE_RETURN_IF_ERROR(binder.Resolve());
  BoundPredicate bound{.timezone = options.timezone};
  binder.set_as_written(options.as_written);
  LEVEE_ASSIGN(bound.may_match, binder.Rows(ast.root, Want::kTrue));
  binder.set_as_written(false);
  LEVEE_ASSIGN(bound.may_not_match, binder.Rows(ast.root, Want::kNotTrue));
  return bound;
}

}  // namespace levee::expr

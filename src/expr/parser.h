// Predicate text to a tree, constants computed on the way.
#pragma once

#include "base/status.h"
#include "expr/ast.h"
#include "expr/fold.h"
#include "expr/lexer.h"

namespace levee::expr {

// A recursive descent, one level of the grammar a function; from the loosest binding to the tightest:
// OR, AND, NOT, one predicate, sum, product, sign, primary.
class Parser {
 public:
  Parser(Ast& ast, const FoldContext& context)
      : ast_(ast), context_(context), source_(context.source), lexer_(source_.text), token_(lexer_.Next()) {}

  // The whole text.
  Status Parse();

 private:
  Result<ExprId> ParseOr();
  Result<ExprId> ParseAnd();
  Result<ExprId> ParseNot();
  Result<ExprId> ParsePredicate();
  Result<ExprId> ParseSum();
  Result<ExprId> ParseProduct();
  Result<ExprId> ParseSign();
  Result<ExprId> ParsePrimary();

  Result<ExprId> ParseList(ExprKind kind, Keyword keyword, Result<ExprId> (Parser::*part)());
  Result<ExprId> ParseComparison(ExprId left, TokenKind op);
  Result<ExprId> ParseIs(ExprId operand);
  Result<ExprId> ParseIn(ExprId operand);
  Result<ExprId> ParseBetween(ExprId operand);
  Result<ExprId> ParseLike(ExprId operand);
  Result<ExprId> ParseArithmetic(char op, ExprId left, Result<ExprId> (Parser::*operand)());

  Result<ExprId> ParseName();
  Result<ExprId> ParseColumn(const Token& first);
  Result<ExprId> ParseTypedLiteral(const Token& name);
  Result<ExprId> ParseIntervalParts(std::size_t offset);
  Result<ExprId> ParseFunction(const Token& name);
  Result<ExprId> ParseCast(std::size_t offset);
  Result<types::PrimitiveType> ParseTypeName();
  Result<int> ParseSmallNumber();

  void Advance() { token_ = lexer_.Next(); }
  bool Take(TokenKind kind);
  bool TakeKeyword(Keyword keyword);
  bool TakeWord(std::string_view upper);
  Status Expect(TokenKind kind, const char* wanted);
  // "expected WANTED, found ...", or what the lexer found wrong.
  std::unexpected<Error> Unexpected(const char* wanted) const;
  std::string_view TextOf(const Token& token);

  Result<ExprId> AddExpr(Expr expr);
  Result<ExprId> AddConstant(const Constant& constant);
  Result<Constant> RequireConstant(ExprId id, std::size_t offset) const;

  Ast& ast_;
  const FoldContext& context_;
  const SourceText& source_;
  Lexer lexer_;
  Token token_;
  int nesting_ = 0;
};

}  // namespace levee::expr

#include "expr/parser.h"

#include <algorithm>

namespace levee::expr {
namespace {

constexpr int kMaxNesting = 200;
// A level of nesting adds up to five nodes; the bound keeps what walks the tree off the stack's end.
constexpr int kMaxDepth = 5 * kMaxNesting;

std::optional<CompareOp> ComparisonOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kEqual: return CompareOp::kEqual;
    case TokenKind::kNotEqual: return CompareOp::kNotEqual;
    case TokenKind::kLess: return CompareOp::kLess;
    case TokenKind::kLessEqual: return CompareOp::kLessEqual;
    case TokenKind::kGreater: return CompareOp::kGreater;
    case TokenKind::kGreaterEqual: return CompareOp::kGreaterEqual;
    default: return {};
  }
}

bool IsComparison(TokenKind kind) { return kind >= TokenKind::kEqual; }

}  // namespace

Status Parser::Parse() {
  LEVEE_ASSIGN(ast_.root, ParseOr());
  if (token_.kind != TokenKind::kEnd) return Unexpected("AND, OR or the end");
  return {};
}

Result<ExprId> Parser::ParseOr() {
  if (nesting_ >= kMaxNesting) {
    return source_.FailAt(token_.offset, "more than " + std::to_string(kMaxNesting) + " levels are nested");
  }
  ++nesting_;
  auto id = ParseList(ExprKind::kOr, Keyword::kOr, &Parser::ParseAnd);
  --nesting_;
  return id;
}

Result<ExprId> Parser::ParseAnd() { return ParseList(ExprKind::kAnd, Keyword::kAnd, &Parser::ParseNot); }

// One part, or several that the keyword joins into one node.
Result<ExprId> Parser::ParseList(ExprKind kind, Keyword keyword, Result<ExprId> (Parser::*part)()) {
  const std::size_t offset = token_.offset;
  LEVEE_ASSIGN(const ExprId first, (this->*part)());
  if (token_.keyword != keyword) return first;
  std::vector<ExprId> parts{first};
  while (TakeKeyword(keyword)) {
    LEVEE_ASSIGN(const ExprId next, (this->*part)());
    parts.push_back(next);
  }
  Expr expr{.kind = kind,
            .a = static_cast<ExprId>(ast_.lists.size()),
            .b = static_cast<ExprId>(parts.size()),
            .offset = offset};
  ast_.lists.insert(ast_.lists.end(), parts.begin(), parts.end());
  return AddExpr(expr);
}

Result<ExprId> Parser::ParseNot() {
  const std::size_t offset = token_.offset;
  bool negated = false;
  while (TakeKeyword(Keyword::kNot)) negated = !negated;
  LEVEE_ASSIGN(const ExprId id, ParsePredicate());
  if (!negated) return id;
  return AddExpr({.kind = ExprKind::kNot, .a = id, .offset = offset});
}

Result<ExprId> Parser::ParsePredicate() {
  LEVEE_ASSIGN(ExprId id, ParseSum());
  for (;;) {
    const std::size_t offset = token_.offset;
    if (IsComparison(token_.kind)) {
      LEVEE_ASSIGN(id, ParseComparison(id, token_.kind));
      if (IsComparison(token_.kind)) {
        return source_.FailAt(token_.offset, "comparisons cannot be chained", "join them with AND");
      }
      continue;
    }
    if (TakeKeyword(Keyword::kIs)) {
      LEVEE_ASSIGN(id, ParseIs(id));
      continue;
    }
    const bool negated = TakeKeyword(Keyword::kNot);
    if (TakeKeyword(Keyword::kIn)) {
      LEVEE_ASSIGN(id, ParseIn(id));
    } else if (TakeKeyword(Keyword::kBetween)) {
      LEVEE_ASSIGN(id, ParseBetween(id));
    } else if (TakeKeyword(Keyword::kLike)) {
      LEVEE_ASSIGN(id, ParseLike(id));
    } else if (negated) {
      return Unexpected("IN, BETWEEN or LIKE after NOT");
    } else {
      return id;
    }
    if (negated) {
      LEVEE_ASSIGN(id, AddExpr({.kind = ExprKind::kNot, .a = id, .offset = offset}));
    }
  }
}

Result<ExprId> Parser::ParseComparison(ExprId left, TokenKind op) {
  const std::size_t offset = token_.offset;
  Advance();
  LEVEE_ASSIGN(const ExprId right, ParseSum());
  if (op == TokenKind::kNullSafeEqual) {
    return AddExpr({.kind = ExprKind::kNullSafeEqual, .a = left, .b = right, .offset = offset});
  }
  return AddExpr(
      {.kind = ExprKind::kCompare, .op = *ComparisonOf(op), .a = left, .b = right, .offset = offset});
}

Result<ExprId> Parser::ParseIs(ExprId operand) {
  const std::size_t offset = token_.offset;
  const bool negated = TakeKeyword(Keyword::kNot);
  Expr expr{.kind = ExprKind::kIsNull, .a = operand, .offset = offset};
  if (TakeKeyword(Keyword::kTrue)) {
    expr.kind = ExprKind::kIsTrue;
  } else if (TakeKeyword(Keyword::kFalse)) {
    expr.kind = ExprKind::kIsFalse;
  } else if (!TakeKeyword(Keyword::kNull) && !TakeWord("UNKNOWN")) {
    return Unexpected("NULL, TRUE or FALSE");
  }
  LEVEE_ASSIGN(const ExprId id, AddExpr(expr));
  if (!negated) return id;
  return AddExpr({.kind = ExprKind::kNot, .a = id, .offset = offset});
}

Result<ExprId> Parser::ParseIn(ExprId operand) {
  const std::size_t offset = token_.offset;
  LEVEE_RETURN_IF_ERROR(Expect(TokenKind::kOpen, "'(' and the values of IN"));
  std::vector<ExprId> items;
  do {
    LEVEE_ASSIGN(const ExprId item, ParseSum());
    items.push_back(item);
  } while (Take(TokenKind::kComma));
  LEVEE_RETURN_IF_ERROR(Expect(TokenKind::kClose, "',' or ')'"));
  Expr expr{.kind = ExprKind::kIn,
            .a = operand,
            .b = static_cast<ExprId>(ast_.lists.size()),
            .c = static_cast<ExprId>(items.size()),
            .offset = offset};
  ast_.lists.insert(ast_.lists.end(), items.begin(), items.end());
  return AddExpr(expr);
}

// x BETWEEN a AND b is x >= a AND x <= b.
Result<ExprId> Parser::ParseBetween(ExprId operand) {
  const std::size_t offset = token_.offset;
  LEVEE_ASSIGN(const ExprId low, ParseSum());
  if (!TakeKeyword(Keyword::kAnd)) return Unexpected("AND and the upper bound of BETWEEN");
  LEVEE_ASSIGN(const ExprId high, ParseSum());
  const auto compare = [&](CompareOp op, ExprId bound) {
    return AddExpr({.kind = ExprKind::kCompare, .op = op, .a = operand, .b = bound, .offset = offset});
  };
  LEVEE_ASSIGN(const ExprId above, compare(CompareOp::kGreaterEqual, low));
  LEVEE_ASSIGN(const ExprId below, compare(CompareOp::kLessEqual, high));
  Expr expr{.kind = ExprKind::kAnd, .a = static_cast<ExprId>(ast_.lists.size()), .b = 2, .offset = offset};
  ast_.lists.insert(ast_.lists.end(), {above, below});
  return AddExpr(expr);
}

Result<ExprId> Parser::ParseSum() {
  LEVEE_ASSIGN(ExprId id, ParseProduct());
  while (token_.kind == TokenKind::kPlus || token_.kind == TokenKind::kMinus) {
    LEVEE_ASSIGN(id, ParseArithmetic(token_.text[0], id, &Parser::ParseProduct));
  }
  return id;
}

Result<ExprId> Parser::ParseProduct() {
  LEVEE_ASSIGN(ExprId id, ParseSign());
  while (token_.kind >= TokenKind::kStar && token_.kind <= TokenKind::kPercent) {
    LEVEE_ASSIGN(id, ParseArithmetic(token_.text[0], id, &Parser::ParseSign));
  }
  return id;
}

Result<ExprId> Parser::ParseArithmetic(char op, ExprId left, Result<ExprId> (Parser::*operand)()) {
  const std::size_t offset = token_.offset;
  LEVEE_ASSIGN(const Constant a, RequireConstant(left, offset));
  Advance();
  LEVEE_ASSIGN(const ExprId right, (this->*operand)());
  LEVEE_ASSIGN(const Constant b, RequireConstant(right, offset));
  LEVEE_ASSIGN(const Constant result, FoldArithmetic(op, a, b, offset, context_));
  return AddConstant(result);
}

Result<ExprId> Parser::ParseSign() {
  const std::size_t offset = token_.offset;
  bool any = false;
  bool negative = false;
  for (; token_.kind == TokenKind::kMinus || token_.kind == TokenKind::kPlus; Advance()) {
    any = true;
    negative ^= token_.kind == TokenKind::kMinus;
  }
  LEVEE_ASSIGN(const ExprId id, ParsePrimary());
  if (!any) return id;
  LEVEE_ASSIGN(const Constant value, RequireConstant(id, offset));
  if (!negative) return id;
  LEVEE_ASSIGN(const Constant negated, FoldNegation(value, context_));
  return AddConstant(negated);
}

Result<ExprId> Parser::ParsePrimary() {
  const Token token = token_;
  switch (token.kind) {
    case TokenKind::kOpen: {
      Advance();
      LEVEE_ASSIGN(const ExprId id, ParseOr());
      LEVEE_RETURN_IF_ERROR(Expect(TokenKind::kClose, "')'"));
      return id;
    }
    case TokenKind::kNumber: {
      Advance();
      Constant constant{.kind = ConstantKind::kNumber, .offset = token.offset};
      if (const auto number = ParseNumber(token.text)) {
        constant.number = *number;
        return AddConstant(constant);
      }
      const auto real = ParseDouble(token.text);
      const bool has_exponent = token.text.find_first_of("eE") != std::string_view::npos;
      if (!real || !has_exponent) {
        return source_.FailAt(token.offset, "the number has more than 38 digits or is out of range");
      }
      constant.kind = ConstantKind::kDouble;
      constant.real = *real;
      return AddConstant(constant);
    }
    case TokenKind::kString:
      Advance();
      return AddConstant({.kind = ConstantKind::kString, .text = TextOf(token), .offset = token.offset});
    case TokenKind::kWord:
    case TokenKind::kQuotedWord: return ParseName();
    default: return Unexpected("a column or a value");
  }
}

bool Parser::Take(TokenKind kind) {
  if (token_.kind != kind) return false;
  Advance();
  return true;
}

bool Parser::TakeKeyword(Keyword keyword) {
  if (token_.keyword != keyword) return false;
  Advance();
  return true;
}

bool Parser::TakeWord(std::string_view upper) {
  if (token_.kind != TokenKind::kWord || !EqualsWord(token_.text, upper)) return false;
  Advance();
  return true;
}

Status Parser::Expect(TokenKind kind, const char* wanted) {
  if (!Take(kind)) return Unexpected(wanted);
  return {};
}

std::unexpected<Error> Parser::Unexpected(const char* wanted) const {
  if (token_.kind == TokenKind::kBad) return source_.FailAt(token_.offset, std::string(token_.text));
  constexpr std::size_t kMaxShown = 40;
  std::string found = "the end";
  if (token_.kind != TokenKind::kEnd) {
    found =
        "'" + std::string(token_.text.substr(0, kMaxShown)) + (token_.text.size() > kMaxShown ? "...'" : "'");
  }
  return source_.FailAt(token_.offset, std::string("expected ") + wanted + ", found " + found);
}

// The token's text with doubled quotes made single.
std::string_view Parser::TextOf(const Token& token) {
  if (!token.has_doubled_quote) return token.text;
  const char quote = source_.text[token.offset];
  std::string text;
  text.reserve(token.text.size());
  for (std::size_t i = 0; i < token.text.size(); ++i) {
    text += token.text[i];
    if (token.text[i] == quote) ++i;
  }
  return ast_.Keep(std::move(text));
}

Result<ExprId> Parser::AddExpr(Expr expr) {
  int depth = 0;
  const auto look_at = [&](ExprId id) { depth = std::max<int>(depth, ast_.exprs[id].depth); };
  switch (expr.kind) {
    case ExprKind::kConstant:
    case ExprKind::kColumn: break;
    case ExprKind::kAnd:
    case ExprKind::kOr: std::for_each_n(ast_.lists.begin() + expr.a, expr.b, look_at); break;
    case ExprKind::kIn:
      std::for_each_n(ast_.lists.begin() + expr.b, expr.c, look_at);
      look_at(expr.a);
      break;
    case ExprKind::kCompare:
    case ExprKind::kNullSafeEqual:
    case ExprKind::kLike: look_at(expr.b); [[fallthrough]];
    default: look_at(expr.a); break;
  }
  if (depth >= kMaxDepth) return source_.FailAt(expr.offset, "the predicate is nested too deeply");
  expr.depth = static_cast<std::uint16_t>(depth + 1);
  ast_.exprs.push_back(expr);
  return static_cast<ExprId>(ast_.exprs.size() - 1);
}

Result<ExprId> Parser::AddConstant(const Constant& constant) {
  ast_.constants.push_back(constant);
  return AddExpr({.kind = ExprKind::kConstant,
                  .a = static_cast<ExprId>(ast_.constants.size() - 1),
                  .offset = constant.offset});
}

Result<Constant> Parser::RequireConstant(ExprId id, std::size_t offset) const {
  const Expr& expr = ast_.exprs[id];
  if (expr.kind == ExprKind::kConstant) return ast_.constants[expr.a];
  return source_.FailAt(offset, "only constants may be computed, not columns",
                        "bring the column alone to one side, e.g. x > 5 - 1");
}

}  // namespace levee::expr

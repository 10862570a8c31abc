// What begins with a word: columns, typed literals, functions of constants.
#include <charconv>

#include "expr/parser.h"

namespace levee::expr {
namespace {

// Wildcards of the pattern with '\\' as the escape, whatever the escape was.
// Empty when the pattern ends in its escape.
std::optional<std::string> WithBackslashEscapes(std::string_view pattern, std::string_view escape) {
  std::string result;
  result.reserve(pattern.size());
  while (!pattern.empty()) {
    const bool escaped = !escape.empty() && pattern.starts_with(escape);
    if (escaped) pattern.remove_prefix(escape.size());
    if (pattern.empty()) return {};
    const char c = pattern.front();
    if (c == '\\' || (escaped && (c == '%' || c == '_'))) result += '\\';
    result += c;
    pattern.remove_prefix(1);
  }
  return result;
}

std::size_t CharacterCount(std::string_view text) {
  std::size_t count = 0;
  for (const char byte : text) count += (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
  return count;
}

std::optional<std::string> FromHex(std::string_view digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    unsigned byte = 0;
    const char* const end = digits.data() + i + 2;
    const auto parsed = std::from_chars(digits.data() + i, end, byte, 16);
    if (parsed.ec != std::errc() || parsed.ptr != end) return {};
    bytes += static_cast<char>(byte);
  }
  if (digits.size() % 2 != 0) return {};
  return bytes;
}

constexpr std::pair<std::string_view, types::TypeKind> kTypeNames[] = {
    {"BOOLEAN", types::TypeKind::kBoolean},     {"BOOL", types::TypeKind::kBoolean},
    {"TINYINT", types::TypeKind::kByte},        {"BYTE", types::TypeKind::kByte},
    {"SMALLINT", types::TypeKind::kShort},      {"SHORT", types::TypeKind::kShort},
    {"INT", types::TypeKind::kInteger},         {"INTEGER", types::TypeKind::kInteger},
    {"BIGINT", types::TypeKind::kLong},         {"LONG", types::TypeKind::kLong},
    {"FLOAT", types::TypeKind::kFloat},         {"REAL", types::TypeKind::kFloat},
    {"DOUBLE", types::TypeKind::kDouble},       {"STRING", types::TypeKind::kString},
    {"VARCHAR", types::TypeKind::kString},      {"TEXT", types::TypeKind::kString},
    {"BINARY", types::TypeKind::kBinary},       {"DATE", types::TypeKind::kDate},
    {"TIMESTAMP", types::TypeKind::kTimestamp}, {"TIMESTAMP_NTZ", types::TypeKind::kTimestampNtz},
    {"DECIMAL", types::TypeKind::kDecimal},     {"NUMERIC", types::TypeKind::kDecimal},
};

}  // namespace

Result<ExprId> Parser::ParseLike(ExprId operand) {
  const std::size_t offset = token_.offset;
  LEVEE_ASSIGN(const ExprId pattern_id, ParseSum());
  LEVEE_ASSIGN(Constant pattern, RequireConstant(pattern_id, offset));
  std::string_view escape = "\\";
  if (TakeWord("ESCAPE")) {
    const Token token = token_;
    LEVEE_RETURN_IF_ERROR(Expect(TokenKind::kString, "the character of ESCAPE in quotes"));
    escape = TextOf(token);
    if (CharacterCount(escape) != 1) return source_.FailAt(token.offset, "ESCAPE takes one character");
  }
  if (pattern.kind != ConstantKind::kNull) {
    if (pattern.kind != ConstantKind::kString) return source_.FailAt(offset, "LIKE takes a text in quotes");
    auto normalised = WithBackslashEscapes(pattern.text, escape);
    if (!normalised) return source_.FailAt(offset, "the pattern ends in its escape character");
    pattern.text = ast_.Keep(std::move(*normalised));
  }
  LEVEE_ASSIGN(const ExprId normalised_id, AddConstant(pattern));
  return AddExpr({.kind = ExprKind::kLike, .a = operand, .b = normalised_id, .offset = offset});
}

Result<ExprId> Parser::ParseName() {
  const Token name = token_;
  Advance();
  if (name.kind == TokenKind::kQuotedWord) return ParseColumn(name);
  Constant constant{.offset = name.offset};
  switch (name.keyword) {
    case Keyword::kNone: break;
    case Keyword::kTrue:
    case Keyword::kFalse:
      constant.kind = ConstantKind::kBoolean;
      constant.boolean = name.keyword == Keyword::kTrue;
      return AddConstant(constant);
    case Keyword::kNull: return AddConstant(constant);
    default:
      return source_.FailAt(name.offset,
                            "expected a column or a value, found '" + std::string(name.text) + "'",
                            "quote a column of that name: `" + std::string(name.text) + "`");
  }
  // Words like DATE are columns unless what follows makes them more.
  if (token_.kind == TokenKind::kString) return ParseTypedLiteral(name);
  if (token_.kind == TokenKind::kOpen) return ParseFunction(name);
  if (EqualsWord(name.text, "INTERVAL") &&
      (token_.kind == TokenKind::kNumber || token_.kind == TokenKind::kMinus)) {
    return ParseIntervalParts(name.offset);
  }
  if (EqualsWord(name.text, "CURRENT_TIMESTAMP")) return AddConstant(CurrentTimestamp(name.offset, context_));
  if (EqualsWord(name.text, "CURRENT_DATE")) {
    LEVEE_ASSIGN(const Constant today, CurrentDate(name.offset, context_));
    return AddConstant(today);
  }
  return ParseColumn(name);
}

Result<ExprId> Parser::ParseColumn(const Token& first) {
  ColumnUse use{.offset = first.offset};
  use.path.emplace_back(TextOf(first));
  while (Take(TokenKind::kDot)) {
    // After a point a keyword is a name.
    if (token_.kind != TokenKind::kWord && token_.kind != TokenKind::kQuotedWord) {
      return Unexpected("a name after '.'");
    }
    use.path.emplace_back(TextOf(token_));
    Advance();
  }
  ast_.columns.push_back(std::move(use));
  return AddExpr(
      {.kind = ExprKind::kColumn, .a = static_cast<ExprId>(ast_.columns.size() - 1), .offset = first.offset});
}

Result<ExprId> Parser::ParseTypedLiteral(const Token& name) {
  if (EqualsWord(name.text, "INTERVAL")) return ParseIntervalParts(name.offset);
  const Constant text{.kind = ConstantKind::kString, .text = TextOf(token_), .offset = token_.offset};
  const bool is_ntz = EqualsWord(name.text, "TIMESTAMP_NTZ");
  Result<Constant> constant;
  if (EqualsWord(name.text, "DATE")) {
    constant = ReadDateLiteral(text, context_);
  } else if (is_ntz || EqualsWord(name.text, "TIMESTAMP") || EqualsWord(name.text, "TIMESTAMP_LTZ")) {
    constant = ReadTimestampLiteral(text, is_ntz, context_);
  } else if (EqualsWord(name.text, "X")) {
    auto bytes = FromHex(text.text);
    if (!bytes) return source_.FailAt(text.offset, "X'...' takes pairs of hexadecimal digits");
    constant =
        Constant{.kind = ConstantKind::kBinary, .text = ast_.Keep(std::move(*bytes)), .offset = name.offset};
  } else {
    return Unexpected("AND, OR or the end");
  }
  if (!constant) return std::unexpected(std::move(constant).error());
  Advance();
  return AddConstant(*constant);
}

// INTERVAL 7 DAY, INTERVAL '7' DAY, INTERVAL '7 days', INTERVAL 1 DAY 2 HOURS.
Result<ExprId> Parser::ParseIntervalParts(std::size_t offset) {
  Constant sum{.kind = ConstantKind::kInterval, .offset = offset};
  do {
    const bool negative = Take(TokenKind::kMinus);
    const Token token = token_;
    if (!Take(TokenKind::kNumber) && !Take(TokenKind::kString))
      return Unexpected("the length of the interval");
    std::string_view number = TextOf(token);
    std::string_view unit = token_.text;
    const std::size_t blank = token.kind == TokenKind::kString ? number.find(' ') : std::string_view::npos;
    if (blank != std::string_view::npos) {
      unit = number.substr(blank + 1);
      number = number.substr(0, blank);
    } else if (token_.kind != TokenKind::kWord) {
      return Unexpected("a unit, e.g. DAY");
    } else {
      Advance();
    }
    LEVEE_ASSIGN(Constant part, ReadInterval(number, unit, token.offset, context_));
    if (negative) {
      LEVEE_ASSIGN(part, FoldNegation(part, context_));
    }
    LEVEE_ASSIGN(sum, AddIntervals(sum, part, token.offset, context_));
  } while (token_.kind == TokenKind::kNumber || token_.kind == TokenKind::kString);
  return AddConstant(sum);
}

Result<ExprId> Parser::ParseFunction(const Token& name) {
  Advance();
  if (EqualsWord(name.text, "CAST")) return ParseCast(name.offset);
  const bool is_date = EqualsWord(name.text, "CURRENT_DATE");
  if (!is_date && !EqualsWord(name.text, "NOW") && !EqualsWord(name.text, "CURRENT_TIMESTAMP")) {
    return source_.FailAt(name.offset, "there is no function '" + std::string(name.text) + "'",
                          "only constants may be computed: CAST, CURRENT_DATE, CURRENT_TIMESTAMP, NOW()");
  }
  LEVEE_RETURN_IF_ERROR(Expect(TokenKind::kClose, "')'"));
  if (!is_date) return AddConstant(CurrentTimestamp(name.offset, context_));
  LEVEE_ASSIGN(const Constant today, CurrentDate(name.offset, context_));
  return AddConstant(today);
}

Result<ExprId> Parser::ParseCast(std::size_t offset) {
  LEVEE_ASSIGN(const ExprId id, ParseOr());
  LEVEE_ASSIGN(const Constant value, RequireConstant(id, offset));
  if (!TakeWord("AS")) return Unexpected("AS and a type");
  LEVEE_ASSIGN(const types::PrimitiveType type, ParseTypeName());
  LEVEE_RETURN_IF_ERROR(Expect(TokenKind::kClose, "')'"));
  LEVEE_ASSIGN(const Constant result, CastConstant(value, type, ast_, context_));
  return AddConstant(result);
}

Result<types::PrimitiveType> Parser::ParseTypeName() {
  types::PrimitiveType type;
  for (const auto& [name, kind] : kTypeNames) {
    if (token_.kind == TokenKind::kWord && EqualsWord(token_.text, name)) type.kind = kind;
  }
  if (type.kind == types::TypeKind::kUnknown) return Unexpected("a type, e.g. BIGINT");
  const std::size_t offset = token_.offset;
  Advance();
  if (type.kind != types::TypeKind::kDecimal) return type;
  type.precision = 10;
  if (!Take(TokenKind::kOpen)) return type;
  LEVEE_ASSIGN(const int precision, ParseSmallNumber());
  int scale = 0;
  if (Take(TokenKind::kComma)) {
    LEVEE_ASSIGN(scale, ParseSmallNumber());
  }
  LEVEE_RETURN_IF_ERROR(Expect(TokenKind::kClose, "')'"));
  if (precision < 1 || precision > 38 || scale > precision) {
    return source_.FailAt(offset, "a decimal has 1 to 38 digits, and no more of them after the point");
  }
  type.precision = static_cast<std::uint8_t>(precision);
  type.scale = static_cast<std::uint8_t>(scale);
  return type;
}

// 0 to 99.
Result<int> Parser::ParseSmallNumber() {
  int number = 0;
  const char* const end = token_.text.data() + token_.text.size();
  if (token_.kind != TokenKind::kNumber || token_.text.size() > 2 ||
      std::from_chars(token_.text.data(), end, number).ptr != end) {
    return Unexpected("a number of digits");
  }
  Advance();
  return number;
}

}  // namespace levee::expr

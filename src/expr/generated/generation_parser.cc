#include "expr/generated/generation_parser.h"

#include <charconv>

#include "expr/lexer.h"

namespace levee::expr {
namespace {

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) { Advance(); }

  std::optional<GenerationExpression> Parse() {
    if (!IsName()) return std::nullopt;
    const Token first = token_;
    Advance();
    const bool is_call = token_.kind == TokenKind::kOpen && first.kind == TokenKind::kWord;
    const bool right = is_call ? ParseCall(first.text) : ParseColumn(first);
    if (!right || token_.kind != TokenKind::kEnd) return std::nullopt;
    return std::move(expression_);
  }

 private:
  bool ParseCall(std::string_view function) {
    Advance();
    if (!IsName()) return false;
    const Token first = token_;
    Advance();
    if (!ParseColumn(first)) return false;
    if (EqualsWord(function, "CAST")) {
      expression_.kind = GenerationKind::kCastDate;
      return TakeWord("AS") && TakeWord("DATE") && Take(TokenKind::kClose);
    }
    if (EqualsWord(function, "YEAR")) {
      expression_.kind = GenerationKind::kYear;
      return Take(TokenKind::kClose);
    }
    if (EqualsWord(function, "DATE_FORMAT")) {
      expression_.kind = GenerationKind::kDateFormat;
      if (!Take(TokenKind::kComma) || token_.kind != TokenKind::kString) return false;
      expression_.pattern = token_.text;
      Advance();
      return Take(TokenKind::kClose);
    }
    return (EqualsWord(function, "SUBSTRING") || EqualsWord(function, "SUBSTR")) && ParsePrefix();
  }

  // Positions 0 and 1 both are the first.
  bool ParsePrefix() {
    expression_.kind = GenerationKind::kPrefix;
    std::int64_t position = 0;
    return Take(TokenKind::kComma) && TakeNumber(position) && (position == 0 || position == 1) &&
           Take(TokenKind::kComma) && TakeNumber(expression_.characters) && Take(TokenKind::kClose);
  }

  bool ParseColumn(Token part) {
    while (true) {
      if (part.has_doubled_quote) return false;
      expression_.source.emplace_back(part.text);
      if (token_.kind != TokenKind::kDot) return true;
      Advance();
      if (!IsName()) return false;
      part = token_;
      Advance();
    }
  }

  bool IsName() const {
    return (token_.kind == TokenKind::kWord && token_.keyword == Keyword::kNone) ||
           token_.kind == TokenKind::kQuotedWord;
  }

  bool Take(TokenKind kind) {
    const bool there = token_.kind == kind;
    if (there) Advance();
    return there;
  }

  bool TakeWord(std::string_view upper) {
    const bool there = token_.kind == TokenKind::kWord && EqualsWord(token_.text, upper);
    if (there) Advance();
    return there;
  }

  bool TakeNumber(std::int64_t& number) {
    const char* end = token_.text.data() + token_.text.size();
    const auto read = std::from_chars(token_.text.data(), end, number);
    return read.ptr == end && read.ec == std::errc() && Take(TokenKind::kNumber);
  }

  void Advance() { token_ = lexer_.Next(); }

  Lexer lexer_;
  Token token_;
  GenerationExpression expression_;
};

}  // namespace

std::optional<GenerationExpression> ParseGeneration(std::string_view text) { return Parser(text).Parse(); }

}  // namespace levee::expr

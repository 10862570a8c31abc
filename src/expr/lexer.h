// Predicate text to tokens, one at a time and without allocation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace levee::expr {

enum class TokenKind : std::uint8_t {
  kEnd,
  kBad,  // Token::text says why
  kWord,
  kQuotedWord,
  kString,
  kNumber,
  kComma,
  kDot,
  kOpen,
  kClose,
  kPlus,
  kMinus,
  kStar,
  kSlash,
  kPercent,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kNullSafeEqual,
};

// Words that are no column names unless quoted.
enum class Keyword : std::uint8_t { kNone, kAnd, kOr, kNot, kIn, kIs, kNull, kTrue, kFalse, kLike, kBetween };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Keyword keyword = Keyword::kNone;  // of a kWord
  bool has_doubled_quote = false;    // the text holds '' (or `` or "") for one quote
  std::size_t offset = 0;            // of the first byte
  std::string_view text;             // quotes left out
};

class Lexer {
 public:
  // The text must outlive the lexer and its tokens.
  explicit Lexer(std::string_view text) : text_(text) {}

  // The next token; kEnd for ever once the text has ended, kBad where it is wrong.
  Token Next();

 private:
  Token Word(std::size_t start);
  Token Number(std::size_t start);
  Token Quoted(std::size_t start, char quote);
  Token Operator(std::size_t start);
  char At(std::size_t index) const { return index < text_.size() ? text_[index] : '\0'; }

  std::string_view text_;
  std::size_t at_ = 0;
};

// ASCII only: equal to an upper-case word but for case.
bool EqualsWord(std::string_view text, std::string_view upper);

}  // namespace levee::expr

#include "expr/lexer.h"

#include <utility>

namespace levee::expr {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Letters of every script: bytes beyond ASCII belong to words.
bool IsWordStart(char c) {
  const char lower = static_cast<char>(c | 0x20);
  return (lower >= 'a' && lower <= 'z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool IsWordPart(char c) { return IsWordStart(c) || IsDigit(c) || c == '$'; }

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

constexpr std::pair<std::string_view, Keyword> kKeywords[] = {
    {"AND", Keyword::kAnd},         {"OR", Keyword::kOr},       {"NOT", Keyword::kNot},
    {"IN", Keyword::kIn},           {"IS", Keyword::kIs},       {"NULL", Keyword::kNull},
    {"TRUE", Keyword::kTrue},       {"FALSE", Keyword::kFalse}, {"LIKE", Keyword::kLike},
    {"BETWEEN", Keyword::kBetween},
};

Keyword FindKeyword(std::string_view word) {
  if (word.size() < 2 || word.size() > 7) return Keyword::kNone;
  for (const auto& [text, keyword] : kKeywords) {
    if (EqualsWord(word, text)) return keyword;
  }
  return Keyword::kNone;
}

}  // namespace

bool EqualsWord(std::string_view text, std::string_view upper) {
  if (text.size() != upper.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i] >= 'a' && text[i] <= 'z' ? static_cast<char>(text[i] - 32) : text[i];
    if (c != upper[i]) return false;
  }
  return true;
}

Token Lexer::Next() {
  while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
  const std::size_t start = at_;
  if (start == text_.size()) return {.kind = TokenKind::kEnd, .offset = start};
  const char first = text_[start];
  if (IsWordStart(first)) return Word(start);
  if (IsDigit(first) || (first == '.' && IsDigit(At(start + 1)))) return Number(start);
  if (first == '\'' || first == '"' || first == '`') return Quoted(start, first);
  return Operator(start);
}

Token Lexer::Word(std::size_t start) {
  while (at_ < text_.size() && IsWordPart(text_[at_])) ++at_;
  const std::string_view word = text_.substr(start, at_ - start);
  return {.kind = TokenKind::kWord, .keyword = FindKeyword(word), .offset = start, .text = word};
}

Token Lexer::Number(std::size_t start) {
  const auto skip_digits = [this] {
    while (IsDigit(At(at_))) ++at_;
  };
  skip_digits();
  if (At(at_) == '.') {
    ++at_;
    skip_digits();
  }
  if ((At(at_) | 0x20) == 'e') {
    const std::size_t sign = At(at_ + 1) == '+' || At(at_ + 1) == '-' ? 1 : 0;
    if (IsDigit(At(at_ + 1 + sign))) {
      at_ += 1 + sign;
      skip_digits();
    }
  }
  if (IsWordPart(At(at_))) {
    return {.kind = TokenKind::kBad,
            .offset = start,
            .text = "a number runs into letters; quote a column name that starts with a digit"};
  }
  return {.kind = TokenKind::kNumber, .offset = start, .text = text_.substr(start, at_ - start)};
}

Token Lexer::Quoted(std::size_t start, char quote) {
  Token token{.kind = quote == '\'' ? TokenKind::kString : TokenKind::kQuotedWord, .offset = start};
  for (at_ = start + 1;; ++at_) {
    at_ = text_.find(quote, at_);
    if (at_ == std::string_view::npos) {
      at_ = text_.size();
      return {.kind = TokenKind::kBad,
              .offset = start,
              .text = quote == '\'' ? "a text has no closing quote" : "a quoted name has no closing quote"};
    }
    if (At(at_ + 1) != quote) break;
    token.has_doubled_quote = true;
    ++at_;
  }
  token.text = text_.substr(start + 1, at_ - start - 1);
  ++at_;
  return token;
}

Token Lexer::Operator(std::size_t start) {
  const auto token = [&](TokenKind kind, std::size_t size) -> Token {
    at_ = start + size;
    return {.kind = kind, .offset = start, .text = text_.substr(start, size)};
  };
  const char second = At(start + 1);
  switch (text_[start]) {
    case ',': return token(TokenKind::kComma, 1);
    case '.': return token(TokenKind::kDot, 1);
    case '(': return token(TokenKind::kOpen, 1);
    case ')': return token(TokenKind::kClose, 1);
    case '+': return token(TokenKind::kPlus, 1);
    case '-': return token(TokenKind::kMinus, 1);
    case '*': return token(TokenKind::kStar, 1);
    case '/': return token(TokenKind::kSlash, 1);
    case '%': return token(TokenKind::kPercent, 1);
    case '=': return token(TokenKind::kEqual, second == '=' ? 2 : 1);
    case '!':
      if (second == '=') return token(TokenKind::kNotEqual, 2);
      break;
    case '<':
      if (second == '>') return token(TokenKind::kNotEqual, 2);
      if (second != '=') return token(TokenKind::kLess, 1);
      return At(start + 2) == '>' ? token(TokenKind::kNullSafeEqual, 3) : token(TokenKind::kLessEqual, 2);
    case '>': return second == '=' ? token(TokenKind::kGreaterEqual, 2) : token(TokenKind::kGreater, 1);
    default: break;
  }
  return {.kind = TokenKind::kBad, .offset = start, .text = "a character that no predicate has"};
}

}  // namespace levee::expr

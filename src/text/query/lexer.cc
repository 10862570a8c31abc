#include "text/query/lexer.h"

#include <string>

namespace levee::text {
namespace {

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool EndsWord(char c) { return IsSpace(c) || c == '(' || c == ')' || c == '"'; }

}  // namespace

std::unexpected<Error> InvalidQuery(std::size_t at, std::string_view why) {
  Error error{ErrorCode::kInvalidArgument, "query", "byte " + std::to_string(at) + ": " + std::string(why)};
  error.detail = "INVALID_QUERY";
  return std::unexpected<Error>(std::move(error));
}

Symbol Lexer::Take(SymbolKind kind, std::size_t bytes) {
  const Symbol symbol{kind, query_.substr(at_, bytes), at_};
  at_ += bytes;
  return symbol;
}

Result<Symbol> Lexer::Next() {
  while (at_ < query_.size() && IsSpace(query_[at_])) ++at_;
  if (at_ == query_.size()) return Symbol{.begin = at_};
  const char c = query_[at_];
  if (c == '(') return Take(SymbolKind::kOpen, 1);
  if (c == ')') return Take(SymbolKind::kClose, 1);
  if (c == '"') return TakePhrase();
  // A mark alone or before another one ("--verbose") is punctuation.
  const char after = at_ + 1 < query_.size() ? query_[at_ + 1] : ' ';
  const bool is_mark = !IsSpace(after) && after != ')' && after != '+' && after != '-';
  if (c == '+' && is_mark) return Take(SymbolKind::kMust, 1);
  if (c == '-' && is_mark) return Take(SymbolKind::kMustNot, 1);
  if (const auto field = TakeField()) return *field;
  return TakeWord();
}

Result<Symbol> Lexer::TakePhrase() {
  const std::size_t end = query_.find('"', at_ + 1);
  if (end == std::string_view::npos) return InvalidQuery(at_, "the quote is not closed");
  const Symbol symbol{SymbolKind::kPhrase, query_.substr(at_ + 1, end - at_ - 1), at_ + 1};
  at_ = end + 1;
  return symbol;
}

// A field's name, a colon, and what it is about at once.
std::optional<Symbol> Lexer::TakeField() {
  for (const Field field : kAllFields) {
    const std::string_view name = kFieldNames[static_cast<std::size_t>(field)];
    const std::string_view rest = query_.substr(at_);
    if (!rest.starts_with(name) || rest.size() < name.size() + 2 || rest[name.size()] != ':') continue;
    const char after = rest[name.size() + 1];
    if (IsSpace(after) || after == ')') continue;
    Symbol symbol = Take(SymbolKind::kField, name.size() + 1);
    symbol.field = field;
    return symbol;
  }
  return std::nullopt;
}

Symbol Lexer::TakeWord() {
  std::size_t end = at_;
  while (end < query_.size() && !EndsWord(query_[end])) ++end;
  Symbol symbol = Take(SymbolKind::kWord, end - at_);
  if (symbol.text == "AND") symbol.kind = SymbolKind::kAnd;
  if (symbol.text == "OR") symbol.kind = SymbolKind::kOr;
  if (symbol.text == "NOT") symbol.kind = SymbolKind::kNot;
  return symbol;
}

}  // namespace levee::text

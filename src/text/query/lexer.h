// Parts a query into words, quotes, parentheses and operators.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/status.h"
#include "text/field.h"

namespace levee::text {

enum class SymbolKind : std::uint8_t {
  kWord, kPhrase, kOpen, kClose, kAnd, kOr, kNot,
  kMust,      // "+"
  kMustNot,   // "-"
  kField,     // "tags:"
  kEnd,
};

struct Symbol {
  SymbolKind kind = SymbolKind::kEnd;
  std::string_view text;  // of a word as it stands, of a phrase what is between the quotes
  std::size_t begin = 0;  // the byte of the query
  Field field = Field::kContent;  // of kField
};

// kInvalidArgument, INVALID_QUERY.
std::unexpected<Error> InvalidQuery(std::size_t at, std::string_view why);

class Lexer {
 public:
  explicit Lexer(std::string_view query) : query_(query) {}
  // A quote that is not closed is an error.
  Result<Symbol> Next();

 private:
  Symbol Take(SymbolKind kind, std::size_t bytes);
  Result<Symbol> TakePhrase();
  Symbol TakeWord();
  std::optional<Symbol> TakeField();

  std::string_view query_;
  std::size_t at_ = 0;
};

}  // namespace levee::text

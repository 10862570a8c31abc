#include "text/query/leaf_reader.h"

#include "text/analysis/characters.h"

namespace levee::text {
namespace {

constexpr std::size_t kPrefixCharactersMin = 2;

// "word~", "word~1": the word, and how many errors it says. Nothing: it ends in no such thing.
struct Tolerant {
  std::string_view word;
  std::string_view digits;
};
std::optional<Tolerant> ReadTolerant(std::string_view text) {
  const std::size_t at = text.rfind('~');
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  const std::string_view digits = text.substr(at + 1);
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
  }
  return Tolerant{text.substr(0, at), digits};
}

}  // namespace

void LeafReader::TakeTokens(Leaf& leaf) const {
  const auto& tokens = list_.tokens();
  for (const Token& token : tokens) {
    leaf.tokens.push_back({std::string(token.text()), token.position - tokens[0].position});
  }
  leaf.kind = tokens.size() == 1 ? LeafKind::kToken : LeafKind::kPhrase;
}

Result<std::optional<Leaf>> LeafReader::Read(const Symbol& symbol) {
  Leaf leaf{.typos = {.unknown_only = false, .edits = 0}, .begin = symbol.begin, .end = symbol.begin + symbol.text.size()};
  if (symbol.kind == SymbolKind::kPhrase) {
    analyzer_.Analyze(symbol.text, list_);
    if (list_.tokens().empty()) return std::nullopt;
    TakeTokens(leaf);
    return leaf;
  }
  if (symbol.text.ends_with('*')) return ReadPrefix(symbol, symbol.text.substr(0, symbol.text.size() - 1));
  const auto tolerant = ReadTolerant(symbol.text);
  if (tolerant) leaf.end = symbol.begin + tolerant->word.size();
  analyzer_.Analyze(tolerant ? tolerant->word : symbol.text, list_);
  if (list_.tokens().empty()) return std::nullopt;
  TakeTokens(leaf);
  if (!tolerant) {
    if (leaf.kind == LeafKind::kToken) leaf.typos = typos_;
    return leaf;
  }
  if (leaf.kind != LeafKind::kToken) return InvalidQuery(symbol.begin, "typing errors are those of one word");
  if (tolerant->digits.size() > 1 || (!tolerant->digits.empty() && tolerant->digits[0] > '2')) {
    return InvalidQuery(leaf.end, "typing errors are 0, 1 or 2");
  }
  leaf.typos.edits = tolerant->digits.empty() ? 2 : tolerant->digits[0] - '0';
  return leaf;
}

Result<std::optional<Leaf>> LeafReader::ReadPrefix(const Symbol& symbol, std::string_view word) {
  // No stemming: who writes a beginning means that.
  analyzer_.Fold(word, list_);
  if (list_.tokens().empty()) return std::nullopt;
  if (list_.tokens().size() > 1) return InvalidQuery(symbol.begin, "a prefix is the beginning of one word");
  Leaf leaf{.typos = {.unknown_only = false, .edits = 0}, .begin = symbol.begin, .end = symbol.begin + word.size()};
  TakeTokens(leaf);
  leaf.kind = LeafKind::kPrefix;
  if (CountCharacters(leaf.token()) < kPrefixCharactersMin) {
    return InvalidQuery(symbol.begin, "a prefix has at least two characters");
  }
  return leaf;
}

}  // namespace levee::text

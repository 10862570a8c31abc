// LIKE patterns, '\\' being the escape.
#include "expr/leaves.h"

namespace levee::expr {
namespace {

// The text that a pattern without wildcards stands for; empty when it has one.
std::optional<std::string> PlainText(std::string_view pattern) {
  std::string text;
  text.reserve(pattern.size());
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '%' || pattern[i] == '_') return {};
    if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
    text += pattern[i];
  }
  return text;
}

// One '%' for each run of them, so that equal patterns have equal texts.
std::string WithoutRepeatedPercents(std::string_view pattern) {
  std::string result;
  result.reserve(pattern.size());
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '%' && i > 0 && pattern[i - 1] == '%' && (i < 2 || pattern[i - 2] != '\\')) continue;
    result += pattern[i];
    if (pattern[i] == '\\' && i + 1 < pattern.size()) result += pattern[++i];
  }
  return result;
}

std::size_t CharacterSize(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
  return end - at;
}

SkippingNode LikeNode(const ColumnRef& column, NodeKind kind, std::string_view pattern) {
  SkippingNode node{.kind = kind, .column = column};
  node.literals.push_back({column.type, WithoutRepeatedPercents(pattern)});
  return node;
}

}  // namespace

SkippingNode LikeLeaf(Want want, const ColumnRef& column, std::string_view pattern) {
  if (auto plain = PlainText(pattern)) {
    return CompareLeaf(want, column, CompareOp::kEqual, {FitKind::kExact, std::move(*plain), {}});
  }
  const bool matches_all = pattern.find_first_not_of('%') == std::string_view::npos;
  return Select(
      want, [&] { return matches_all ? NotNullNode(column) : LikeNode(column, NodeKind::kLike, pattern); },
      [&] { return matches_all ? Constantly(false) : LikeNode(column, NodeKind::kNotLike, pattern); },
      [&] { return NullNode(column); });
}

// Remembers the last '%' alone: to widen an earlier one never helps.
bool MatchesLike(std::string_view text, std::string_view pattern) {
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t percent = std::string_view::npos;
  std::size_t retry = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '%') {
      percent = p++;
      retry = t;
      continue;
    }
    if (p < pattern.size() && pattern[p] == '_') {
      ++p;
      t += CharacterSize(text, t);
      continue;
    }
    const std::size_t literal = p < pattern.size() && pattern[p] == '\\' ? p + 1 : p;
    if (literal < pattern.size() && pattern[literal] == text[t]) {
      p = literal + 1;
      ++t;
      continue;
    }
    if (percent == std::string_view::npos) return false;
    p = percent + 1;
    retry += CharacterSize(text, retry);
    t = retry;
  }
  while (p < pattern.size() && pattern[p] == '%') ++p;
  return p == pattern.size();
}

}  // namespace levee::expr

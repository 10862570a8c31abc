#include "columnar/like_pattern.h"

namespace levee::columnar {
namespace {

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

// The position after the character at `at`; invalid bytes count as characters of one byte.
std::size_t NextCharacter(std::string_view text, std::size_t at) {
  ++at;
  while (at < text.size() && IsContinuation(text[at])) ++at;
  return at;
}

}  // namespace

LikePattern::LikePattern(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '%') {
      if (parts_.empty() || parts_.back().kind != Kind::kAny) parts_.push_back({Kind::kAny, {}});
    } else if (pattern[i] == '_') {
      parts_.push_back({Kind::kOne, {}});
    } else {
      if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
      if (parts_.empty() || parts_.back().kind != Kind::kLiteral) parts_.push_back({Kind::kLiteral, {}});
      parts_.back().text.push_back(pattern[i]);
    }
  }
  const bool starts_literal = !parts_.empty() && parts_[0].kind == Kind::kLiteral;
  if (starts_literal) prefix_ = parts_[0].text;
  is_exact_ = parts_.empty() || (starts_literal && parts_.size() == 1);
  const std::size_t after = starts_literal ? 1 : 0;
  is_prefix_only_ = parts_.size() == after + 1 && parts_[after].kind == Kind::kAny;
}

bool LikePattern::Matches(std::string_view text) const {
  // On a mismatch the last '%' takes one more character: earlier ones need never be looked at again.
  std::size_t part = 0;
  std::size_t at = 0;
  std::size_t retry_part = parts_.size() + 1;
  std::size_t retry_at = 0;
  while (true) {
    if (part == parts_.size() && at == text.size()) return true;
    if (part < parts_.size()) {
      const Part& wanted = parts_[part];
      if (wanted.kind == Kind::kAny) {
        if (part + 1 == parts_.size()) return true;
        retry_part = part++;
        retry_at = at;
        continue;
      }
      if (wanted.kind == Kind::kOne && at < text.size()) {
        at = NextCharacter(text, at);
        ++part;
        continue;
      }
      if (wanted.kind == Kind::kLiteral && text.substr(at).starts_with(wanted.text)) {
        at += wanted.text.size();
        ++part;
        continue;
      }
    }
    if (retry_part > parts_.size() || retry_at >= text.size()) return false;
    retry_at = NextCharacter(text, retry_at);
    at = retry_at;
    part = retry_part + 1;
  }
}

}  // namespace levee::columnar

#include "delta/json_cursor.h"

#include <array>
#include <bit>
#include <cstring>

namespace levee::delta {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Where the first character at or after `at` stands that ends a run of plain ones within a string: a quote, a backslash
// or a control character; text.size() where there is none. Eight at a time, since most of a schema is strings.
std::size_t RunEnd(std::string_view text, std::size_t at) {
  static_assert(std::endian::native == std::endian::little);
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = 0x8080808080808080;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    const std::uint64_t quote = word ^ kOnes * '"', backslash = word ^ kOnes * '\\';
    // A borrow marks bytes above the first true one at most, and the lowest mark is what counts.
    const std::uint64_t ends = ((word - kOnes * 0x20) & ~word) | ((quote - kOnes) & ~quote) |
                               ((backslash - kOnes) & ~backslash);
    if ((ends & kHighs) != 0) return at + static_cast<std::size_t>(std::countr_zero(ends & kHighs)) / 8;
  }
  const auto ends_run = [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; };
  while (at < text.size() && !ends_run(text[at])) ++at;
  return at;
}

int HexValue(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void AppendUtf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xC0 | code >> 6));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else if (code < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | code >> 12));
    out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else {
    out.push_back(static_cast<char>(0xF0 | code >> 18));
    out.push_back(static_cast<char>(0x80 | (code >> 12 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  }
}

}  // namespace

void JsonCursor::SkipBlanks() {
  while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
}

char JsonCursor::Next() {
  SkipBlanks();
  return Peek();
}

bool JsonCursor::Take(char c) {
  SkipBlanks();
  if (at_ == text_.size() || text_[at_] != c) return false;
  ++at_;
  return true;
}

std::optional<std::string_view> JsonCursor::Raw() {
  SkipBlanks();
  const std::size_t begin = at_;
  if (!SkipValue(kJsonDepthMax)) return std::nullopt;
  return text_.substr(begin, at_ - begin);
}

std::optional<std::string_view> JsonCursor::Text(std::string& scratch) {
  if (!Take('"')) return std::nullopt;
  std::size_t end = RunEnd(text_, at_);
  if (end < text_.size() && text_[end] == '"') {
    const std::string_view text = text_.substr(at_, end - at_);
    at_ = end + 1;
    return text;
  }
  scratch.clear();
  // A JSON text within JSON, as a table's schema is, has an escape every few characters: a run that fits goes through a
  // buffer, sixteen characters at a time.
  std::array<char, 512> buffer;
  std::size_t kept = 0;
  const auto flush = [&] {
    scratch.append(buffer.data(), kept);
    kept = 0;
  };
  for (; end < text_.size(); end = RunEnd(text_, at_)) {
    const std::size_t run = end - at_;
    if (kept + 17 > buffer.size()) flush();
    if (run <= 16 && at_ + 16 <= text_.size()) {
      std::memcpy(buffer.data() + kept, text_.data() + at_, 16);
      kept += run;
    } else {
      flush();
      scratch.append(text_.data() + at_, run);
    }
    at_ = end;
    if (text_[at_] == '"') return ++at_, flush(), std::string_view(scratch);
    if (text_[at_] != '\\') return std::nullopt;
    const char escaped = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (escaped == '"' || escaped == '\\') {
      buffer[kept++] = escaped;
      at_ += 2;
    } else {
      flush();
      if (!AppendEscape(scratch)) return std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<std::uint32_t> JsonCursor::HexCode(std::size_t at) const {
  if (at + 4 > text_.size()) return std::nullopt;
  std::uint32_t code = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const int digit = HexValue(text_[i]);
    if (digit < 0) return std::nullopt;
    code = code << 4 | static_cast<std::uint32_t>(digit);
  }
  return code;
}

bool JsonCursor::AppendEscape(std::string& out) {
  if (++at_ == text_.size()) return false;
  const char escape = text_[at_];
  if (escape == '"' || escape == '\\' || escape == '/') return ++at_, out.push_back(escape), true;
  if (escape != 'u') {
    constexpr std::string_view kEscapes = "bfnrt";
    const std::size_t known = kEscapes.find(escape);
    if (known == std::string_view::npos) return false;
    return ++at_, out.push_back("\b\f\n\r\t"[known]), true;
  }
  const auto high = HexCode(at_ + 1);
  if (!high) return false;
  at_ += 5;
  if (*high < 0xD800 || *high > 0xDFFF) return AppendUtf8(out, *high), true;
  // Lone surrogates have no UTF-8 form.
  if (*high > 0xDBFF || text_.substr(at_, 2) != "\\u") return false;
  const auto low = HexCode(at_ + 2);
  if (!low || *low < 0xDC00 || *low > 0xDFFF) return false;
  at_ += 6;
  return AppendUtf8(out, 0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00)), true;
}

bool JsonCursor::SkipString() {
  if (!Take('"')) return false;
  for (; (at_ = RunEnd(text_, at_)) < text_.size(); ++at_) {
    if (text_[at_] == '"') return ++at_, true;
    if (text_[at_] != '\\' || !SkipEscape()) return false;
  }
  return false;
}

bool JsonCursor::SkipEscape() {
  if (++at_ == text_.size()) return false;
  if (text_[at_] != 'u') return std::string_view("\"\\/bfnrt").contains(text_[at_]);
  if (!HexCode(at_ + 1)) return false;
  at_ += 4;
  return true;
}

bool JsonCursor::SkipNumber() {
  if (Peek() == '-') ++at_;
  if (Peek() == '0') {
    ++at_;
  } else if (!SkipDigits()) {
    return false;
  }
  if (Peek() == '.' && (++at_, !SkipDigits())) return false;
  if (Peek() == 'e' || Peek() == 'E') {
    ++at_;
    if (Peek() == '+' || Peek() == '-') ++at_;
    return SkipDigits();
  }
  return true;
}

bool JsonCursor::SkipDigits() {
  const std::size_t begin = at_;
  while (IsDigit(Peek())) ++at_;
  return at_ > begin;
}

bool JsonCursor::SkipWord(std::string_view word) {
  if (text_.substr(at_, word.size()) != word) return false;
  at_ += word.size();
  return true;
}

bool JsonCursor::SkipMembers(char close, int depth) {
  return Members(text_[at_], close, [&] {
    if (close == '}' && (!SkipString() || !Take(':'))) return false;
    SkipBlanks();
    return SkipValue(depth - 1);
  });
}

bool JsonCursor::SkipValue(int depth) {
  if (depth <= 0) return false;
  switch (Peek()) {
    case '{': return SkipMembers('}', depth);
    case '[': return SkipMembers(']', depth);
    case '"': return SkipString();
    case 't': return SkipWord("true");
    case 'f': return SkipWord("false");
    case 'n': return SkipWord("null");
    default: return SkipNumber();
  }
}

}  // namespace levee::delta

#include "delta/json_text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace levee::delta {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Characters that end a run of plain ones within a string.
constexpr std::array<bool, 256> kEndsRun = [] {
  std::array<bool, 256> ends{};
  for (std::size_t c = 0; c < 0x20; ++c) ends[c] = true;
  ends['"'] = ends['\\'] = true;
  return ends;
}();

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

// Reads one value after another; every method answers whether the text was valid so far.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  void Blanks() {
    while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
  }
  bool AtEnd() {
    Blanks();
    return at_ == text_.size();
  }
  bool Take(char c) {
    Blanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::optional<std::string_view> Value(int depth) {
    Blanks();
    const std::size_t begin = at_;
    if (!SkipValue(depth)) return std::nullopt;
    return text_.substr(begin, at_ - begin);
  }

  bool SkipString() {
    if (!Take('"')) return false;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (!kEndsRun[static_cast<unsigned char>(c)]) continue;
      if (c == '"') return ++at_, true;
      if (c != '\\' || !SkipEscape()) return false;
    }
    return false;
  }

  bool SkipNumber() {
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

 private:
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool SkipDigits() {
    const std::size_t begin = at_;
    while (IsDigit(Peek())) ++at_;
    return at_ > begin;
  }

  // Stands on the backslash; ends on the escape's last character.
  bool SkipEscape() {
    ++at_;
    if (Peek() != 'u') return at_ < text_.size() && std::string_view("\"\\/bfnrt").contains(text_[at_]);
    for (int i = 0; i < 4; ++i) {
      ++at_;
      if (HexValue(Peek()) < 0) return false;
    }
    return true;
  }

  bool SkipWord(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  bool SkipMembers(char close, int depth) {
    ++at_;
    if (Take(close)) return true;
    do {
      if (close == '}' && (!SkipString() || !Take(':'))) return false;
      Blanks();
      if (!SkipValue(depth - 1)) return false;
    } while (Take(','));
    return Take(close);
  }

  bool SkipValue(int depth) {
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

  std::string_view text_;
  std::size_t at_ = 0;
};

std::optional<std::uint32_t> HexCode(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  std::uint32_t code = 0;
  for (std::size_t i = at; i < at + 4; ++i) code = code << 4 | static_cast<std::uint32_t>(HexValue(text[i]));
  return code;
}

// Appends the code point of "uXXXX[\uXXXX]" that starts at `at`, and moves past it. Lone surrogates
// have no UTF-8 form.
bool AppendEscapedCode(std::string& out, std::string_view text, std::size_t& at) {
  const auto high = HexCode(text, at + 1);
  if (!high) return false;
  at += 5;
  if (*high < 0xD800 || *high > 0xDFFF) return AppendUtf8(out, *high), true;
  if (*high > 0xDBFF || text.substr(at, 2) != "\\u") return false;
  const auto low = HexCode(text, at + 2);
  if (!low || *low < 0xDC00 || *low > 0xDFFF) return false;
  at += 6;
  AppendUtf8(out, 0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00));
  return true;
}

}  // namespace

std::optional<std::vector<JsonMember>> JsonObjectMembers(std::string_view text) {
  Scanner scanner(text);
  std::vector<JsonMember> members;
  if (!scanner.Take('{')) return std::nullopt;
  if (scanner.Take('}')) return scanner.AtEnd() ? std::optional(members) : std::nullopt;
  do {
    const auto key_token = scanner.Value(kJsonDepthMax);
    if (!key_token || !scanner.Take(':')) return std::nullopt;
    auto key = JsonString(*key_token);
    const auto value = scanner.Value(kJsonDepthMax);
    if (!key || !value) return std::nullopt;
    members.push_back({std::move(*key), *value});
  } while (scanner.Take(','));
  if (!scanner.Take('}') || !scanner.AtEnd()) return std::nullopt;
  return members;
}

std::vector<JsonMember> JsonMembersOrNone(std::string_view text) {
  auto members = JsonObjectMembers(text);
  return members ? std::move(*members) : std::vector<JsonMember>();
}

std::optional<std::vector<std::string_view>> JsonArrayElements(std::string_view text) {
  Scanner scanner(text);
  std::vector<std::string_view> elements;
  if (!scanner.Take('[')) return std::nullopt;
  if (scanner.Take(']')) return scanner.AtEnd() ? std::optional(elements) : std::nullopt;
  do {
    const auto value = scanner.Value(kJsonDepthMax);
    if (!value) return std::nullopt;
    elements.push_back(*value);
  } while (scanner.Take(','));
  if (!scanner.Take(']') || !scanner.AtEnd()) return std::nullopt;
  return elements;
}

std::optional<std::string> JsonString(std::string_view token) {
  Scanner scanner(token);
  if (!scanner.SkipString() || !scanner.AtEnd()) return std::nullopt;
  token = token.substr(1, token.rfind('"') - 1);
  std::string text;
  text.reserve(token.size());
  for (std::size_t at = 0; at < token.size();) {
    const std::size_t run = std::min(token.find('\\', at), token.size()) - at;
    text.append(token, at, run);
    at += run;
    if (at == token.size()) break;
    const char escape = token[++at];
    if (escape == 'u') {
      if (!AppendEscapedCode(text, token, at)) return std::nullopt;
      continue;
    }
    constexpr std::string_view kEscapes = "bfnrt";
    const std::size_t known = kEscapes.find(escape);
    text.push_back(known == std::string_view::npos ? escape : "\b\f\n\r\t"[known]);
    ++at;
  }
  return text;
}

std::optional<std::int64_t> JsonInteger(std::string_view token) {
  if (!IsJsonNumber(token)) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), value);
  if (error != std::errc() || end != token.data() + token.size()) return std::nullopt;
  return value;
}

bool IsJsonNumber(std::string_view token) {
  Scanner scanner(token);
  return !token.empty() && !IsBlank(token.front()) && scanner.SkipNumber() && scanner.AtEnd();
}

void AppendJsonString(std::string& json, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  json.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json += {'\\', c};
    } else if (static_cast<unsigned char>(c) >= 0x20) {
      json.push_back(c);
    } else if (c == '\n') {
      json += "\\n";
    } else {
      json += "\\u00";
      json += {kHex[static_cast<unsigned char>(c) >> 4], kHex[c & 15]};
    }
  }
  json.push_back('"');
}

void AppendJsonKey(std::string& json, std::string_view key) {
  if (json.back() != '{') json.push_back(',');
  AppendJsonString(json, key);
  json.push_back(':');
}

}  // namespace levee::delta

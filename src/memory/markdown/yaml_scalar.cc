#include "memory/markdown/yaml_scalar.h"

#include <algorithm>
#include <array>

#include "base/hex.h"
#include "memory/json/json_members.h"
#include "output/json_writer.h"

namespace levee::memory {
namespace {

// What some reader takes for something else than a string, in lower case.
constexpr std::array<std::string_view, 12> kWords = {"true", "false", "yes", "no",   "on",  "off",
                                                     "y",    "n",     "null", "nan", "inf", "infinity"};

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool IsBeyondAscii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

bool IsWord(std::string_view text) {
  if (text.size() > 8) return false;
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return std::ranges::find(kWords, lower) != kWords.end();
}

// Its dashes keep it from being a number.
bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !IsHex(text[i])) return false;
  }
  return true;
}

// The length of the character at `at` that YAML does not print or takes for the end of a line: C1 controls, U+2028, U+2029, the
// byte order mark, U+FFFE, U+FFFF; 0: it is none.
std::size_t UnprintedLength(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  if (rest.size() >= 2 && rest[0] == '\xc2' && static_cast<unsigned char>(rest[1]) < 0xa0) return 2;
  for (const std::string_view character : {"\xe2\x80\xa8", "\xe2\x80\xa9", "\xef\xbb\xbf", "\xef\xbf\xbe", "\xef\xbf\xbf"}) {
    if (rest.starts_with(character)) return 3;
  }
  return 0;
}

bool AllPrinted(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
    if ((c == '\xc2' || c == '\xe2' || c == '\xef') && UnprintedLength(text, i) != 0) return false;
  }
  return true;
}

void AppendEscape(std::string& out, unsigned code) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kHexDigits[code >> shift & 15];
}

}  // namespace

std::string PlainScalarJson(std::string_view text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return "null";
  if (text == "true" || text == "True" || text == "TRUE") return "true";
  if (text == "false" || text == "False" || text == "FALSE") return "false";
  // One that 64 bits do not hold is no number to who reads the JSON.
  if (IsJsonNumber(text) && IsJson(text)) return std::string(text);
  std::string json;
  output::AppendJsonString(json, text);
  return json;
}

bool IsPlainText(std::string_view text) {
  if (text.empty() || text.back() == ' ') return false;
  if (IsUuid(text)) return true;
  if (!IsLetter(text.front()) && !IsBeyondAscii(text.front())) return false;
  for (const char c : text) {
    if (!IsLetter(c) && !IsDigit(c) && !IsBeyondAscii(c) && std::string_view(" _-./@+()").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return !IsWord(text) && AllPrinted(text);
}

bool IsPlainKey(std::string_view key) {
  if (key.empty() || (!IsLetter(key.front()) && key.front() != '_') || IsWord(key)) return false;
  return std::ranges::all_of(key, [](char c) { return IsLetter(c) || IsDigit(c) || c == '_' || c == '-'; });
}

void AppendYamlText(std::string& out, std::string_view text) {
  if (IsPlainText(text)) {
    out += text;
  } else {
    AppendYamlQuoted(out, text);
  }
}

void AppendYamlQuoted(std::string& out, std::string_view text) {
  std::string json;
  output::AppendJsonString(json, text);
  for (std::size_t i = 0; i < json.size();) {
    const std::size_t length = json[i] == 0x7f ? 1 : UnprintedLength(json, i);
    if (length == 0) {
      out += json[i++];
      continue;
    }
    const auto bits = [&](std::size_t at) { return static_cast<unsigned>(json[i + at] & 0x3f); };
    AppendEscape(out, length == 1 ? 0x7fu : length == 2 ? 0x80u | bits(1)
                                                        : (json[i] & 0x0fu) << 12 | bits(1) << 6 | bits(2));
    i += length;
  }
}

bool IsYamlFlow(std::string_view json) {
  if (!AllPrinted(json)) return false;
  for (std::size_t at = json.find("\\u"); at != std::string_view::npos; at = json.find("\\u", at + 2)) {
    if (at + 2 < json.size() && (json[at + 2] == 'd' || json[at + 2] == 'D')) return false;
  }
  return true;
}

}  // namespace levee::memory

#include "output/json_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/hex.h"

namespace levee::output {
namespace {

// 0: copied as it is, 1: needs an escape, 2: starts or continues a multi-byte character.
constexpr std::array<std::uint8_t, 256> ByteClasses() {
  std::array<std::uint8_t, 256> classes{};
  for (int byte = 0; byte < 0x20; ++byte) classes[byte] = 1;
  classes['"'] = classes['\\'] = classes[0x7f] = 1;
  for (int byte = 0x80; byte < 0x100; ++byte) classes[byte] = 2;
  return classes;
}
constexpr std::array<std::uint8_t, 256> kByteClass = ByteClasses();

void AppendEscaped(std::string& out, unsigned char byte) {
  switch (byte) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    case 0x7f: out += byte; return;
    default: break;
  }
  out += "\\u00";
  AppendHex(out, byte);
}

// The length of the valid UTF-8 character that `text` starts with; 0 if none does.
std::size_t CharacterLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t length = lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  // Overlong forms, surrogates, and what lies beyond U+10FFFF.
  if ((lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xed && byte(1) > 0x9f)) return 0;
  if ((lead == 0xf0 && byte(1) < 0x90) || (lead == 0xf4 && byte(1) > 0x8f)) return 0;
  return length;
}

}  // namespace

void AppendJsonString(std::string& out, std::string_view text) {
  out += '"';
  std::size_t copied = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (kByteClass[byte] == 0) {
      ++i;
      continue;
    }
    const std::size_t length = kByteClass[byte] == 2 ? CharacterLength(text.substr(i)) : 0;
    if (length != 0) {
      i += length;
      continue;
    }
    out.append(text, copied, i - copied);
    if (kByteClass[byte] == 1) {
      AppendEscaped(out, byte);
    } else {
      out += "\xef\xbf\xbd";
    }
    copied = ++i;
  }
  out.append(text, copied);
  out += '"';
}

void AppendInteger(std::string& out, std::int64_t value) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof(digits), value).ptr);
}

void AppendJsonDouble(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "\"NaN\"";
  } else if (std::isinf(value)) {
    out += value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  } else {
    char digits[32];
    const std::string_view text(digits, std::to_chars(digits, digits + sizeof(digits), value).ptr);
    out += text;
    // "1" would read back as an integer; "1e+22" and "0.5" are numbers of their own form.
    if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
  }
}

void AppendJsonOnOneLine(std::string& out, std::string_view json) {
  const std::size_t at = out.size();
  out += json;
  // Inside a JSON string a newline is always escaped, so any that is there stands between tokens.
  if (json.find_first_of("\r\n") == std::string_view::npos) return;
  std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(at), out.end(),
                  [](char c) { return c == '\n' || c == '\r'; }, ' ');
}

JsonWriter& JsonWriter::Key(std::string_view key) {
  Separate();
  AppendJsonString(out_, key);
  out_ += ':';
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view value) {
  Separate();
  AppendJsonString(out_, value);
  return *this;
}

JsonWriter& JsonWriter::Integer(std::int64_t value) {
  Separate();
  AppendInteger(out_, value);
  return *this;
}

JsonWriter& JsonWriter::Double(double value) {
  Separate();
  AppendJsonDouble(out_, value);
  return *this;
}

JsonWriter& JsonWriter::Raw(std::string_view json) {
  Separate();
  AppendJsonOnOneLine(out_, json);
  return *this;
}

JsonWriter& JsonWriter::Open(char bracket) {
  Separate();
  out_ += bracket;
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::Close(char bracket) {
  out_ += bracket;
  needs_comma_ = true;
  return *this;
}

void JsonWriter::Separate() {
  if (needs_comma_) out_ += ',';
  needs_comma_ = true;
}

}  // namespace levee::output

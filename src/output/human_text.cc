#include "output/human_text.h"

#include <array>
#include <cstdio>

#include "base/hex.h"
#include "types/value.h"

namespace levee::output {
namespace {

// Up to three digits that count: "1.42", "14.2", "142".
std::string ThreeDigits(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.*f", value < 9.995 ? 2 : value < 99.95 ? 1 : 0, value);
  std::string result = text;
  if (result.find('.') != std::string::npos) {
    while (result.back() == '0') result.pop_back();
    if (result.back() == '.') result.pop_back();
  }
  return result;
}

bool StartsCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }

}  // namespace

std::string GroupedNumber(std::int64_t value) {
  std::string digits = std::to_string(value);
  const std::ptrdiff_t first = value < 0 ? 1 : 0;
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > first; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  }
  return digits;
}

std::string HumanSize(std::int64_t bytes) {
  constexpr std::array kUnits{"KB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes > -1000 && bytes < 1000) return std::to_string(bytes) + " B";
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while ((value >= 999.5 || value <= -999.5) && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return ThreeDigits(value) + ' ' + kUnits[unit];
}

std::string HumanDuration(std::int64_t nanos) {
  const double value = static_cast<double>(nanos);
  if (nanos < 1'000) return std::to_string(nanos) + " ns";
  if (nanos < 1'000'000) return ThreeDigits(value / 1e3) + " us";
  if (nanos < 1'000'000'000) return ThreeDigits(value / 1e6) + " ms";
  const std::int64_t seconds = nanos / 1'000'000'000;
  if (seconds < 60) return ThreeDigits(value / 1e9) + " s";
  if (seconds < 3600) return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
  return std::to_string(seconds / 3600) + " h " + std::to_string(seconds % 3600 / 60) + " min";
}

std::string UtcTime(std::int64_t millis) { return types::FormatTimestamp(millis * 1000, true); }

std::string Printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else {
      result += "\\x";
      AppendHex(result, byte);
    }
  }
  return result;
}

std::size_t DisplayWidth(std::string_view text) {
  std::size_t width = 0;
  for (const char byte : text) width += StartsCharacter(byte) ? 1 : 0;
  return width;
}

std::string Shortened(std::string_view text, std::size_t width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  if (width <= 3) return std::string(width, '.');
  const std::size_t tail_width = (width - 3) / 2;
  const std::size_t head_width = width - 3 - tail_width;
  std::size_t head = 0;
  for (std::size_t seen = 0; head < text.size(); ++head) {
    if (StartsCharacter(text[head]) && seen++ == head_width) break;
  }
  std::size_t tail = text.size();
  for (std::size_t seen = 0; seen < tail_width; --tail) {
    if (StartsCharacter(text[tail - 1])) ++seen;
  }
  return std::string(text.substr(0, head)) + "..." + std::string(text.substr(tail));
}

}  // namespace levee::output

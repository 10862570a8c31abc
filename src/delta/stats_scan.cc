#include "delta/stats_scan.h"

#include <simdjson.h>

#include <bit>
#include <cstring>
#include <string_view>

namespace levee::delta {
namespace {

constexpr std::uint64_t kEachByte = 0x0101010101010101;
constexpr std::uint64_t kHighBits = 0x8080808080808080;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The end of the JSON number that starts at `at`; null when there is none.
const char* NumberEnd(const char* at, const char* end) {
  if (at != end && *at == '-') ++at;
  if (at == end || !IsDigit(*at)) return nullptr;
  if (*at == '0') {
    ++at;
  } else {
    while (at != end && IsDigit(*at)) ++at;
  }
  if (at != end && *at == '.') {
    const char* const digits = ++at;
    while (at != end && IsDigit(*at)) ++at;
    if (at == digits) return nullptr;
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    if (++at != end && (*at == '+' || *at == '-')) ++at;
    const char* const digits = at;
    while (at != end && IsDigit(*at)) ++at;
    if (at == digits) return nullptr;
  }
  return at;
}

// The high bit of each byte that is a quote, a backslash, a control character or no ASCII; above the first
// such byte, of others as well.
std::uint64_t SpecialBytes(std::uint64_t word) {
  const std::uint64_t quotes = word ^ kEachByte * '"';
  const std::uint64_t backslashes = word ^ kEachByte * '\\';
  return ((quotes - kEachByte) | (backslashes - kEachByte) | (word - kEachByte * 0x20) | word) & kHighBits;
}

constexpr double kPowersOfTen[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                   1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
constexpr std::int64_t kExactLimit = std::int64_t{1} << 53;

}  // namespace

const char* ShortWholeEnd(const char* at, const char* end, std::int64_t& value) {
  const bool negative = at != end && *at == '-';
  const char* const digits = at + (negative ? 1 : 0);
  const char* stop = digits;
  std::int64_t magnitude = 0;
  while (stop != end && IsDigit(*stop) && stop - digits < 18) magnitude = magnitude * 10 + (*stop++ - '0');
  if (stop == end || stop == digits || (*digits == '0' && stop - digits > 1)) return nullptr;
  if (IsDigit(*stop) || *stop == '.' || *stop == 'e' || *stop == 'E') return nullptr;
  value = negative ? -magnitude : magnitude;
  return stop;
}

const char* ShortRealEnd(const char* at, const char* end, double& value) {
  const bool negative = at != end && *at == '-';
  const char* const digits = at + (negative ? 1 : 0);
  const char* stop = digits;
  std::int64_t magnitude = 0;
  while (stop != end && IsDigit(*stop) && stop - digits < 17) magnitude = magnitude * 10 + (*stop++ - '0');
  if (stop == end || stop == digits || (*digits == '0' && stop - digits > 1)) return nullptr;
  std::ptrdiff_t fraction = 0;
  if (*stop == '.') {
    const char* const begin = ++stop;
    while (stop != end && IsDigit(*stop) && stop - digits < 18) magnitude = magnitude * 10 + (*stop++ - '0');
    fraction = stop - begin;
    if (stop == end || fraction == 0) return nullptr;
  }
  if (IsDigit(*stop) || *stop == '.' || *stop == 'e' || *stop == 'E') return nullptr;
  if (magnitude > kExactLimit) return nullptr;
  // Both operands are exact, so that the one rounding of the division is the right one.
  const double real = static_cast<double>(magnitude) / kPowersOfTen[fraction];
  value = negative ? -real : real;
  return stop;
}

const char* PlainStringEnd(const char* at, const char* end) {
  const char* const begin = ++at;
  for (; end - at >= 8; at += 8) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof(word));
    const std::uint64_t special = SpecialBytes(word);
    if (special == 0) continue;
    at += std::countr_zero(special) / 8;
    if (*at == '"') return at + 1;
    break;
  }
  unsigned char seen = 0;
  for (; at != end; ++at) {
    const auto c = static_cast<unsigned char>(*at);
    if (c == '"') break;
    if (c == '\\' || c < 0x20) return nullptr;
    seen |= c;
  }
  if (at == end) return nullptr;
  if (seen >= 0x80 && !simdjson::validate_utf8(begin, static_cast<std::size_t>(at - begin))) return nullptr;
  return at + 1;
}

const char* TokenEnd(const char* at, const char* end) {
  if (at == end) return nullptr;
  if (*at == '"') return PlainStringEnd(at, end);
  const std::string_view rest(at, static_cast<std::size_t>(end - at));
  if (rest.starts_with("true")) return at + 4;
  if (rest.starts_with("false")) return at + 5;
  return NumberEnd(at, end);
}

}  // namespace levee::delta

// Reading fixed forms of digits from a text without allocation.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace levee::types {

struct TextCursor {
  const char* at;
  const char* end;

  explicit TextCursor(std::string_view text) : at(text.data()), end(text.data() + text.size()) {}

  bool done() const { return at == end; }
  bool NextIs(char wanted) const { return at != end && *at == wanted; }
  bool Take(char wanted) {
    if (!NextIs(wanted)) return false;
    ++at;
    return true;
  }
  bool NextIsDigit() const { return at != end && *at >= '0' && *at <= '9'; }

  // Two digits, at most `limit`; -1 if they are not there.
  int TakeTwoDigits(int limit) {
    if (end - at < 2 || !IsDigit(at[0]) || !IsDigit(at[1])) return -1;
    const int value = (at[0] - '0') * 10 + (at[1] - '0');
    if (value > limit) return -1;
    at += 2;
    return value;
  }

  static bool IsDigit(char c) { return c >= '0' && c <= '9'; }
};

// Reads "yyyy-MM-dd", or a year of 4 to 7 digits with a sign, as days since 1970-01-01; moves past it.
std::optional<std::int64_t> TakeDate(TextCursor& cursor);

// Reads "+01:00", "-0130", "+9", as seconds east of UTC (at most 18 hours); moves past it.
std::optional<std::int64_t> TakeOffset(TextCursor& cursor);

}  // namespace levee::types

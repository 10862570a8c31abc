#include "objectstore/http/http_time.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace levee::objectstore {
namespace {

constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

// The number that `digits` characters at `at` spell; empty for anything but digits.
std::optional<int> Number(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

struct Parts {
  std::optional<int> year, month, day, hour, minute, second;
};

std::optional<std::int64_t> ToSeconds(const Parts& parts) {
  if (!parts.year || !parts.month || !parts.day || !parts.hour || !parts.minute || !parts.second) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*parts.year),
                                         std::chrono::month(static_cast<unsigned>(*parts.month)),
                                         std::chrono::day(static_cast<unsigned>(*parts.day))};
  if (!date.ok() || *parts.hour > 23 || *parts.minute > 59 || *parts.second > 60) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return ((days * 24 + *parts.hour) * 60 + *parts.minute) * 60 + *parts.second;
}

// What stands behind the seconds: ".123" and "Z" or "+01:00". Milliseconds to add; empty when it is none.
std::optional<std::int64_t> Rest(std::string_view text) {
  std::int64_t milliseconds = 0;
  if (text.starts_with('.')) {
    std::size_t end = 1;
    for (std::int64_t unit = 100; end < text.size() && text[end] >= '0' && text[end] <= '9'; ++end, unit /= 10) {
      milliseconds += (text[end] - '0') * unit;
    }
    text.remove_prefix(end);
  }
  if (text == "Z") return milliseconds;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const auto hours = Number(text, 1, 2), minutes = Number(text, 4, 2);
  if (!hours || !minutes) return std::nullopt;
  const std::int64_t offset = (*hours * 60 + *minutes) * std::int64_t{60'000};
  return text[0] == '+' ? milliseconds - offset : milliseconds + offset;
}

}  // namespace

std::optional<std::int64_t> ParseHttpDate(std::string_view text) {
  if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
  Parts parts{.year = Number(text, 12, 4), .day = Number(text, 5, 2), .hour = Number(text, 17, 2),
              .minute = Number(text, 20, 2), .second = Number(text, 23, 2)};
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (text.substr(8, 3) == kMonths[i]) parts.month = static_cast<int>(i) + 1;
  }
  const auto seconds = ToSeconds(parts);
  if (!seconds) return std::nullopt;
  return *seconds * 1000;
}

std::optional<std::int64_t> ParseIsoTime(std::string_view text) {
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const auto seconds = ToSeconds({.year = Number(text, 0, 4), .month = Number(text, 5, 2), .day = Number(text, 8, 2),
                                  .hour = Number(text, 11, 2), .minute = Number(text, 14, 2),
                                  .second = Number(text, 17, 2)});
  const auto rest = Rest(text.substr(19));
  if (!seconds || !rest) return std::nullopt;
  return *seconds * 1000 + *rest;
}

namespace {

struct Broken {
  std::chrono::year_month_day date;
  std::chrono::weekday day_of_week;
  std::chrono::hh_mm_ss<std::chrono::seconds> time;
};

Broken Break(std::int64_t seconds) {
  const std::chrono::sys_seconds instant{std::chrono::seconds(seconds)};
  const auto midnight = std::chrono::floor<std::chrono::days>(instant);
  return {.date = midnight, .day_of_week = std::chrono::weekday(midnight),
          .time = std::chrono::hh_mm_ss<std::chrono::seconds>(instant - midnight)};
}

}  // namespace

std::string HttpDate(std::int64_t seconds) {
  const Broken at = Break(seconds);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT", kDays[at.day_of_week.c_encoding()],
                static_cast<unsigned>(at.date.day()), kMonths[static_cast<unsigned>(at.date.month()) - 1],
                static_cast<int>(at.date.year()), static_cast<int>(at.time.hours().count()),
                static_cast<int>(at.time.minutes().count()), static_cast<int>(at.time.seconds().count()));
  return text.data();
}

std::string BasicIsoTime(std::int64_t seconds) {
  const Broken at = Break(seconds);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d%02u%02uT%02d%02d%02dZ", static_cast<int>(at.date.year()),
                static_cast<unsigned>(at.date.month()), static_cast<unsigned>(at.date.day()),
                static_cast<int>(at.time.hours().count()), static_cast<int>(at.time.minutes().count()),
                static_cast<int>(at.time.seconds().count()));
  return text.data();
}

}  // namespace levee::objectstore

#include "delta/plain_time.h"

#include <bit>
#include <cstring>

namespace levee::delta {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

// Eight characters, the first in the lowest byte.
consteval std::uint64_t Word(const char (&text)[9]) {
  std::uint64_t word = 0;
  for (int i = 7; i >= 0; --i) word = word << 8 | static_cast<std::uint8_t>(text[i]);
  return word;
}

// Added to a byte, these set its highest bit when it is above 9, and above 0.
constexpr std::uint64_t kAboveNine = 0x76;
constexpr std::uint64_t kAboveZero = 0x7f;

consteval std::uint64_t LimitsOf(const char (&layout)[9]) {
  std::uint64_t limits = 0;
  for (int i = 7; i >= 0; --i) limits = limits << 8 | (layout[i] == '0' ? kAboveNine : kAboveZero);
  return limits;
}

// Text with digits where the layout has a 0 and the layout's characters elsewhere, read eight bytes at once.
struct Digits {
  std::uint64_t pairs = 0;  // byte i: the number that characters i and i + 1 make
  bool ok = false;

  Digits(const char* text, std::uint64_t layout, std::uint64_t limits) {
    std::uint64_t digits;
    std::memcpy(&digits, text, sizeof(digits));
    digits ^= layout;
    ok = ((digits | (digits + limits)) & 0x8080808080808080) == 0;
    pairs = digits * 10 + (digits >> 8);
  }
  int Pair(int at) const { return static_cast<int>(pairs >> (8 * at) & 0xff); }
};

int DigitOf(char c) { return static_cast<int>(static_cast<unsigned char>(c)) - '0'; }
bool IsDigit(int digit) { return digit >= 0 && digit <= 9; }

// Days from civil, by Howard Hinnant's algorithm ("chrono-Compatible Low-Level Date Algorithms").
std::int64_t DaysFromCivil(int year, int month, int day) {
  year -= month <= 2;
  const int era = year / 400;
  const int year_of_era = year - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return std::int64_t{era} * 146'097 + day_of_era - 719'468;
}

}  // namespace

std::optional<std::int64_t> PlainDate(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  const Digits digits(text.data(), Word("0000-00-"), LimitsOf("0000-00-"));
  const int tens = DigitOf(text[8]), ones = DigitOf(text[9]);
  if (!digits.ok || !IsDigit(tens) || !IsDigit(ones)) return std::nullopt;
  const int year = digits.Pair(0) * 100 + digits.Pair(2);
  const int month = digits.Pair(5);
  const int day = tens * 10 + ones;
  if (year < 1 || month < 1 || month > 12 || day < 1) return std::nullopt;
  static constexpr int kDays[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (day > kDays[month - 1] || (month == 2 && day == 29 && !leap)) return std::nullopt;
  return DaysFromCivil(year, month, day);
}

std::optional<std::int64_t> PlainTimestamp(std::string_view text) {
  if (text.size() != 23 || text[10] != 'T' || text[19] != '.') return std::nullopt;
  const auto days = PlainDate(text.substr(0, 10));
  const Digits clock(text.data() + 11, Word("00:00:00"), LimitsOf("00:00:00"));
  const int hundreds = DigitOf(text[20]), tens = DigitOf(text[21]), ones = DigitOf(text[22]);
  if (!days || !clock.ok || !IsDigit(hundreds) || !IsDigit(tens) || !IsDigit(ones)) return std::nullopt;
  const int hour = clock.Pair(0), minute = clock.Pair(3), second = clock.Pair(6);
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const std::int64_t seconds = (hour * 60 + minute) * 60 + second;
  return *days * kMicrosPerDay + seconds * kMicrosPerSecond + (hundreds * 100 + tens * 10 + ones) * 1000;
}

}  // namespace levee::delta

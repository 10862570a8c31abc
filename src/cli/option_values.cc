#include "cli/option_values.h"

#include <charconv>

#include "settings/duration.h"
#include "types/value.h"

namespace levee::cli {
namespace {

std::optional<std::int64_t> ParseInteger(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::int64_t FloorDivide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

}  // namespace

OptionValue<std::optional<std::int64_t>> IntegerOption(const ParsedLine& line, std::string_view option,
                                                       std::int64_t least) {
  const std::optional<std::string_view> text = line.Value(option);
  if (!text) return std::optional<std::int64_t>();
  const std::optional<std::int64_t> value = ParseInteger(*text);
  if (!value || *value < least) {
    return std::unexpected(WrongValue(option, *text, "a whole number from " + std::to_string(least) + " on"));
  }
  return value;
}

OptionValue<std::string_view> WordOption(const ParsedLine& line, std::string_view option,
                                         std::span<const std::string_view> words) {
  const std::optional<std::string_view> text = line.Value(option);
  if (!text) return words.front();
  std::string list;
  for (const std::string_view word : words) {
    if (word == *text) return word;
    list += (list.empty() ? "" : ", ") + std::string(word);
  }
  return std::unexpected(WrongValue(option, *text, "one of " + list));
}

OptionValue<std::optional<std::int64_t>> DurationOption(const ParsedLine& line, std::string_view option) {
  const std::optional<std::string_view> text = line.Value(option);
  if (!text) return std::optional<std::int64_t>();
  const Result<std::int64_t> duration_ms = settings::ParseDuration(*text);
  if (!duration_ms) return std::unexpected(WrongValue(option, *text, "a duration, e.g. 30d or 12h"));
  return *duration_ms;
}

std::optional<std::int64_t> ParseMoment(std::string_view text, std::string_view timezone) {
  types::ParsedTimestamp parsed;
  if (const std::optional<std::int64_t> days = types::ParseDate(text)) {
    if (__builtin_mul_overflow(*days, std::int64_t{86'400'000'000}, &parsed.micros)) return std::nullopt;
  } else if (const std::optional<types::ParsedTimestamp> timestamp = types::ParseTimestamp(text)) {
    parsed = *timestamp;
  } else {
    return std::nullopt;
  }
  if (!parsed.has_zone) {
    const std::optional<std::int64_t> shift = types::WallClockToUtc(parsed.micros, timezone);
    if (!shift) return std::nullopt;
    parsed.micros += *shift;
  }
  return FloorDivide(parsed.micros, 1000);
}

UsageError WrongValue(std::string_view option, std::string_view value, std::string_view expected) {
  return {"option --" + std::string(option), "'" + std::string(value) + "' is no value for it",
          "give " + std::string(expected)};
}

}  // namespace levee::cli

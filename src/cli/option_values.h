// Values of options: numbers, durations, times, one of several words.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cli/options.h"

namespace levee::cli {

template <typename T>
using OptionValue = std::expected<T, UsageError>;

// A whole number of at least `least`; empty when the option was not given.
OptionValue<std::optional<std::int64_t>> IntegerOption(const ParsedLine& line, std::string_view option,
                                                       std::int64_t least = 0);

// One of `words`, the first when the option was not given.
OptionValue<std::string_view> WordOption(const ParsedLine& line, std::string_view option,
                                         std::span<const std::string_view> words);

// "5s", "12h", "30d"; empty when the option was not given. In milliseconds.
OptionValue<std::optional<std::int64_t>> DurationOption(const ParsedLine& line, std::string_view option);
// RFC 3339, or a date: its first moment. Without a zone it is read in `timezone`. In milliseconds.
std::optional<std::int64_t> ParseMoment(std::string_view text, std::string_view timezone);

// The error of an option whose value is not of its form.
UsageError WrongValue(std::string_view option, std::string_view value, std::string_view expected);

}  // namespace levee::cli

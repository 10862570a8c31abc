// Exact decimal numbers, as literals and constant arithmetic need them.
#pragma once

#include <optional>
#include <string_view>

#include "types/value.h"

namespace levee::expr {

// mantissa / 10^scale; |mantissa| < 10^38, scale 0 to 38.
struct Number {
  types::Int128 mantissa = 0;
  int scale = 0;
};

// 10^exponent for 0 to 38.
types::Int128 PowerOfTen(int exponent);

// Empty when the text is no number or is not held exactly.
std::optional<Number> ParseNumber(std::string_view text);

// Each is empty when the result is not held exactly.
std::optional<Number> Add(Number a, Number b);
std::optional<Number> Multiply(Number a, Number b);
// b is not zero.
std::optional<Number> Divide(Number a, Number b);
// The rest of a division towards zero; b is not zero.
std::optional<Number> Remainder(Number a, Number b);

int Compare(Number a, Number b);  // -1, 0, 1

// The nearest double.
double ToDouble(Number number);
// The text read as the nearest double; "NaN" and "Infinity" too. Empty when it is no number or out of range.
std::optional<double> ParseDouble(std::string_view text);

// The largest integer multiple of 10^-scale that is not above the number, and whether it equals it.
struct Floor {
  types::Int128 unscaled = 0;
  bool exact = true;
};
// Empty when it has more than 38 digits.
std::optional<Floor> FloorAtScale(Number number, int scale);

}  // namespace levee::expr

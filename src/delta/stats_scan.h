// Finds where the JSON tokens of a statistics text end, by the few forms that most values have.
#pragma once

#include <cstdint>

namespace levee::delta {

// Each takes the token that starts at `at` and returns its end, or null when it is none of its form.
// Strings have no escapes.
const char* TokenEnd(const char* at, const char* end);
const char* PlainStringEnd(const char* at, const char* end);
// A whole number of at most 18 digits.
const char* ShortWholeEnd(const char* at, const char* end, std::int64_t& value);
// A number without exponent whose digits are a number below 2^53: its double is exact to the last bit.
const char* ShortRealEnd(const char* at, const char* end, double& value);

}  // namespace levee::delta

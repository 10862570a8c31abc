// Equality of JSON texts by value.
#pragma once

#include <string_view>

namespace levee::catalog {

enum class NumberPrecision : unsigned char {
  kExact,
  kFloat,  // numbers that round to the same float are equal
};

// True when both parse to the same value: the order of an object's members and the spelling of numbers
// and strings do not matter. Texts that are no JSON are equal when their bytes are.
bool JsonEqual(std::string_view a, std::string_view b, NumberPrecision precision = NumberPrecision::kExact);

}  // namespace levee::catalog

// Values of a column as numbers of one order, for sorting and for estimates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "columnar/column_vector.h"

namespace levee::columnar {

// A number that never falls where the value rises: of integers and doubles their own order, of strings the first
// 8 bytes after `prefix`, or 0 and the maximum for values that do not begin with it. A null counts as 0, 0.0 or "".
std::uint64_t OrderKeyAt(const ColumnVector& column, std::size_t row, std::string_view prefix);

// What all strings of a column begin with; empty without any.
std::string CommonPrefix(const ColumnVector& column);

}  // namespace levee::columnar

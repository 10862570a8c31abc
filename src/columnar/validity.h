// Appending to a column's bitmap of present values, 64 rows at a time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "columnar/column_vector.h"

namespace levee::columnar {

// Appends bits [first, first + count) of `words` (null: all set) to the validity of `column`, whose
// values may have been appended already but whose `rows` do not yet count them. Makes the bitmap where there
// was none.
void AppendValidityBits(const std::uint64_t* words, std::size_t first, std::size_t count,
                        ColumnVector& column);

}  // namespace levee::columnar

// Reading values that were stored under a narrower type (table feature `typeWidening`).
#pragma once

#include "columnar/column_vector.h"

namespace levee::store {

// True when `from` and `to` have the same values in the same form, so that nothing has to be converted.
bool SameForm(types::PrimitiveType from, types::PrimitiveType to);

// The values as `to`; types::CanWiden(from, to) holds.
columnar::ColumnVector WidenColumn(const columnar::ColumnVector& values, types::PrimitiveType from,
                                   types::PrimitiveType to);

}  // namespace levee::store

// From a condition on metadata to ranges of values.
#pragma once

#include "expr/ast.h"
#include "memory/query/value_range.h"

namespace levee::memory {

// Of kinds that JSON has; a date or time is the text that RFC 3339 has for it.
SortValue ValueOfConstant(const expr::Constant& constant);

ConditionRanges RangesOf(const expr::Ast& ast);

}  // namespace levee::memory

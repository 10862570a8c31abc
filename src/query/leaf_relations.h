// What leaves of a predicate say of each other. A leaf is the set of rows for which it is TRUE.
#pragma once

#include "expr/skipping.h"

namespace levee::query {

// A leaf about one column that no row with a NULL there is in.
bool RejectsNull(const expr::SkippingNode& leaf);

// True if every row of `a` is in `b`, as far as is seen from two leaves; equal nodes of any kind imply each
// other.
bool Implies(const expr::SkippingNode& a, const expr::SkippingNode& b);

// True if no row is in both, as far as is seen from two leaves.
bool Excludes(const expr::SkippingNode& a, const expr::SkippingNode& b);

// Whether a row with that value in the leaf's column is in the leaf: a kCompare, kIn or kNotIn.
bool Holds(const expr::SkippingNode& leaf, const types::Value& value);
// Whether Holds can tell.
bool ComparesValues(const expr::SkippingNode& leaf);

// Engines differ in how NaN compares.
bool IsFloating(const expr::ColumnRef& column);

// column = values[0], or column IN values; the values sorted, distinct, one or more.
expr::SkippingNode EqualsOneOf(const expr::ColumnRef& column, std::vector<types::Value> values);

}  // namespace levee::query

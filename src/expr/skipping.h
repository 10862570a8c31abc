// A bound predicate in the form that data skipping needs: negations are pushed to the leaves,
// constants are folded, literals have the type of their column.
//
// Three-valued logic: a file may be dropped only if it provably has no row for which the predicate
// is TRUE. FALSE and NULL rows are alike here.
#pragma once

#include <string>
#include <vector>

#include "types/data_type.h"
#include "types/value.h"

namespace levee::expr {

// A leaf column of the table at the bound version.
struct ColumnRef {
  std::string name;           // as bound, for messages: logical names joined by '.'
  std::string physical_path;  // joined by types::kPathSeparator
  types::PrimitiveType type;
  bool is_partition = false;
  // A double that was a float: a bound may be written as the float was spelt (3.4), which is another double
  // than the float's value (3.4000000953674316).
  bool was_float = false;

  friend bool operator==(const ColumnRef&, const ColumnRef&) = default;
};

enum class NodeKind : unsigned char {
  kKeep,            // nothing is known: every file may match (also: constant TRUE)
  kDrop,            // no row can match (constant FALSE or NULL, or a contradiction)
  kAnd,             // children, two or more
  kOr,              // children, two or more
  kCompare,         // column OP literals[0]; NULL values of the column never match
  kCompareColumns,  // column OP other, of one type; NULLs never match
  kIn,              // column equals one of literals (sorted by ComparePhysical, distinct, none null)
  kNotIn,           // column is not null and equals none of literals
  kIsNull,
  kIsNotNull,
  kLike,  // column LIKE pattern (literals[0], a string; '\\' escapes)
  kNotLike,
};

enum class CompareOp : unsigned char { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };

struct SkippingNode {
  NodeKind kind = NodeKind::kKeep;
  CompareOp op = CompareOp::kEqual;
  ColumnRef column;
  ColumnRef other;
  std::vector<types::Value> literals;  // of the column's type
  std::vector<SkippingNode> children;
};

// Text of the node as SQL, for `--explain` and as a cache key: equal nodes have equal texts.
std::string ToSql(const SkippingNode& node);

// What a predicate was bound to.
struct BoundPredicate {
  SkippingNode may_match;        // which files may hold a row for which the predicate is TRUE
  SkippingNode may_not_match;    // which files may hold a row for which it is FALSE or NULL; a file that
                                 // cannot is one whose every row matches
  std::string timezone = "UTC";  // in which partition values without a zone are read
};

// Every column that the node names, each once, in order of first use.
std::vector<ColumnRef> ReferencedColumns(const SkippingNode& node);

}  // namespace levee::expr

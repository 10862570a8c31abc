// A parsed predicate: nodes in one vector that name each other by index, so that a short text costs
// a handful of allocations.
#pragma once

#include <cstdint>
#include <forward_list>
#include <string>
#include <string_view>
#include <vector>

#include "expr/number.h"
#include "expr/skipping.h"

namespace levee::expr {

enum class ConstantKind : std::uint8_t {
  kNull,
  kBoolean,    // boolean
  kNumber,     // number
  kDouble,     // real
  kString,     // text
  kBinary,     // text
  kDate,       // integer: days since 1970-01-01
  kTimestamp,  // integer: microseconds, UTC if has_zone, else wall clock
  kInterval,   // months and integer: microseconds
};

struct Constant {
  ConstantKind kind = ConstantKind::kNull;
  bool boolean = false;
  bool has_zone = false;
  Number number;
  double real = 0;
  std::int64_t integer = 0;
  std::int64_t months = 0;
  std::string_view text;   // into the predicate's text or Ast::strings
  std::size_t offset = 0;  // in the predicate's text
};

enum class ExprKind : std::uint8_t {
  kConstant,       // a: in constants
  kColumn,         // a: in columns
  kAnd,            // a: first in lists, b: count
  kOr,             // likewise
  kNot,            // a
  kCompare,        // a op b
  kNullSafeEqual,  // a <=> b
  kIn,             // a IN lists[b], lists[b + 1], ... (c of them)
  kLike,           // a LIKE b; the pattern escapes with '\\'
  kIsNull,         // a
  kIsTrue,         // a
  kIsFalse,        // a
};

using ExprId = std::int32_t;

struct Expr {
  ExprKind kind = ExprKind::kConstant;
  CompareOp op = CompareOp::kEqual;
  std::uint16_t depth = 1;
  std::int32_t a = 0;
  std::int32_t b = 0;
  std::int32_t c = 0;
  std::size_t offset = 0;  // in the predicate's text
};

struct ColumnUse {
  std::vector<std::string> path;
  std::size_t offset = 0;
};

struct Ast {
  std::vector<Expr> exprs;
  std::vector<Constant> constants;
  std::vector<ColumnUse> columns;
  std::vector<ExprId> lists;
  std::forward_list<std::string> strings;  // texts that differ from their spelling
  ExprId root = 0;

  // True for a column or a constant; false for what is TRUE, FALSE or NULL by its form.
  bool IsOperand(ExprId id) const { return exprs[id].kind <= ExprKind::kColumn; }

  std::string_view Keep(std::string text) { return strings.emplace_front(std::move(text)); }
};

}  // namespace levee::expr

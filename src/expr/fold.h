// Computing with constants while a predicate is parsed.
#pragma once

#include "base/status.h"
#include "expr/ast.h"
#include "expr/predicate.h"
#include "expr/source_text.h"

namespace levee::expr {

// What folding needs to know of the statement.
struct FoldContext {
  const SourceText& source;
  const BindOptions& options;
};

// a OP b for OP one of + - * / %. NULL if either is, and for a division by zero. Dates and times take
// intervals; a difference of dates is a number of days. Errors point at `offset`, the operator.
Result<Constant> FoldArithmetic(char op, const Constant& a, const Constant& b, std::size_t offset,
                                const FoldContext& context);
Result<Constant> FoldNegation(Constant value, const FoldContext& context);

// The part of FoldArithmetic that has a date, a time or an interval on a side.
Result<Constant> FoldTimeArithmetic(char op, const Constant& a, const Constant& b, std::size_t offset,
                                    const FoldContext& context);

// DATE, TIMESTAMP, TIMESTAMP_NTZ 'text'.
Result<Constant> ReadDateLiteral(Constant text, const FoldContext& context);
Result<Constant> ReadTimestampLiteral(Constant text, bool without_zone, const FoldContext& context);
// One part of an interval: '7', "day" to 7 days.
Result<Constant> ReadInterval(std::string_view number, std::string_view unit, std::size_t offset,
                              const FoldContext& context);
Result<Constant> AddIntervals(const Constant& a, const Constant& b, std::size_t offset,
                              const FoldContext& context);

Result<Constant> CurrentDate(std::size_t offset, const FoldContext& context);
Constant CurrentTimestamp(std::size_t offset, const FoldContext& context);

// CAST(value AS type), as SQL rounds: to an integer towards zero, to a decimal half away from zero.
Result<Constant> CastConstant(const Constant& value, types::PrimitiveType type, Ast& ast,
                              const FoldContext& context);

// Microseconds in UTC of a date or a time constant, wall clocks read in the statement's zone.
Result<std::int64_t> ToUtcMicros(const Constant& value, const FoldContext& context);

// "a number", "a date": for messages.
const char* KindText(ConstantKind kind);

}  // namespace levee::expr

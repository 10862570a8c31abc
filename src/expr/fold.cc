#include "expr/fold.h"

#include <cmath>

namespace levee::expr {
namespace {

bool IsTime(ConstantKind kind) {
  return kind == ConstantKind::kDate || kind == ConstantKind::kTimestamp || kind == ConstantKind::kInterval;
}

bool IsNumeric(ConstantKind kind) { return kind == ConstantKind::kNumber || kind == ConstantKind::kDouble; }

double AsDouble(const Constant& value) {
  return value.kind == ConstantKind::kDouble ? value.real : ToDouble(value.number);
}

std::optional<Number> Exactly(char op, Number a, Number b) {
  switch (op) {
    case '+': return Add(a, b);
    case '-': return Add(a, {-b.mantissa, b.scale});
    case '*': return Multiply(a, b);
    case '/': return Divide(a, b);
    default: return Remainder(a, b);
  }
}

double Nearly(char op, double a, double b) {
  switch (op) {
    case '+': return a + b;
    case '-': return a - b;
    case '*': return a * b;
    case '/': return a / b;
    default: return std::fmod(a, b);
  }
}

}  // namespace

const char* KindText(ConstantKind kind) {
  switch (kind) {
    case ConstantKind::kNull: return "NULL";
    case ConstantKind::kBoolean: return "a boolean";
    case ConstantKind::kNumber:
    case ConstantKind::kDouble: return "a number";
    case ConstantKind::kString: return "a text";
    case ConstantKind::kBinary: return "bytes";
    case ConstantKind::kDate: return "a date";
    case ConstantKind::kTimestamp: return "a timestamp";
    case ConstantKind::kInterval: return "an interval";
  }
  return "a value";
}

Result<Constant> FoldArithmetic(char op, const Constant& a, const Constant& b, std::size_t offset,
                                const FoldContext& context) {
  Constant result{.offset = a.offset};
  if (a.kind == ConstantKind::kNull || b.kind == ConstantKind::kNull) return result;
  if (IsTime(a.kind) || IsTime(b.kind)) return FoldTimeArithmetic(op, a, b, offset, context);
  if (!IsNumeric(a.kind) || !IsNumeric(b.kind)) {
    return context.source.FailAt(
        offset, std::string("'") + op + "' cannot take " + KindText(a.kind) + " and " + KindText(b.kind));
  }
  const bool exact = a.kind == ConstantKind::kNumber && b.kind == ConstantKind::kNumber;
  if ((op == '/' || op == '%') && (exact ? b.number.mantissa == 0 : AsDouble(b) == 0)) return result;
  if (exact) {
    if (const auto number = Exactly(op, a.number, b.number)) {
      result.kind = ConstantKind::kNumber;
      result.number = *number;
      return result;
    }
    // A quotient like 1/3 has no end; any other result that does not fit is beyond 38 digits.
    if (op != '/') return context.source.FailAt(offset, "the result has more than 38 digits");
  }
  result.kind = ConstantKind::kDouble;
  result.real = Nearly(op, AsDouble(a), AsDouble(b));
  return result;
}

Result<Constant> FoldNegation(Constant value, const FoldContext& context) {
  switch (value.kind) {
    case ConstantKind::kNull: break;
    case ConstantKind::kNumber: value.number.mantissa = -value.number.mantissa; break;
    case ConstantKind::kDouble: value.real = -value.real; break;
    case ConstantKind::kInterval:
      if (value.integer == INT64_MIN) return context.source.FailAt(value.offset, "the interval is too long");
      value.integer = -value.integer;
      value.months = -value.months;
      break;
    default:
      return context.source.FailAt(value.offset, std::string("'-' cannot take ") + KindText(value.kind));
  }
  return value;
}

}  // namespace levee::expr

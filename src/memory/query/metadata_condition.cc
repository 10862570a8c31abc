#include "memory/query/metadata_condition.h"

#include <optional>

#include "expr/leaves.h"
#include "expr/parser.h"
#include "memory/model/times.h"

namespace levee::memory {

struct MetadataCondition::Parsed {
  std::string text;  // the tree refers to it
  expr::Ast ast;
  std::vector<Equality> equalities;
};

namespace {

using expr::Constant;
using expr::ConstantKind;
using expr::Expr;
using expr::ExprId;
using expr::ExprKind;
using Truth = std::optional<bool>;  // nothing: NULL

Truth Not(Truth a) { return a ? Truth(!*a) : std::nullopt; }

// Of kinds that JSON has; a date or time is the text that RFC 3339 has for it.
SortValue ValueOfConstant(const Constant& constant) {
  switch (constant.kind) {
    case ConstantKind::kBoolean: return {ValueKind::kBoolean, constant.boolean ? 1.0L : 0.0L, {}};
    case ConstantKind::kNumber: {
      // Whole numbers exactly, others as the double that JSON would read.
      if (constant.number.scale == 0) return {ValueKind::kNumber, static_cast<long double>(constant.number.mantissa), {}};
      return {ValueKind::kNumber, expr::ToDouble(constant.number), {}};
    }
    case ConstantKind::kDouble: return {ValueKind::kNumber, constant.real, {}};
    case ConstantKind::kString: return {ValueKind::kText, 0, std::string(constant.text)};
    case ConstantKind::kTimestamp: return {ValueKind::kText, 0, TimeText(constant.integer)};
    case ConstantKind::kDate: {
      constexpr std::int64_t kDayMicros = 86'400'000'000;
      return {ValueKind::kText, 0, TimeText(constant.integer * kDayMicros).substr(0, 10)};
    }
    default: return {};
  }
}

class Evaluation {
 public:
  Evaluation(const expr::Ast& ast, simdjson::dom::element metadata) : ast_(ast), metadata_(metadata) {}

  Truth Evaluate(ExprId id) const {
    const Expr& expr = ast_.exprs[static_cast<std::size_t>(id)];
    switch (expr.kind) {
      case ExprKind::kConstant:
      case ExprKind::kColumn: return AsTruth(Value(id));
      case ExprKind::kAnd: return All(expr, false);
      case ExprKind::kOr: return All(expr, true);
      case ExprKind::kNot: return Not(Evaluate(expr.a));
      case ExprKind::kCompare: return Compare(expr.op, Value(expr.a), Value(expr.b));
      case ExprKind::kNullSafeEqual: return NullSafeEqual(expr);
      case ExprKind::kIn: return In(expr);
      case ExprKind::kLike: return Like(expr);
      case ExprKind::kIsNull: return IsNull(expr.a);
      case ExprKind::kIsTrue: return Evaluate(expr.a).value_or(false);
      case ExprKind::kIsFalse: return !Evaluate(expr.a).value_or(true);
    }
    return std::nullopt;
  }

 private:
  // Of AND (`decisive` FALSE) and OR (TRUE).
  Truth All(const Expr& expr, bool decisive) const {
    bool unknown = false;
    for (std::int32_t i = 0; i < expr.b; ++i) {
      const Truth each = Evaluate(ast_.lists[static_cast<std::size_t>(expr.a + i)]);
      if (each == decisive) return decisive;
      unknown = unknown || !each;
    }
    return unknown ? std::nullopt : Truth(!decisive);
  }

  SortValue Value(ExprId id) const {
    const Expr& expr = ast_.exprs[static_cast<std::size_t>(id)];
    if (expr.kind == ExprKind::kConstant) return ValueOfConstant(ast_.constants[static_cast<std::size_t>(expr.a)]);
    if (expr.kind == ExprKind::kColumn) return ValueOf(Element(expr));
    const Truth truth = Evaluate(id);
    return truth ? SortValue{ValueKind::kBoolean, *truth ? 1.0L : 0.0L, {}} : SortValue{};
  }
  std::optional<simdjson::dom::element> Element(const Expr& column) const {
    return ElementAt(metadata_, ast_.columns[static_cast<std::size_t>(column.a)].path);
  }

  static Truth AsTruth(const SortValue& value) {
    return value.kind == ValueKind::kBoolean ? Truth(value.number != 0) : std::nullopt;
  }
  static Truth Compare(expr::CompareOp op, const SortValue& left, const SortValue& right) {
    if (left.kind == ValueKind::kNull || left.kind != right.kind) return std::nullopt;
    return expr::HoldsOrder(op, CompareValues(left, right));
  }
  Truth NullSafeEqual(const Expr& expr) const {
    const bool left = *IsNull(expr.a), right = *IsNull(expr.b);
    if (left || right) return left && right;
    return Compare(expr::CompareOp::kEqual, Value(expr.a), Value(expr.b)).value_or(false);
  }
  Truth In(const Expr& expr) const {
    const SortValue value = Value(expr.a);
    bool unknown = false;
    for (std::int32_t i = 0; i < expr.c; ++i) {
      const Truth same = Compare(expr::CompareOp::kEqual, value, Value(ast_.lists[static_cast<std::size_t>(expr.b + i)]));
      if (same == true) return true;
      unknown = unknown || !same;
    }
    return unknown ? std::nullopt : Truth(false);
  }
  Truth Like(const Expr& expr) const {
    const SortValue text = Value(expr.a), pattern = Value(expr.b);
    if (text.kind != ValueKind::kText || pattern.kind != ValueKind::kText) return std::nullopt;
    return expr::MatchesLike(text.text, pattern.text);
  }
  Truth IsNull(ExprId id) const {
    const Expr& expr = ast_.exprs[static_cast<std::size_t>(id)];
    if (expr.kind == ExprKind::kColumn) return !IsThere(Element(expr));
    return Value(id).kind == ValueKind::kNull;
  }

  const expr::Ast& ast_;
  const simdjson::dom::element metadata_;
};

// Those that every row must have for which the tree is TRUE.
void CollectEqualities(const expr::Ast& ast, ExprId id, std::vector<MetadataCondition::Equality>& out) {
  const Expr& expr = ast.exprs[static_cast<std::size_t>(id)];
  if (expr.kind == ExprKind::kAnd) {
    for (std::int32_t i = 0; i < expr.b; ++i) CollectEqualities(ast, ast.lists[static_cast<std::size_t>(expr.a + i)], out);
  }
  if (expr.kind != ExprKind::kCompare || expr.op != expr::CompareOp::kEqual) return;
  const Expr* column = &ast.exprs[static_cast<std::size_t>(expr.a)];
  const Expr* constant = &ast.exprs[static_cast<std::size_t>(expr.b)];
  if (column->kind != ExprKind::kColumn) std::swap(column, constant);
  if (column->kind != ExprKind::kColumn || constant->kind != ExprKind::kConstant) return;
  SortValue value = ValueOfConstant(ast.constants[static_cast<std::size_t>(constant->a)]);
  if (value.kind == ValueKind::kNull) return;
  out.push_back({ast.columns[static_cast<std::size_t>(column->a)].path, std::move(value)});
}

}  // namespace

MetadataCondition::MetadataCondition(std::unique_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}
MetadataCondition::~MetadataCondition() = default;

Result<std::unique_ptr<const MetadataCondition>> MetadataCondition::Parse(std::string_view text, std::int64_t now) {
  constexpr std::size_t kTextBytesMax = 1u << 20;
  auto parsed = std::make_unique<Parsed>();
  parsed->text = text;
  const expr::SourceText source{parsed->text};
  const expr::BindOptions options{.now_micros = now};
  const expr::FoldContext context{source, options};
  Status read = text.size() > kTextBytesMax ? source.FailAt(0, "it is longer than 1 MB") : expr::Parser(parsed->ast, context).Parse();
  if (!read) {
    read.error().what = "metadata condition";
    read.error().detail = "INVALID_QUERY";
    return std::unexpected(std::move(read).error());
  }
  CollectEqualities(parsed->ast, parsed->ast.root, parsed->equalities);
  return std::unique_ptr<const MetadataCondition>(new MetadataCondition(std::move(parsed)));
}

bool MetadataCondition::Holds(simdjson::dom::element metadata) const {
  return Evaluation(parsed_->ast, metadata).Evaluate(parsed_->ast.root).value_or(false);
}

const std::vector<MetadataCondition::Equality>& MetadataCondition::equalities() const { return parsed_->equalities; }

}  // namespace levee::memory

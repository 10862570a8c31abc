#include "memory/query/metadata_condition.h"

#include <optional>

#include "expr/leaves.h"
#include "expr/parser.h"
#include "memory/query/metadata_ranges.h"

namespace levee::memory {

struct MetadataCondition::Parsed {
  std::string text;  // the tree refers to it
  expr::Ast ast;
  ConditionRanges ranges;
};

namespace {

using expr::Expr;
using expr::ExprId;
using expr::ExprKind;
using Truth = std::optional<bool>;  // nothing: NULL

Truth Not(Truth a) { return a ? Truth(!*a) : std::nullopt; }

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
  parsed->ranges = RangesOf(parsed->ast);
  return std::unique_ptr<const MetadataCondition>(new MetadataCondition(std::move(parsed)));
}

bool MetadataCondition::Holds(simdjson::dom::element metadata) const {
  return Evaluation(parsed_->ast, metadata).Evaluate(parsed_->ast.root).value_or(false);
}

const ConditionRanges& MetadataCondition::ranges() const { return parsed_->ranges; }

}  // namespace levee::memory

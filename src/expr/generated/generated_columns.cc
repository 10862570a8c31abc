#include "expr/generated/generated_columns.h"

#include <algorithm>

#include "expr/generated/generation_parser.h"
#include "expr/simplify.h"

namespace levee::expr {
namespace {

using types::Value;

// No zone is further from UTC (ISO 8601 as Java has it).
constexpr std::int64_t kZoneMicrosMax = 18LL * 3600 * 1'000'000;

SkippingNode Leaf(const GeneratedColumn& generated, NodeKind kind, std::vector<Value> literals,
                  CompareOp op = CompareOp::kEqual) {
  SkippingNode node;
  node.kind = kind;
  node.op = op;
  node.column = generated.partition;
  node.literals = std::move(literals);
  return node;
}

SkippingNode Compare(const GeneratedColumn& generated, CompareOp op, Value literal) {
  return Leaf(generated, NodeKind::kCompare, {std::move(literal)}, op);
}

// What the expression makes of values at or above the literal at least (at or below it at most), in any zone.
std::optional<Value> Bound(const GeneratedColumn& generated, const Value& literal, bool upper) {
  if (literal.is_null()) return std::nullopt;
  Value value = literal;
  value.type = generated.source.type;
  if (value.type.kind == types::TypeKind::kTimestamp) {
    std::int64_t micros = 0;
    const bool overflow = upper ? __builtin_add_overflow(value.as_int(), kZoneMicrosMax, &micros)
                                : __builtin_sub_overflow(value.as_int(), kZoneMicrosMax, &micros);
    if (overflow) return std::nullopt;
    value.physical = micros;
  }
  return generated.rule->Apply(value);
}

std::optional<SkippingNode> AtMost(const GeneratedColumn& generated, const Value& literal) {
  auto bound = Bound(generated, literal, true);
  if (!bound) return std::nullopt;
  return Compare(generated, CompareOp::kLessEqual, std::move(*bound));
}

std::optional<SkippingNode> AtLeast(const GeneratedColumn& generated, const Value& literal) {
  auto bound = Bound(generated, literal, false);
  if (!bound) return std::nullopt;
  SkippingNode node = Compare(generated, CompareOp::kGreaterEqual, std::move(*bound));
  const std::string_view stray = generated.rule->StrayBelow();
  if (stray.empty()) return node;
  return MakeOr({std::move(node), Compare(generated, CompareOp::kLess,
                                          {generated.partition.type, std::string(stray)})});
}

// Of values between two literals.
std::optional<SkippingNode> Between(const GeneratedColumn& generated, const Value& low, const Value& high) {
  auto lower = Bound(generated, low, false);
  auto upper = Bound(generated, high, true);
  if (!lower || !upper) return std::nullopt;
  if (*lower == *upper) return Compare(generated, CompareOp::kEqual, std::move(*lower));
  return MakeAnd({Compare(generated, CompareOp::kGreaterEqual, std::move(*lower)),
                  Compare(generated, CompareOp::kLessEqual, std::move(*upper))});
}

std::optional<SkippingNode> OneOf(const GeneratedColumn& generated, const std::vector<Value>& literals) {
  std::vector<Value> made;
  for (const Value& literal : literals) {
    auto lower = Bound(generated, literal, false);
    // In a time zone that is not known a value has no single partition.
    if (!lower || Bound(generated, literal, true) != lower) return Between(generated, literals.front(), literals.back());
    if (made.empty() || made.back() != *lower) made.push_back(std::move(*lower));
  }
  return Leaf(generated, NodeKind::kIn, std::move(made));
}

// Whether the empty text, whose partition is NULL, may match.
bool MayMatchEmpty(const SkippingNode& leaf) {
  if (leaf.kind == NodeKind::kCompare && (leaf.op == CompareOp::kLess || leaf.op == CompareOp::kLessEqual)) return true;
  return std::ranges::any_of(leaf.literals, [](const Value& literal) {
    return !literal.is_null() && literal.as_string().empty();
  });
}

std::optional<SkippingNode> Implied(const SkippingNode& leaf, const GeneratedColumn& generated) {
  if (leaf.kind == NodeKind::kIsNull) return Leaf(generated, NodeKind::kIsNull, {});
  std::optional<SkippingNode> node;
  if (leaf.kind == NodeKind::kIn && !leaf.literals.empty()) {
    node = OneOf(generated, leaf.literals);
  } else if (leaf.kind == NodeKind::kCompare) {
    const Value& literal = leaf.literals[0];
    switch (leaf.op) {
      case CompareOp::kEqual: node = Between(generated, literal, literal); break;
      case CompareOp::kLess:
      case CompareOp::kLessEqual: node = AtMost(generated, literal); break;
      case CompareOp::kGreater:
      case CompareOp::kGreaterEqual: node = AtLeast(generated, literal); break;
      case CompareOp::kNotEqual: break;
    }
  }
  if (!node || !generated.rule->MayMakeNull() || !MayMatchEmpty(leaf)) return node;
  return MakeOr({std::move(*node), Leaf(generated, NodeKind::kIsNull, {})});
}

std::shared_ptr<const GenerationRule> MakeRule(const GenerationExpression& expression, const GenerationTypes& types) {
  switch (expression.kind) {
    case GenerationKind::kSame: return MakeSameRule(types);
    case GenerationKind::kCastDate: return MakeCastDateRule(types);
    case GenerationKind::kYear: return MakeYearRule(types);
    case GenerationKind::kDateFormat: return MakeDateFormatRule(types, expression.pattern);
    case GenerationKind::kPrefix: return MakePrefixRule(types, expression.characters);
  }
  return nullptr;
}

}  // namespace

std::optional<GeneratedColumn> BindGeneratedColumn(std::string_view expression, const ColumnRef& partition,
                                                   const ColumnResolver& resolver) {
  const auto parsed = ParseGeneration(expression);
  if (!parsed) return std::nullopt;
  auto source = resolver.Resolve(parsed->source);
  if (!source || source->is_partition) return std::nullopt;
  auto rule = MakeRule(*parsed, {.source = source->type, .partition = partition.type});
  if (rule == nullptr) return std::nullopt;
  return GeneratedColumn{partition, std::move(*source), std::move(rule)};
}

SkippingNode WithGeneratedColumns(const SkippingNode& node, const std::vector<GeneratedColumn>& columns) {
  std::vector<SkippingNode> children;
  if (node.kind == NodeKind::kAnd || node.kind == NodeKind::kOr) {
    for (const SkippingNode& child : node.children) children.push_back(WithGeneratedColumns(child, columns));
    return node.kind == NodeKind::kAnd ? MakeAnd(std::move(children)) : MakeOr(std::move(children));
  }
  children.push_back(node);
  for (const GeneratedColumn& generated : columns) {
    if (node.column.physical_path != generated.source.physical_path) continue;
    if (auto implied = Implied(node, generated)) children.push_back(std::move(*implied));
  }
  return children.size() == 1 ? std::move(children[0]) : MakeAnd(std::move(children));
}

}  // namespace levee::expr

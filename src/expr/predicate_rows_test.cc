// Random predicates over rows of three nullable integers: a plain evaluator of SQL's three-valued logic
// is the oracle of both bound forms.
#include <gtest/gtest.h>

#include <memory>
#include <random>

#include "expr/predicate.h"

namespace levee::expr {
namespace {

using Cell = std::optional<std::int64_t>;
using Truth = std::optional<bool>;
using Row = std::array<Cell, 3>;

constexpr const char* kNames[] = {"a", "b", "c"};

class ThreeColumns final : public ColumnResolver {
 public:
  std::optional<ColumnRef> Resolve(const std::vector<std::string>& path) const override {
    for (const char* name : kNames) {
      if (path.size() == 1 && path[0] == name) return ColumnRef{name, name, {types::TypeKind::kLong}};
    }
    return {};
  }
  std::vector<std::string> Names() const override { return {"a", "b", "c"}; }
};

bool Holds(CompareOp op, std::int64_t a, std::int64_t b) {
  switch (op) {
    case CompareOp::kEqual: return a == b;
    case CompareOp::kNotEqual: return a != b;
    case CompareOp::kLess: return a < b;
    case CompareOp::kLessEqual: return a <= b;
    case CompareOp::kGreater: return a > b;
    case CompareOp::kGreaterEqual: return a >= b;
  }
  return false;
}

// The rows of a skipping node, by the words of its header.
bool Matches(const SkippingNode& node, const Row& row) {
  const auto cell = [&](const ColumnRef& column) {
    return row[static_cast<std::size_t>(column.name[0] - 'a')];
  };
  const auto is_listed = [&] {
    for (const types::Value& value : node.literals) {
      if (value.as_int() == *cell(node.column)) return true;
    }
    return false;
  };
  switch (node.kind) {
    case NodeKind::kKeep: return true;
    case NodeKind::kDrop: return false;
    case NodeKind::kAnd:
      for (const SkippingNode& child : node.children) {
        if (!Matches(child, row)) return false;
      }
      return true;
    case NodeKind::kOr:
      for (const SkippingNode& child : node.children) {
        if (Matches(child, row)) return true;
      }
      return false;
    case NodeKind::kCompare:
      return cell(node.column) && Holds(node.op, *cell(node.column), node.literals[0].as_int());
    case NodeKind::kCompareColumns:
      return cell(node.column) && cell(node.other) && Holds(node.op, *cell(node.column), *cell(node.other));
    case NodeKind::kIn: return cell(node.column) && is_listed();
    case NodeKind::kNotIn: return cell(node.column) && !is_listed();
    case NodeKind::kIsNull: return !cell(node.column);
    case NodeKind::kIsNotNull: return cell(node.column).has_value();
    default: ADD_FAILURE() << "no LIKE on integers"; return false;
  }
}

// A predicate as text and as a function of a row, built side by side.
struct Predicate {
  std::string text;
  std::function<Truth(const Row&)> value;
};

struct Operand {
  std::string text;
  std::function<Cell(const Row&)> value;
};

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  Predicate Draw(int depth) {
    if (depth == 0) return Leaf();
    switch (Below(6)) {
      case 0:
      case 1: return Joined(depth, true);
      case 2:
      case 3: return Joined(depth, false);
      case 4: {
        Predicate inner = Draw(depth - 1);
        return {"NOT (" + inner.text + ")", [inner](const Row& row) { return Not(inner.value(row)); }};
      }
      default: return TruthTest(Draw(depth - 1));
    }
  }

  Row DrawRow() {
    Row row;
    for (Cell& cell : row) {
      if (Below(4) != 0) cell = Below(5) - 1;
    }
    return row;
  }

 private:
  int Below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  static Truth Not(Truth truth) { return truth ? Truth(!*truth) : truth; }
  static Truth And(Truth a, Truth b) {
    if (a == false || b == false) return false;
    if (!a || !b) return {};
    return true;
  }

  Predicate Joined(int depth, bool is_and) {
    Predicate a = Draw(depth - 1);
    Predicate b = Draw(depth - 1);
    return {"(" + a.text + (is_and ? ") AND (" : ") OR (") + b.text + ")", [a, b, is_and](const Row& row) {
              const Truth left = a.value(row), right = b.value(row);
              return is_and ? And(left, right) : Not(And(Not(left), Not(right)));
            }};
  }

  Predicate TruthTest(Predicate inner) {
    const int form = Below(6);
    constexpr const char* kForms[] = {" IS TRUE",     " IS FALSE",     " IS NULL",
                                      " IS NOT TRUE", " IS NOT FALSE", " IS NOT NULL"};
    return {"(" + inner.text + ")" + kForms[form], [inner, form](const Row& row) -> Truth {
              const Truth truth = inner.value(row);
              const bool plain =
                  form % 3 == 0 ? truth == true : (form % 3 == 1 ? truth == false : !truth.has_value());
              return form < 3 ? plain : !plain;
            }};
  }

  Operand Column() {
    const auto index = static_cast<std::size_t>(Below(3));
    return {kNames[index], [index](const Row& row) { return row[index]; }};
  }

  Operand Literal() {
    if (Below(8) == 0) return {"NULL", [](const Row&) { return Cell(); }};
    const int number = Below(5) - 1;
    return {std::to_string(number), [number](const Row&) { return Cell(number); }};
  }

  Operand AnyOperand() { return Below(3) == 0 ? Literal() : Column(); }

  static Truth Compare(CompareOp op, Cell a, Cell b) {
    if (!a || !b) return {};
    return Holds(op, *a, *b);
  }

  Predicate Leaf() {
    switch (Below(6)) {
      case 0: return In();
      case 1: return Between();
      case 2: {
        Operand a = AnyOperand();
        const bool negated = Below(2) == 0;
        return {a.text + (negated ? " IS NOT NULL" : " IS NULL"),
                [a, negated](const Row& row) -> Truth { return a.value(row).has_value() == negated; }};
      }
      case 3: {
        Operand a = AnyOperand(), b = AnyOperand();
        return {a.text + " <=> " + b.text,
                [a, b](const Row& row) -> Truth { return a.value(row) == b.value(row); }};
      }
      default: {
        constexpr const char* kOps[] = {" = ", " <> ", " < ", " <= ", " > ", " >= "};
        Operand a = AnyOperand(), b = AnyOperand();
        const int op = Below(6);
        return {a.text + kOps[op] + b.text, [a, b, op](const Row& row) {
                  return Compare(static_cast<CompareOp>(op), a.value(row), b.value(row));
                }};
      }
    }
  }

  Predicate In() {
    Operand a = AnyOperand();
    std::vector<Operand> items;
    const bool with_columns = Below(3) == 0;
    for (int i = Below(4); i >= 0; --i) items.push_back(with_columns ? AnyOperand() : Literal());
    const bool negated = Below(2) == 0;
    std::string text = a.text + (negated ? " NOT IN (" : " IN (");
    for (std::size_t i = 0; i < items.size(); ++i) text += (i == 0 ? "" : ", ") + items[i].text;
    return {text + ")", [a, items, negated](const Row& row) {
              Truth any = false;
              for (const Operand& item : items) {
                any = Not(And(Not(any), Not(Compare(CompareOp::kEqual, a.value(row), item.value(row)))));
              }
              return negated ? Not(any) : any;
            }};
  }

  Predicate Between() {
    Operand a = AnyOperand(), low = AnyOperand(), high = AnyOperand();
    const bool negated = Below(2) == 0;
    return {a.text + (negated ? " NOT BETWEEN " : " BETWEEN ") + low.text + " AND " + high.text,
            [=](const Row& row) {
              const Truth inside = And(Compare(CompareOp::kGreaterEqual, a.value(row), low.value(row)),
                                       Compare(CompareOp::kLessEqual, a.value(row), high.value(row)));
              return negated ? Not(inside) : inside;
            }};
  }

  std::mt19937_64 random_;
};

TEST(PredicateRows, BothFormsAgreeWithSql) {
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    Generator generator(seed);
    const Predicate predicate = generator.Draw(static_cast<int>(seed % 5));
    const auto bound = BindPredicate(predicate.text, ThreeColumns(), {});
    ASSERT_TRUE(bound) << predicate.text << ": " << bound.error().ToString();
    for (int i = 0; i < 40; ++i) {
      const Row row = generator.DrawRow();
      const bool truth = predicate.value(row) == true;
      ASSERT_EQ(Matches(bound->may_match, row), truth) << "seed " << seed << ": " << predicate.text << "\n"
                                                       << ToSql(bound->may_match);
      ASSERT_EQ(Matches(bound->may_not_match, row), !truth)
          << "seed " << seed << ": " << predicate.text << "\n"
          << ToSql(bound->may_not_match);
    }
    // The text of a node reads back as a node for the same rows.
    const auto again = BindPredicate(ToSql(bound->may_match), ThreeColumns(), {});
    ASSERT_TRUE(again) << ToSql(bound->may_match);
    const Row row = generator.DrawRow();
    ASSERT_EQ(Matches(again->may_match, row), Matches(bound->may_match, row)) << ToSql(bound->may_match);
  }
}

}  // namespace
}  // namespace levee::expr

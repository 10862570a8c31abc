// The evaluator against the definition: a file is kept if some value that its bounds allow makes the
// predicate TRUE.
#include "columnar/skipping_evaluator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <set>

// g++ 12 takes strings inside of temporary variants for uninitialised.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

namespace levee::columnar {
namespace {

using expr::CompareOp;
using expr::NodeKind;
using expr::SkippingNode;
using types::PhysicalType;
using types::PhysicalValue;
using types::TypeKind;
using Random = std::mt19937_64;

struct Column {
  ColumnVector lower, upper;
  bool know_lower = true;
  bool know_upper = true;
  std::optional<Bitmap> may_be_null;
  std::optional<Bitmap> may_be_non_null;
};

class FakeSource : public BoundsSource {
 public:
  explicit FakeSource(std::size_t rows) : rows_(rows) {}
  std::map<std::string, Column> columns;

  std::size_t rows() const override { return rows_; }
  Result<const ColumnVector*> Lower(const expr::ColumnRef& column) override {
    const Column& found = columns.at(column.physical_path);
    return found.know_lower ? &found.lower : nullptr;
  }
  Result<const ColumnVector*> Upper(const expr::ColumnRef& column) override {
    const Column& found = columns.at(column.physical_path);
    return found.know_upper ? &found.upper : nullptr;
  }
  Result<const Bitmap*> MayBeNull(const expr::ColumnRef& column) override {
    const auto& set = columns.at(column.physical_path).may_be_null;
    return set ? &*set : nullptr;
  }
  Result<const Bitmap*> MayBeNonNull(const expr::ColumnRef& column) override {
    const auto& set = columns.at(column.physical_path).may_be_non_null;
    return set ? &*set : nullptr;
  }

 private:
  std::size_t rows_;
};

expr::ColumnRef Ref(std::string name, TypeKind kind, bool is_partition = false) {
  return {name, name, {kind, 0, 0}, is_partition};
}

SkippingNode Leaf(NodeKind kind, expr::ColumnRef column, std::vector<PhysicalValue> literals,
                  CompareOp op = CompareOp::kEqual) {
  SkippingNode node;
  node.kind = kind;
  node.op = op;
  node.column = column;
  for (PhysicalValue& literal : literals) node.literals.push_back({column.type, std::move(literal)});
  return node;
}

bool Holds(CompareOp op, const PhysicalValue& a, const PhysicalValue& b) {
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

// Prefix patterns ("ab%") and plain texts only.
bool LikeHolds(const std::string& pattern, const std::string& text) {
  return pattern.ends_with('%') ? text.starts_with(pattern.substr(0, pattern.size() - 1)) : text == pattern;
}

// Is the leaf TRUE for this value?
bool IsTrue(const SkippingNode& node, const PhysicalValue& value) {
  const auto in_list = [&] {
    for (const types::Value& literal : node.literals) {
      if (literal.physical == value) return true;
    }
    return false;
  };
  switch (node.kind) {
    case NodeKind::kCompare: return Holds(node.op, value, node.literals[0].physical);
    case NodeKind::kIn: return in_list();
    case NodeKind::kNotIn: return !in_list();
    case NodeKind::kLike: return LikeHolds(node.literals[0].as_string(), std::get<std::string>(value));
    case NodeKind::kNotLike: return !LikeHolds(node.literals[0].as_string(), std::get<std::string>(value));
    case NodeKind::kIsNotNull: return true;
    default: return false;
  }
}

// What the oracle needs: every value of the domain, and whether a file's bounds allow it.
struct Oracle {
  std::vector<PhysicalValue> domain;
  std::function<bool(const std::string& column, std::size_t row, const PhysicalValue& value)> allows;
  FakeSource* source;

  bool Keeps(const SkippingNode& node, std::size_t row) const {
    switch (node.kind) {
      case NodeKind::kKeep: return true;
      case NodeKind::kDrop: return false;
      case NodeKind::kAnd:
        for (const auto& child : node.children) {
          if (!Keeps(child, row)) return false;
        }
        return true;
      case NodeKind::kOr:
        for (const auto& child : node.children) {
          if (Keeps(child, row)) return true;
        }
        return false;
      default: break;
    }
    const Column& column = source->columns.at(node.column.physical_path);
    if (node.kind == NodeKind::kIsNull) return !column.may_be_null || column.may_be_null->Get(row);
    if (column.may_be_non_null && !column.may_be_non_null->Get(row)) return false;
    if (node.kind == NodeKind::kCompareColumns) {
      const Column& other = source->columns.at(node.other.physical_path);
      if (other.may_be_non_null && !other.may_be_non_null->Get(row)) return false;
    }
    for (const PhysicalValue& value : domain) {
      if (!allows(node.column.physical_path, row, value)) continue;
      if (node.kind != NodeKind::kCompareColumns) {
        if (IsTrue(node, value)) return true;
        continue;
      }
      for (const PhysicalValue& right : domain) {
        if (allows(node.other.physical_path, row, right) && Holds(node.op, value, right)) return true;
      }
    }
    return false;
  }
};

using MakeValue = std::function<PhysicalValue()>;

Column RandomColumn(PhysicalType physical, std::size_t rows, const MakeValue& make, Random& random) {
  Column column;
  column.lower.physical = column.upper.physical = physical;
  column.may_be_null.emplace(rows);
  column.may_be_non_null.emplace(rows);
  const bool with_nulls = random() % 2 == 0;
  for (std::size_t row = 0; row < rows; ++row) {
    const PhysicalValue a = make();
    const PhysicalValue b = random() % 3 == 0 ? a : make();
    // A file without values has no bounds.
    const bool has_values = random() % 8 != 0;
    const auto is_unknown = [&] { return !has_values || (with_nulls && random() % 8 == 0); };
    is_unknown() ? column.lower.PushNull() : column.lower.PushValue(std::min(a, b));
    is_unknown() ? column.upper.PushNull() : column.upper.PushValue(std::max(a, b));
    column.may_be_null->Assign(row, random() % 2 == 0);
    column.may_be_non_null->Assign(row, has_values);
  }
  if (random() % 6 == 0) column.may_be_null.reset();
  if (random() % 6 == 0) column.may_be_non_null.reset();
  column.know_lower = random() % 8 != 0;
  column.know_upper = random() % 8 != 0;
  return column;
}

SkippingNode RandomNode(const expr::ColumnRef& a, const expr::ColumnRef& b, const MakeValue& make, int depth,
                        Random& random) {
  SkippingNode node;
  if (depth > 0 && random() % 3 != 0) {
    node.kind = random() % 2 == 0 ? NodeKind::kAnd : NodeKind::kOr;
    for (std::uint64_t i = 2 + random() % 2; i > 0; --i)
      node.children.push_back(RandomNode(a, b, make, depth - 1, random));
    return node;
  }
  const auto op = static_cast<CompareOp>(random() % 6);
  const expr::ColumnRef& column = random() % 2 == 0 ? a : b;
  const bool is_text = a.type.kind == TypeKind::kString;
  switch (random() % (is_text ? 10 : 8)) {
    case 0: return Leaf(NodeKind::kIsNull, column, {});
    case 1: return Leaf(NodeKind::kIsNotNull, column, {});
    case 2: {
      node = Leaf(NodeKind::kCompareColumns, a, {}, op);
      node.other = b;
      return node;
    }
    case 3:
    case 4: {
      std::set<PhysicalValue> list;
      for (std::uint64_t i = 1 + random() % 4; i > 0; --i) list.insert(make());
      return Leaf(random() % 2 == 0 ? NodeKind::kIn : NodeKind::kNotIn, column, {list.begin(), list.end()});
    }
    case 8:
    case 9: {
      std::string pattern = std::get<std::string>(make());
      if (random() % 4 != 0) pattern += '%';
      return Leaf(random() % 2 == 0 ? NodeKind::kLike : NodeKind::kNotLike, column, {pattern});
    }
    default: return Leaf(NodeKind::kCompare, column, {make()}, op);
  }
}

std::string Text(const PhysicalValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* real = std::get_if<double>(&value)) return std::to_string(*real);
  if (const auto* text = std::get_if<std::string>(&value)) return "'" + *text + "'";
  return "?";
}

std::string Text(const SkippingNode& node) {
  std::string out = "(" + std::to_string(static_cast<int>(node.kind)) + " op " +
                    std::to_string(static_cast<int>(node.op)) + " " + node.column.name;
  for (const auto& literal : node.literals) out += " " + Text(literal.physical);
  for (const auto& child : node.children) out += " " + Text(child);
  return out + ")";
}

std::string Text(const Column& column, std::size_t row) {
  return "[" + (column.know_lower ? Text(column.lower.At(row)) : "?") + ", " +
         (column.know_upper ? Text(column.upper.At(row)) : "?") + "]";
}

// Compares evaluator and oracle on random sources and predicates. `reach` gives the greatest value that an
// upper bound allows.
void CompareWithOracle(TypeKind kind, PhysicalType physical, bool is_partition,
                       const std::vector<PhysicalValue>& domain, const MakeValue& make,
                       const std::function<PhysicalValue(const PhysicalValue&)>& reach, Random& random) {
  const std::size_t rows = 100;
  const int rounds = domain.size() > 300 ? 40 : 200;
  for (int round = 0; round < rounds; ++round) {
    FakeSource source(rows);
    source.columns["a"] = RandomColumn(physical, rows, make, random);
    source.columns["b"] = RandomColumn(physical, rows, make, random);
    Oracle oracle{domain,
                  [&](const std::string& name, std::size_t row, const PhysicalValue& value) {
                    const Column& column = source.columns.at(name);
                    const bool above =
                        !column.know_lower || !column.lower.IsValid(row) || value >= column.lower.At(row);
                    const bool below = !column.know_upper || !column.upper.IsValid(row) ||
                                       value <= reach(column.upper.At(row));
                    return above && below;
                  },
                  &source};
    const SkippingNode node =
        RandomNode(Ref("a", kind, is_partition), Ref("b", kind, is_partition), make, 2, random);
    Bitmap candidates(rows);
    for (std::size_t row = 0; row < rows; ++row) candidates.Assign(row, random() % 5 != 0);
    const auto kept = EvaluateSkipping(node, source, round % 2 == 0 ? &candidates : nullptr);
    ASSERT_TRUE(kept.has_value());
    for (std::size_t row = 0; row < rows; ++row) {
      const bool wanted = oracle.Keeps(node, row) && (round % 2 != 0 || candidates.Get(row));
      ASSERT_EQ(kept->Get(row), wanted)
          << "round " << round << " row " << row << ": a " << Text(source.columns["a"], row) << " b "
          << Text(source.columns["b"], row) << " " << Text(node);
    }
  }
}

PhysicalValue Same(const PhysicalValue& value) { return value; }

TEST(EvaluateSkipping, IntegersMatchTheDefinition) {
  Random random(1);
  std::vector<PhysicalValue> domain;
  for (std::int64_t value = -20; value <= 40; ++value) domain.push_back(value);
  CompareWithOracle(
      TypeKind::kLong, PhysicalType::kInt64, false, domain,
      [&] { return PhysicalValue(static_cast<std::int64_t>(random() % 20)); }, Same, random);
}

TEST(EvaluateSkipping, DoublesMatchTheDefinition) {
  Random random(2);
  std::vector<PhysicalValue> domain;
  for (int value = -80; value <= 160; ++value) domain.push_back(value / 4.0);
  CompareWithOracle(
      TypeKind::kDouble, PhysicalType::kDouble, false, domain,
      [&] { return PhysicalValue(static_cast<double>(random() % 40) / 2 - 5); }, Same, random);
}

TEST(EvaluateSkipping, TimestampsAllowForCutMillis) {
  Random random(3);
  std::vector<PhysicalValue> domain;
  for (std::int64_t value = -5'000; value <= 9'000; ++value) {
    const std::int64_t below = ((value % 1'000) + 1'000) % 1'000;
    if (below < 4 || below > 996 || (below > 498 && below < 502)) domain.push_back(value);
  }
  const auto make = [&] {
    static constexpr std::int64_t kBelow[] = {0, 0, 1, 500, 998, 999};
    return PhysicalValue(static_cast<std::int64_t>(random() % 4) * 1'000 - 1'000 + kBelow[random() % 6]);
  };
  const auto reach = [](const PhysicalValue& upper) {
    const std::int64_t micros = std::get<std::int64_t>(upper);
    return PhysicalValue(micros % 1'000 == 0 ? micros + 999 : micros);
  };
  CompareWithOracle(TypeKind::kTimestamp, PhysicalType::kInt64, false, domain, make, reach, random);
  CompareWithOracle(TypeKind::kTimestampNtz, PhysicalType::kInt64, false, domain, make, reach, random);
  CompareWithOracle(TypeKind::kTimestamp, PhysicalType::kInt64, true, domain, make, Same, random);
}

TEST(EvaluateSkipping, StringsMatchTheDefinition) {
  Random random(4);
  std::vector<PhysicalValue> domain{std::string()};
  for (std::size_t i = 0; i < domain.size() && domain.size() < 200; ++i) {
    // \x01 and ~: between any two texts that `make` gives there is another one.
    for (const char letter : {'\x01', 'a', 'b', 'c', '~'}) {
      if (std::get<std::string>(domain[i]).size() < 4)
        domain.push_back(std::get<std::string>(domain[i]) + letter);
    }
  }
  const auto make = [&] {
    std::string text;
    for (std::uint64_t size = 1 + random() % 2; size > 0; --size)
      text += static_cast<char>('a' + random() % 3);
    return PhysicalValue(text);
  };
  for (const bool is_partition : {false, true}) {
    CompareWithOracle(TypeKind::kString, PhysicalType::kString, is_partition, domain, make, Same, random);
  }
}

// One file with these bounds: is it kept?
bool Kept(const SkippingNode& node, PhysicalValue lower, PhysicalValue upper) {
  FakeSource source(1);
  Column column;
  column.lower.physical = column.upper.physical = types::PhysicalTypeOf(node.column.type);
  column.lower.PushValue(lower);
  column.upper.PushValue(upper);
  source.columns["a"] = std::move(column);
  return EvaluateSkipping(node, source, nullptr)->Get(0);
}

// Counts and bounds that contradict each other prove nothing.
TEST(EvaluateSkipping, ABoundOutweighsACountOfNulls) {
  FakeSource source(2);
  Column& column = source.columns["a"];
  column.lower.PushInt(1);
  column.upper.PushInt(9);
  column.lower.PushNull();
  column.upper.PushNull();
  column.may_be_non_null.emplace(2);  // "every row is NULL", of both files
  const expr::ColumnRef a = Ref("a", TypeKind::kLong);
  const auto greater = EvaluateSkipping(Leaf(NodeKind::kCompare, a, {std::int64_t{5}}, CompareOp::kGreater), source, nullptr);
  ASSERT_TRUE(greater.has_value());
  EXPECT_TRUE(greater->Get(0));
  EXPECT_FALSE(greater->Get(1));
  const auto beyond = EvaluateSkipping(Leaf(NodeKind::kCompare, a, {std::int64_t{9}}, CompareOp::kGreater), source, nullptr);
  ASSERT_TRUE(beyond.has_value());
  EXPECT_TRUE(beyond->None());
}

TEST(EvaluateSkipping, LongTextsAreCutOff) {
  const std::string cut(32, 'k');
  std::string umlauts;
  for (int i = 0; i < 32; ++i) umlauts += "\xc3\xbc";
  const expr::ColumnRef column = Ref("a", TypeKind::kString);
  const auto compare = [&](CompareOp op, std::string literal) {
    return Leaf(NodeKind::kCompare, column, {literal}, op);
  };
  EXPECT_TRUE(Kept(compare(CompareOp::kEqual, cut + "zzz"), std::string("a"), cut));
  EXPECT_TRUE(Kept(compare(CompareOp::kGreater, cut), std::string("a"), cut));
  EXPECT_TRUE(Kept(compare(CompareOp::kGreater, cut + "zzz"), std::string("a"), cut));
  EXPECT_FALSE(Kept(compare(CompareOp::kGreater, "l"), std::string("a"), cut));
  EXPECT_FALSE(Kept(compare(CompareOp::kEqual, cut.substr(1) + "zzz"), std::string("a"), cut.substr(1)));
  EXPECT_TRUE(Kept(compare(CompareOp::kEqual, umlauts + "z"), std::string("a"), umlauts));
  EXPECT_FALSE(
      Kept(compare(CompareOp::kEqual, umlauts.substr(2) + "z"), std::string("a"), umlauts.substr(2)));
  EXPECT_TRUE(Kept(compare(CompareOp::kNotEqual, cut), cut, cut));
  EXPECT_FALSE(Kept(compare(CompareOp::kNotEqual, "k"), std::string("k"), std::string("k")));
  EXPECT_TRUE(Kept(Leaf(NodeKind::kLike, column, {cut + "z%"}), std::string("a"), cut));
  EXPECT_TRUE(Kept(Leaf(NodeKind::kIn, column, {std::string("A"), cut + "z"}), std::string("a"), cut));
  EXPECT_TRUE(Kept(Leaf(NodeKind::kNotIn, column, {std::string("A"), cut}), cut, cut));
  // A partition value is whole.
  const expr::ColumnRef partition = Ref("a", TypeKind::kString, true);
  EXPECT_FALSE(Kept(Leaf(NodeKind::kCompare, partition, {cut + "zzz"}), cut, cut));
  EXPECT_FALSE(Kept(Leaf(NodeKind::kCompare, partition, {cut}, CompareOp::kNotEqual), cut, cut));
}

TEST(EvaluateSkipping, LikeOnExactValuesIsExact) {
  const expr::ColumnRef partition = Ref("a", TypeKind::kString, true);
  const std::string value = "north-west";
  EXPECT_TRUE(Kept(Leaf(NodeKind::kLike, partition, {std::string("%west")}), value, value));
  EXPECT_FALSE(Kept(Leaf(NodeKind::kLike, partition, {std::string("%east")}), value, value));
  EXPECT_FALSE(Kept(Leaf(NodeKind::kNotLike, partition, {std::string("%west")}), value, value));
  EXPECT_TRUE(Kept(Leaf(NodeKind::kNotLike, partition, {std::string("_orth")}), value, value));
  EXPECT_TRUE(
      Kept(Leaf(NodeKind::kLike, partition, {std::string("%east")}), std::string("a"), std::string("z")));
  EXPECT_FALSE(
      Kept(Leaf(NodeKind::kLike, partition, {std::string("zz%")}), std::string("a"), std::string("z")));
}

TEST(EvaluateSkipping, NanAndItsNeighboursAreUnknown) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const expr::ColumnRef column = Ref("a", TypeKind::kDouble);
  const auto compare = [&](CompareOp op, double literal) {
    return Leaf(NodeKind::kCompare, column, {literal}, op);
  };
  for (const CompareOp op :
       {CompareOp::kEqual, CompareOp::kLess, CompareOp::kGreater, CompareOp::kNotEqual}) {
    EXPECT_TRUE(Kept(compare(op, 5), nan, nan));
  }
  EXPECT_TRUE(Kept(compare(CompareOp::kEqual, nan), 1.0, 2.0));
  EXPECT_TRUE(Kept(compare(CompareOp::kGreater, infinity), 1.0, infinity));
  EXPECT_FALSE(Kept(compare(CompareOp::kLess, -infinity), -infinity, 2.0));
  EXPECT_TRUE(Kept(compare(CompareOp::kEqual, 0.0), -0.0, -0.0));
  EXPECT_TRUE(Kept(compare(CompareOp::kEqual, -0.0), 0.0, 1.0));
  EXPECT_FALSE(Kept(compare(CompareOp::kLess, 0.0), -0.0, 1.0));
  EXPECT_TRUE(Kept(Leaf(NodeKind::kIn, column, {100.0, nan}), 1.0, 2.0));
  EXPECT_FALSE(Kept(Leaf(NodeKind::kNotIn, column, {1.0, nan}), 1.0, 1.0));
  EXPECT_TRUE(Kept(Leaf(NodeKind::kNotIn, column, {nan}), 1.0, 1.0));
}

// 3.4 may stand for the float 3.4000000953674316, and 3.3 for 3.2999999523162842.
TEST(EvaluateSkipping, TheSpellingOfAFloatReachesTheFloat) {
  FakeSource source(1);
  Column& column = source.columns["x"];
  column.lower.physical = column.upper.physical = PhysicalType::kDouble;
  column.lower.PushDouble(3.3);
  column.upper.PushDouble(3.4);
  expr::ColumnRef x = Ref("x", TypeKind::kDouble);
  const auto keeps = [&](CompareOp op, double value) {
    const auto kept = EvaluateSkipping(Leaf(NodeKind::kCompare, x, {value}, op), source, nullptr);
    return kept && kept->Get(0);
  };
  EXPECT_FALSE(keeps(CompareOp::kGreater, 3.4));
  EXPECT_FALSE(keeps(CompareOp::kLess, 3.3));
  x.was_float = true;
  EXPECT_TRUE(keeps(CompareOp::kGreater, 3.4));
  EXPECT_FALSE(keeps(CompareOp::kGreater, 3.4000000953674316));
  EXPECT_TRUE(keeps(CompareOp::kLess, 3.3));
  EXPECT_FALSE(keeps(CompareOp::kLess, 3.2999999523162842));
  // One value that may be two.
  column.lower.doubles[0] = 3.4;
  EXPECT_TRUE(keeps(CompareOp::kNotEqual, 3.4));
}

TEST(EvaluateSkipping, CountsThatContradictABoundDropNothing) {
  FakeSource source(2);
  Column& column = source.columns["x"];
  column.lower.PushInt(1);
  column.lower.PushNull();
  column.know_upper = false;
  column.may_be_non_null = Bitmap(2);
  const auto kept = EvaluateSkipping(Leaf(NodeKind::kIsNotNull, Ref("x", TypeKind::kLong), {}), source, nullptr);
  ASSERT_TRUE(kept) << kept.error().ToString();
  EXPECT_TRUE(kept->Get(0));
  EXPECT_FALSE(kept->Get(1));
}

TEST(EvaluateSkipping, IntegersAtTheirEnds) {
  const std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  const std::int64_t highest = std::numeric_limits<std::int64_t>::max();
  for (const TypeKind kind : {TypeKind::kLong, TypeKind::kTimestamp}) {
    const auto compare = [&](CompareOp op, std::int64_t literal) {
      return Leaf(NodeKind::kCompare, Ref("a", kind), {literal}, op);
    };
    EXPECT_FALSE(Kept(compare(CompareOp::kLess, lowest), lowest, highest));
    EXPECT_FALSE(Kept(compare(CompareOp::kGreater, highest), lowest, highest));
    EXPECT_TRUE(Kept(compare(CompareOp::kLessEqual, lowest), lowest, highest));
    EXPECT_TRUE(Kept(compare(CompareOp::kGreaterEqual, highest), lowest, highest));
    EXPECT_TRUE(Kept(compare(CompareOp::kGreaterEqual, lowest), lowest, lowest));
    EXPECT_TRUE(Kept(compare(CompareOp::kEqual, lowest + 1), lowest, highest));
  }
}

TEST(EvaluateSkipping, WrongFormsKeepOrFail) {
  FakeSource source(2);
  Column column;  // text where numbers are expected
  column.lower.physical = column.upper.physical = PhysicalType::kString;
  for (int i = 0; i < 2; ++i) {
    column.lower.PushString("x");
    column.upper.PushString("x");
  }
  source.columns["a"] = column;
  const auto node = Leaf(NodeKind::kCompare, Ref("a", TypeKind::kLong), {std::int64_t{5}});
  EXPECT_TRUE(EvaluateSkipping(node, source, nullptr)->All());
  const auto text = Leaf(NodeKind::kCompare, Ref("a", TypeKind::kLong), {std::string("5")});
  EXPECT_TRUE(EvaluateSkipping(text, source, nullptr)->All());
  EXPECT_TRUE(EvaluateSkipping(Leaf(NodeKind::kIn, Ref("a", TypeKind::kLong), {}), source, nullptr)->None());
  const Bitmap three(3, true);
  EXPECT_FALSE(EvaluateSkipping(node, source, &three).has_value());
  source.columns["a"].may_be_non_null = three;
  EXPECT_FALSE(EvaluateSkipping(node, source, nullptr).has_value());
  source.columns["a"].may_be_non_null.reset();
  source.columns["a"].lower.PushString("y");
  EXPECT_FALSE(EvaluateSkipping(node, source, nullptr).has_value());
}

}  // namespace
}  // namespace levee::columnar

// Generation expressions against rows: the partition value is computed by the C library, in time zones that the
// predicate knows nothing of.
#include "expr/generated/generated_columns.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <random>

#include "expr/generated/generation_parser.h"
#include "types/value.h"

namespace levee::expr {
namespace {

using types::PhysicalValue;
using types::PrimitiveType;
using types::TypeKind;
using types::Value;

constexpr std::int64_t kHour = 3'600'000'000;

class OneColumn final : public ColumnResolver {
 public:
  explicit OneColumn(PrimitiveType type) : type_(type) {}
  std::optional<ColumnRef> Resolve(const std::vector<std::string>& path) const override {
    if (path == std::vector<std::string>{"c"}) return ColumnRef{"c", "c", type_};
    if (path == std::vector<std::string>{"s", "c"}) return ColumnRef{"s.c", "s\x1f" "c", type_};
    if (path == std::vector<std::string>{"p"}) return ColumnRef{"p", "p", type_, true};
    return {};
  }
  std::vector<std::string> Names() const override { return {"c"}; }

 private:
  PrimitiveType type_;
};

PrimitiveType Of(TypeKind kind) { return {kind, 0, 0}; }

std::optional<GeneratedColumn> Bind(std::string_view expression, TypeKind source, TypeKind partition) {
  return BindGeneratedColumn(expression, {"p", "p", Of(partition), true}, OneColumn(Of(source)));
}

struct Row {
  PhysicalValue source, partition;
};

bool Matches(const SkippingNode& node, const Row& row) {
  const PhysicalValue& value = node.column.physical_path == "p" ? row.partition : row.source;
  const bool null = std::holds_alternative<std::monostate>(value);
  switch (node.kind) {
    case NodeKind::kAnd: return std::ranges::all_of(node.children, [&](const auto& c) { return Matches(c, row); });
    case NodeKind::kOr: return std::ranges::any_of(node.children, [&](const auto& c) { return Matches(c, row); });
    case NodeKind::kIsNull: return null;
    case NodeKind::kIsNotNull: return !null;
    case NodeKind::kIn:
      return !null && std::ranges::any_of(node.literals, [&](const Value& v) { return v.physical == value; });
    case NodeKind::kCompare: {
      if (null) return false;
      const int order = types::ComparePhysical(value, node.literals[0].physical);
      switch (node.op) {
        case CompareOp::kEqual: return order == 0;
        case CompareOp::kNotEqual: return order != 0;
        case CompareOp::kLess: return order < 0;
        case CompareOp::kLessEqual: return order <= 0;
        case CompareOp::kGreater: return order > 0;
        case CompareOp::kGreaterEqual: return order >= 0;
      }
      return false;
    }
    default: ADD_FAILURE() << "an unexpected node"; return true;
  }
}

// The value as the C library has it; `zone_micros` is the writer's distance from UTC.
PhysicalValue PartitionOf(std::string_view expression, const PhysicalValue& source, std::int64_t zone_micros) {
  if (std::holds_alternative<std::monostate>(source)) return source;
  if (const auto* text = std::get_if<std::string>(&source)) {
    const std::string prefix = expression.starts_with("SUB") ? text->substr(0, 2) : *text;
    return prefix.empty() ? PhysicalValue() : PhysicalValue(prefix);
  }
  const std::int64_t micros = std::get<std::int64_t>(source) + zone_micros;
  const auto seconds = static_cast<std::time_t>(micros >= 0 ? micros / 1'000'000 : -((-micros + 999'999) / 1'000'000));
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  if (expression.starts_with("YEAR")) return PhysicalValue(std::int64_t{parts.tm_year} + 1900);
  if (expression.starts_with("CAST")) {
    parts.tm_hour = parts.tm_min = parts.tm_sec = 0;
    return PhysicalValue(static_cast<std::int64_t>(::timegm(&parts)) / 86'400);
  }
  const bool hours = expression.find("HH") != std::string_view::npos;
  if (parts.tm_year + 1900 > 9999) {  // as Java's formatter signs it
    ::strftime(text, sizeof(text), hours ? "+%Y-%m-%d-%H" : "+%Y-%m", &parts);
  } else {
    ::snprintf(text, sizeof(text), hours ? "%04d-%02d-%02d-%02d" : "%04d-%02d", parts.tm_year + 1900,
               parts.tm_mon + 1, parts.tm_mday, parts.tm_hour);
  }
  return PhysicalValue(std::string(text));
}

class Generated : public ::testing::Test {
 protected:
  std::int64_t Below(std::int64_t limit) { return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit)); }

  PhysicalValue RandomValue(TypeKind kind) {
    if (Below(20) == 0) return {};
    if (kind == TypeKind::kString) {
      std::string text;
      for (std::int64_t i = Below(5); i > 0; --i) text += static_cast<char>('a' + Below(3));
      return text;
    }
    // Around the ends of days, months and years, and far from them.
    std::int64_t micros = 1'704'067'200'000'000 + (Below(801) - 400) * 24 * kHour + Below(49) * kHour - 24 * kHour;
    if (Below(10) == 0) micros += Below(3) - 1;
    if (Below(30) == 0) micros = 253'402'300'800'000'000 + (Below(100) - 50) * kHour;  // the year 10000
    return PhysicalValue(micros);
  }

  SkippingNode RandomLeaf(TypeKind kind) {
    SkippingNode leaf;
    leaf.column = {"c", "c", Of(kind)};
    leaf.kind = Below(6) == 0 ? NodeKind::kIn : Below(10) == 0 ? NodeKind::kIsNull : NodeKind::kCompare;
    leaf.op = static_cast<CompareOp>(Below(6));
    if (leaf.kind == NodeKind::kIsNull) return leaf;
    for (std::int64_t i = leaf.kind == NodeKind::kIn ? 1 + Below(4) : 1; i > 0;) {
      PhysicalValue value = RandomValue(kind);
      if (std::holds_alternative<std::monostate>(value)) continue;
      leaf.literals.push_back({Of(kind), std::move(value)});
      --i;
    }
    std::ranges::sort(leaf.literals, [](const Value& a, const Value& b) {
      return types::ComparePhysical(a.physical, b.physical) < 0;
    });
    leaf.literals.erase(std::unique(leaf.literals.begin(), leaf.literals.end()), leaf.literals.end());
    return leaf;
  }

  // Each row that matches the predicate must match what was made of it.
  void Check(std::string_view expression, TypeKind source, TypeKind partition) {
    SCOPED_TRACE(std::string(expression));
    const auto generated = Bind(expression, source, partition);
    ASSERT_TRUE(generated);
    int pruned = 0;
    for (int i = 0; i < 20'000; ++i) {
      SkippingNode node = RandomLeaf(source);
      if (i % 3 == 0) node = {.kind = i % 2 == 0 ? NodeKind::kAnd : NodeKind::kOr, .op = {}, .column = {}, .other = {},
                              .literals = {}, .children = {node, RandomLeaf(source)}};
      const SkippingNode made = WithGeneratedColumns(node, {*generated});
      for (int j = 0; j < 5; ++j) {
        Row row{RandomValue(source), {}};
        const std::int64_t zone = source == TypeKind::kTimestamp ? (Below(27) - 12) * kHour : 0;
        row.partition = PartitionOf(expression, row.source, zone);
        if (Matches(node, row)) {
          ASSERT_TRUE(Matches(made, row)) << ToSql(node) << " became " << ToSql(made);
        }
        // A partition that no row of the predicate is in: only the source's own bounds would keep it.
        const Row other{node.kind == NodeKind::kCompare ? node.literals[0].physical : RandomValue(source), row.partition};
        pruned += Matches(node, other) && !Matches(made, other);
      }
    }
    EXPECT_GT(pruned, 1000);
  }

  std::mt19937_64 random_{3};
};

TEST_F(Generated, KeepEachPartitionThatHasARow) {
  for (const TypeKind source : {TypeKind::kTimestamp, TypeKind::kTimestampNtz}) {
    Check("CAST(c AS DATE)", source, TypeKind::kDate);
    Check("YEAR(c)", source, TypeKind::kInteger);
    Check("DATE_FORMAT(c, 'yyyy-MM')", source, TypeKind::kString);
    Check("DATE_FORMAT(c, 'yyyy-MM-dd-HH')", source, TypeKind::kString);
  }
  Check("SUBSTRING(c, 1, 2)", TypeKind::kString, TypeKind::kString);
  Check("c", TypeKind::kString, TypeKind::kString);
}

TEST_F(Generated, TimesOfAnUnknownZoneReachIntoTheDaysBeside) {
  const auto date = Bind("cast(c as date)", TypeKind::kTimestamp, TypeKind::kDate);
  SkippingNode node;
  node.kind = NodeKind::kCompare;
  node.column = {"c", "c", Of(TypeKind::kTimestamp)};
  node.literals = {{Of(TypeKind::kTimestamp), std::int64_t{12 * kHour}}};  // noon of day 0
  const SkippingNode made = WithGeneratedColumns(node, {*date});
  const auto in_day = [&](std::int64_t day) { return Matches(made, {node.literals[0].physical, PhysicalValue(day)}); };
  EXPECT_FALSE(in_day(-2));
  EXPECT_TRUE(in_day(-1));
  EXPECT_TRUE(in_day(1));
  EXPECT_FALSE(in_day(2));
}

TEST_F(Generated, OtherFormsPruneNothing) {
  EXPECT_FALSE(Bind("MONTH(c)", TypeKind::kTimestamp, TypeKind::kInteger));
  EXPECT_FALSE(Bind("CAST(c AS STRING)", TypeKind::kTimestamp, TypeKind::kString));
  EXPECT_FALSE(Bind("CAST(c AS DATE)", TypeKind::kString, TypeKind::kDate));
  EXPECT_FALSE(Bind("YEAR(c) + 1", TypeKind::kTimestamp, TypeKind::kInteger));
  EXPECT_FALSE(Bind("YEAR(p)", TypeKind::kTimestamp, TypeKind::kInteger));
  EXPECT_FALSE(Bind("YEAR(unknown)", TypeKind::kTimestamp, TypeKind::kInteger));
  EXPECT_FALSE(Bind("DATE_FORMAT(c, 'MM-yyyy')", TypeKind::kTimestamp, TypeKind::kString));
  EXPECT_FALSE(Bind("DATE_FORMAT(c, 'YYYY')", TypeKind::kTimestamp, TypeKind::kString));
  EXPECT_FALSE(Bind("SUBSTRING(c, 2, 3)", TypeKind::kString, TypeKind::kString));
  EXPECT_FALSE(Bind("SUBSTRING(c, 1, -3)", TypeKind::kString, TypeKind::kString));
  EXPECT_FALSE(Bind("c", TypeKind::kTimestamp, TypeKind::kTimestamp));
  EXPECT_FALSE(Bind("c", TypeKind::kDouble, TypeKind::kDouble));
  EXPECT_FALSE(Bind("", TypeKind::kString, TypeKind::kString));
  EXPECT_TRUE(Bind("substr(`s`.c, 0, 3)", TypeKind::kString, TypeKind::kString));
}

}  // namespace
}  // namespace levee::expr

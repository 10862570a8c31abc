// Input: a predicate; behind a NUL byte a generation expression, behind another the name of a time zone.
//
// Rows and files are fixed; a plain evaluator of skipping nodes over rows says which files must stay.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <vector>

#include "columnar/skipping_evaluator.h"
#include "expr/generated/generated_columns.h"
#include "expr/predicate.h"
#include "tests/fuzz/fuzz.h"

using namespace levee;
using namespace levee::expr;
using columnar::ColumnVector;
using types::PhysicalValue;
using types::TypeKind;

namespace {

struct Column {
  ColumnRef ref;
  std::vector<PhysicalValue> values;  // what rows take in turn
};

const std::vector<Column>& Columns() {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr std::int64_t kDay = 86'400'000'000;
  using V = std::vector<PhysicalValue>;
  static const std::vector<Column> columns{
      {{"id", "id", {TypeKind::kLong}}, V{1, 2, 3, {}, -5, std::numeric_limits<std::int64_t>::max()}},
      {{"n", "n", {TypeKind::kInteger}}, V{0, {}, 7, 2'147'483'647, -1}},
      {{"tiny", "tiny", {TypeKind::kByte}}, V{1, -128, 127}},
      {{"flag", "flag", {TypeKind::kBoolean}}, V{0, 1, {}}},
      {{"d", "d", {TypeKind::kDouble}}, V{0.0, -0.0, 1.5, kNan, {}, 1e300, -2.25}},
      {{"f", "f", {TypeKind::kFloat}}, V{0.5, 3.4000000953674316, {}}},
      {{"price", "price", {TypeKind::kDecimal, 10, 2}}, V{1250, 0, {}, -99}},
      {{"s", "s", {TypeKind::kString}}, V{"a", "", "ab", "b%_", {}, "\xc3\xa4x", "zz\\"}},
      {{"raw", "raw", {TypeKind::kBinary}}, V{std::string("\0\xff", 2), "a", {}}},
      {{"day", "day", {TypeKind::kDate}}, V{0, 19'723, {}, -1}},
      {{"at", "at", {TypeKind::kTimestamp}}, V{0, 19'723 * kDay + 1, {}, -kDay}},
      {{"wall", "wall", {TypeKind::kTimestampNtz}}, V{0, 19'723 * kDay, {}}},
      {{"inner.x", std::string("inner") + '\x1f' + "x", {TypeKind::kLong}}, V{4, {}, 5}},
      {{"p", "p", {TypeKind::kString}, true}, V{"x", "y", {}}},
  };
  return columns;
}
constexpr std::size_t kRows = 60;
constexpr std::size_t kRowsAFile = 3;

bool EqualsWord(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return std::tolower(x) == std::tolower(y); });
}

class Resolver final : public ColumnResolver {
 public:
  std::optional<ColumnRef> Resolve(const std::vector<std::string>& path) const override {
    std::string name;
    for (const std::string& part : path) name += (name.empty() ? "" : ".") + part;
    if (path.size() == 1 && EqualsWord(name, "inner")) return ColumnRef{"inner", "inner", {TypeKind::kStruct}};
    for (const Column& column : Columns()) {
      if (EqualsWord(column.ref.name, name)) return column.ref;
    }
    return std::nullopt;
  }
  std::vector<std::string> Names() const override {
    std::vector<std::string> names{"inner"};
    for (const Column& column : Columns()) names.push_back(column.ref.name);
    return names;
  }
};

// A column's values come round at their own pace, so that rows combine them.
const PhysicalValue& Cell(const ColumnRef& column, std::size_t row) {
  const auto found = std::ranges::find_if(Columns(), [&](const Column& c) { return c.ref.name == column.name; });
  static const PhysicalValue null;
  if (found == Columns().end()) return null;  // the struct
  // Rows of a file share their partition.
  if (column.is_partition) row /= kRowsAFile;
  return found->values[row % found->values.size()];
}

bool IsNull(const ColumnRef& column, std::size_t row) {
  if (column.type.kind == TypeKind::kStruct) return false;
  return std::holds_alternative<std::monostate>(Cell(column, row));
}

// The characters of a text, as strings; a byte that begins none is one of its own.
std::vector<std::string> Characters(std::string_view text) {
  std::vector<std::string> characters;
  for (const char c : text) {
    const bool goes_on = (static_cast<unsigned char>(c) & 0xc0) == 0x80;
    if (goes_on && !characters.empty()) {
      characters.back() += c;
    } else {
      characters.emplace_back(1, c);
    }
  }
  return characters;
}

bool Like(const std::string& pattern, const std::string& text) {
  const std::vector<std::string> wanted = Characters(pattern), has = Characters(text);
  // can[i]: what is read of the pattern matches the first i characters.
  std::vector<char> can(has.size() + 1);
  can[0] = 1;
  for (std::size_t at = 0; at < wanted.size(); ++at) {
    std::vector<char> next(can.size());
    if (wanted[at] == "%") {
      bool any = false;
      for (std::size_t i = 0; i < can.size(); ++i) next[i] = any = any || can[i];
    } else {
      const bool single = wanted[at] == "_";
      if (wanted[at] == "\\" && at + 1 < wanted.size()) ++at;
      for (std::size_t i = 0; i < has.size(); ++i) next[i + 1] = can[i] && (single || has[i] == wanted[at]);
    }
    can = std::move(next);
  }
  return can.back() != 0;
}

bool Holds(CompareOp op, int order) {
  switch (op) {
    case CompareOp::kEqual: return order == 0;
    case CompareOp::kNotEqual: return order != 0;
    case CompareOp::kLess: return order < 0;
    case CompareOp::kLessEqual: return order <= 0;
    case CompareOp::kGreater: return order > 0;
    case CompareOp::kGreaterEqual: return order >= 0;
  }
  return false;
}

bool LeafMatches(const SkippingNode& node, std::size_t row) {
  const bool null = IsNull(node.column, row);
  if (node.kind == NodeKind::kIsNull) return null;
  if (node.kind == NodeKind::kIsNotNull) return !null;
  if (null) return false;
  const PhysicalValue& value = Cell(node.column, row);
  const auto listed = [&] {
    return std::ranges::any_of(node.literals, [&](const types::Value& literal) {
      return types::ComparePhysical(literal.physical, value) == 0;
    });
  };
  switch (node.kind) {
    case NodeKind::kCompare: return Holds(node.op, types::ComparePhysical(value, node.literals[0].physical));
    case NodeKind::kCompareColumns:
      return !IsNull(node.other, row) && Holds(node.op, types::ComparePhysical(value, Cell(node.other, row)));
    case NodeKind::kIn: return listed();
    case NodeKind::kNotIn: return !listed();
    case NodeKind::kLike: return Like(node.literals[0].as_string(), std::get<std::string>(value));
    case NodeKind::kNotLike: return !Like(node.literals[0].as_string(), std::get<std::string>(value));
    default: return true;
  }
}

// The words of skipping.h.
bool Matches(const SkippingNode& node, std::size_t row) {
  const auto child_matches = [&](const SkippingNode& child) { return Matches(child, row); };
  switch (node.kind) {
    case NodeKind::kKeep: return true;
    case NodeKind::kDrop: return false;
    case NodeKind::kAnd: return std::ranges::all_of(node.children, child_matches);
    case NodeKind::kOr: return std::ranges::any_of(node.children, child_matches);
    default: return LeafMatches(node, row);
  }
}

// The files' bounds, exact.
class Files final : public columnar::BoundsSource {
 public:
  std::size_t rows() const override { return kRows / kRowsAFile; }
  Result<const ColumnVector*> Lower(const ColumnRef& column) override { return &Of(column).lower; }
  Result<const ColumnVector*> Upper(const ColumnRef& column) override { return &Of(column).upper; }
  Result<const Bitmap*> MayBeNull(const ColumnRef& column) override { return &Of(column).null; }
  Result<const Bitmap*> MayBeNonNull(const ColumnRef& column) override { return &Of(column).not_null; }

 private:
  struct Bounds {
    ColumnVector lower, upper;
    Bitmap null, not_null;
  };

  const Bounds& Of(const ColumnRef& column) {
    const auto [at, is_new] = bounds_.try_emplace(column.physical_path);
    if (is_new) Make(column, at->second);
    return at->second;
  }
  void Make(const ColumnRef& column, Bounds& bounds) {
    // What is no primitive has no bounds, and may be anything.
    const bool plain = column.type.kind != TypeKind::kStruct;
    bounds.lower.physical = bounds.upper.physical = types::PhysicalTypeOf(column.type);
    for (std::size_t file = 0; file < rows(); ++file) {
      PhysicalValue low, high;
      bool null = !plain, not_null = !plain;
      for (std::size_t row = file * kRowsAFile; plain && row < (file + 1) * kRowsAFile; ++row) {
        if (IsNull(column, row)) {
          null = true;
          continue;
        }
        const PhysicalValue& value = Cell(column, row);
        if (!not_null || types::ComparePhysical(value, low) < 0) low = value;
        if (!not_null || types::ComparePhysical(value, high) > 0) high = value;
        not_null = true;
      }
      Push(low, bounds.lower);
      Push(high, bounds.upper);
      bounds.null.PushBack(null);
      bounds.not_null.PushBack(not_null);
    }
  }
  static void Push(const PhysicalValue& value, ColumnVector& to) {
    std::holds_alternative<std::monostate>(value) ? to.PushNull() : to.PushValue(value);
  }

  std::map<std::string, Bounds> bounds_;
};

// Files with a row that matches, and what skipping leaves of all.
void CheckSkipping(const SkippingNode& exact, const SkippingNode& used) {
  Files files;
  const auto kept = columnar::EvaluateSkipping(used, files, nullptr);
  FUZZ_REQUIRE(kept.has_value());
  for (std::size_t row = 0; row < kRows; ++row) {
    if (Matches(exact, row)) FUZZ_REQUIRE(kept->Get(row / kRowsAFile));
  }
}

void CheckGeneration(const std::string& expression, const SkippingNode& node, const Resolver& resolver) {
  const ColumnRef partition = *resolver.Resolve({"p"});
  const auto generated = BindGeneratedColumn(expression, partition, resolver);
  if (!generated) return;
  static_cast<void>(ToSql(WithGeneratedColumns(node, {*generated})));
  // The rule keeps the order of values.
  std::vector<PhysicalValue> values;
  for (std::size_t row = 0; row < kRows; ++row) {
    if (!IsNull(generated->source, row)) values.push_back(Cell(generated->source, row));
  }
  std::ranges::sort(values, [](const auto& a, const auto& b) { return types::ComparePhysical(a, b) < 0; });
  std::optional<types::Value> last;
  for (const PhysicalValue& value : values) {
    const auto made = generated->rule->Apply({generated->source.type, value});
    if (!made || made->is_null()) continue;
    FUZZ_REQUIRE(made->type == partition.type);
    if (last) FUZZ_REQUIRE(types::ComparePhysical(last->physical, made->physical) <= 0);
    last = made;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::string text = input.Text('\0'), expression = input.Text('\0'), zone = input.Rest();
  static const Resolver resolver;
  BindOptions options{.now_micros = 1'700'000'000'000'000};
  // A zone is checked before it gets here.
  if (types::WallClockToUtc(0, zone)) options.timezone = zone;
  const auto bound = BindPredicate(text, resolver, options);
  options.as_written = true;
  const auto as_written = BindPredicate(text, resolver, options);
  FUZZ_REQUIRE(bound.has_value() == as_written.has_value());
  if (!bound) return 0;

  // What is printed can be read, and is then printed alike.
  const std::string printed = ToSql(bound->may_match);
  options.as_written = false;
  const auto again = BindPredicate(printed, resolver, options);
  if (!again || ToSql(again->may_match) != printed) {
    std::fprintf(stderr, "printed: %s\nagain:   %s\n", printed.c_str(),
                 again ? ToSql(again->may_match).c_str() : again.error().ToString().c_str());
    FUZZ_REQUIRE(!"printing is stable");
  }
  for (std::size_t row = 0; row < kRows; ++row) {
    FUZZ_REQUIRE(Matches(bound->may_match, row) || Matches(bound->may_not_match, row));
  }
  CheckSkipping(bound->may_match, bound->may_match);
  CheckSkipping(bound->may_match, as_written->may_match);
  CheckSkipping(bound->may_not_match, bound->may_not_match);
  CheckGeneration(expression, bound->may_match, resolver);
  return 0;
}

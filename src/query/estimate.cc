#include "query/estimate.h"

#include <algorithm>
#include <limits>

namespace levee::query {
namespace {

using expr::CompareOp;
using expr::NodeKind;
using expr::SkippingNode;

// Where nothing is known of a column, as most engines guess.
constexpr double kRangePart = 1.0 / 3;
constexpr double kEqualPart = 0.1;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The values that the comparisons of one column leave together.
struct Interval {
  double from = -kInfinity, to = kInfinity;
};

bool IsRange(const SkippingNode& node) {
  return node.kind == NodeKind::kCompare && node.op != CompareOp::kNotEqual;
}

const ColumnFacts* FactsOf(const SkippingNode& node, const FactsByPath& facts) {
  const auto found = facts.find(node.column.physical_path);
  return found == facts.end() || !found->second.lower || !found->second.upper ? nullptr : &found->second;
}

void Narrow(Interval& interval, const SkippingNode& range, double place) {
  const bool below = range.op == CompareOp::kLess || range.op == CompareOp::kLessEqual;
  if (!below) interval.from = std::max(interval.from, place);
  if (below || range.op == CompareOp::kEqual) interval.to = std::min(interval.to, place);
}

// A file is kept when it meets the interval: the part of the range that it covers, and a file's width beside
// it.
double KeptPartOf(const Interval& interval, const ColumnFacts& facts) {
  const double from = std::max(interval.from, *facts.lower);
  const double to = std::min(interval.to, *facts.upper);
  if (from > to) return 0;
  const double range = *facts.upper - *facts.lower;
  return range <= 0 ? 1 : std::min(1.0, (to - from) / range + facts.file_width);
}

double KeptPartOfList(const SkippingNode& node, const FactsByPath& facts) {
  const ColumnFacts* const known = FactsOf(node, facts);
  double part = 0;
  for (const types::Value& value : node.literals) {
    const auto place = PlaceOf(value);
    part += known != nullptr && place ? KeptPartOf({*place, *place}, *known) : kEqualPart;
  }
  return std::min(1.0, part);
}

double KeptPartOfRange(const SkippingNode& node, const FactsByPath& facts) {
  if (node.op == CompareOp::kEqual) return KeptPartOfList(node, facts);
  const ColumnFacts* const known = FactsOf(node, facts);
  const auto place = PlaceOf(node.literals[0]);
  if (known == nullptr || !place) return kRangePart;
  Interval interval;
  Narrow(interval, node, *place);
  return KeptPartOf(interval, *known);
}

// Comparisons of one column make an interval; different columns are taken as independent.
double KeptPartOfAll(const SkippingNode& list, const FactsByPath& facts) {
  double part = 1;
  std::map<std::string_view, Interval> intervals;
  for (const SkippingNode& child : list.children) {
    const ColumnFacts* const known = FactsOf(child, facts);
    const auto place = IsRange(child) ? PlaceOf(child.literals[0]) : std::nullopt;
    if (known != nullptr && place) {
      Narrow(intervals[child.column.physical_path], child, *place);
    } else {
      part *= KeptPart(child, facts);
    }
  }
  for (const auto& [path, interval] : intervals) part *= KeptPartOf(interval, facts.find(path)->second);
  return part;
}

double KeptPartOfAny(const SkippingNode& list, const FactsByPath& facts) {
  double dropped = 1;
  for (const SkippingNode& child : list.children) dropped *= 1 - KeptPart(child, facts);
  return 1 - dropped;
}

double KeptPartOfNull(const SkippingNode& node, const FactsByPath& facts) {
  const auto found = facts.find(node.column.physical_path);
  return found != facts.end() && !found->second.has_nulls ? 0 : kRangePart;
}

}  // namespace

double KeptPart(const SkippingNode& node, const FactsByPath& facts) {
  switch (node.kind) {
    case NodeKind::kDrop: return 0;
    case NodeKind::kAnd: return KeptPartOfAll(node, facts);
    case NodeKind::kOr: return KeptPartOfAny(node, facts);
    case NodeKind::kIn: return KeptPartOfList(node, facts);
    case NodeKind::kCompare: return IsRange(node) ? KeptPartOfRange(node, facts) : 1;
    case NodeKind::kIsNull: return KeptPartOfNull(node, facts);
    case NodeKind::kLike:
    case NodeKind::kCompareColumns: return kRangePart;
    case NodeKind::kKeep:
    case NodeKind::kNotIn:
    case NodeKind::kIsNotNull:
    case NodeKind::kNotLike: return 1;
  }
  return 1;
}

std::optional<double> PlaceOf(const types::Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value.physical)) return static_cast<double>(*integer);
  if (const auto* real = std::get_if<double>(&value.physical)) return *real;
  return std::nullopt;
}

}  // namespace levee::query

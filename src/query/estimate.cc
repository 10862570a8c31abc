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

// The values that the comparisons of one column leave together, and the same on a line where they have a place.
struct Interval {
  double from = -kInfinity, to = kInfinity;
  std::optional<types::PhysicalValue> low, high;
};

bool IsRange(const SkippingNode& node) {
  return node.kind == NodeKind::kCompare && node.op != CompareOp::kNotEqual;
}

bool HasRange(const ColumnFacts& facts) { return facts.lower && facts.upper; }

// What tells something of a comparison with such a value; null: nothing does.
const ColumnFacts* FactsOf(const SkippingNode& node, const types::Value& value, const FactsByPath& facts) {
  const auto found = facts.find(node.column.physical_path);
  if (found == facts.end()) return nullptr;
  return found->second.statistics || (HasRange(found->second) && PlaceOf(value)) ? &found->second : nullptr;
}

void Narrow(Interval& interval, CompareOp op, const types::Value& value) {
  const bool below = op == CompareOp::kLess || op == CompareOp::kLessEqual;
  const bool above = op == CompareOp::kGreater || op == CompareOp::kGreaterEqual;
  const auto place = PlaceOf(value);
  const auto is_less = [](const types::PhysicalValue& a, const types::PhysicalValue& b) {
    return types::ComparePhysical(a, b) < 0;
  };
  if (!below) {
    if (place) interval.from = std::max(interval.from, *place);
    if (!interval.low || is_less(*interval.low, value.physical)) interval.low = value.physical;
  }
  if (!above) {
    if (place) interval.to = std::min(interval.to, *place);
    if (!interval.high || is_less(value.physical, *interval.high)) interval.high = value.physical;
  }
}

// Of the files whose bounds are known the share that histograms tell, of single values at least that of one value
// among those that differ; the others are kept.
double KeptPartOf(const Interval& interval, const store::ColumnStatistics& statistics) {
  double share = store::ShareMeeting(statistics, interval.low, interval.high);
  const bool is_point = interval.low && interval.high && *interval.low == *interval.high;
  if (is_point && statistics.distinct >= 1) share = std::max(share, 1 / statistics.distinct);
  const double known = static_cast<double>(statistics.known) / static_cast<double>(statistics.entries);
  return std::clamp(known * share + (1 - known), 0.0, 1.0);
}

// A file is kept when it meets the interval: the part of the range that it covers, and a file's width beside
// it.
double KeptPartOf(const Interval& interval, const ColumnFacts& facts) {
  const bool crossed =
      interval.low && interval.high && types::ComparePhysical(*interval.low, *interval.high) > 0;
  if (crossed) return 0;
  if (!HasRange(facts)) return KeptPartOf(interval, *facts.statistics);
  const double from = std::max(interval.from, *facts.lower);
  const double to = std::min(interval.to, *facts.upper);
  if (from > to) return 0;
  if (facts.statistics) return KeptPartOf(interval, *facts.statistics);
  const double range = *facts.upper - *facts.lower;
  return range <= 0 ? 1 : std::min(1.0, (to - from) / range + facts.file_width);
}

double KeptPartOfList(const SkippingNode& node, const FactsByPath& facts) {
  double part = 0;
  for (const types::Value& value : node.literals) {
    const ColumnFacts* const known = FactsOf(node, value, facts);
    Interval point;
    Narrow(point, CompareOp::kEqual, value);
    part += known != nullptr ? KeptPartOf(point, *known) : kEqualPart;
  }
  return std::min(1.0, part);
}

double KeptPartOfRange(const SkippingNode& node, const FactsByPath& facts) {
  if (node.op == CompareOp::kEqual) return KeptPartOfList(node, facts);
  const ColumnFacts* const known = FactsOf(node, node.literals[0], facts);
  if (known == nullptr) return kRangePart;
  Interval interval;
  Narrow(interval, node.op, node.literals[0]);
  return KeptPartOf(interval, *known);
}

// Comparisons of one column make an interval; different columns are taken as independent.
double KeptPartOfAll(const SkippingNode& list, const FactsByPath& facts) {
  double part = 1;
  std::map<std::string_view, Interval> intervals;
  for (const SkippingNode& child : list.children) {
    if (IsRange(child) && FactsOf(child, child.literals[0], facts) != nullptr) {
      Narrow(intervals[child.column.physical_path], child.op, child.literals[0]);
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

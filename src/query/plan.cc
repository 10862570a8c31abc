#include "query/plan.h"

#include <algorithm>

#include "query/batch_bounds.h"

namespace levee::query {
namespace {

template <typename... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

std::string PredicateText(const Predicate& predicate) {
  return predicate ? expr::ToSql(predicate->may_match) : std::string();
}

void AddPart(std::string& text, const std::string& part) {
  if (part.empty()) return;
  if (!text.empty()) text += ", ";
  text += part;
}

std::string ColumnsText(std::size_t columns) {
  return std::to_string(columns) + (columns == 1 ? " column" : " columns");
}

std::string LimitText(const std::optional<std::int64_t>& limit) {
  return limit ? "limit " + std::to_string(*limit) : std::string();
}

std::string ScanText(const Scan& scan) {
  std::string text = PredicateText(scan.filter);
  AddPart(text, scan.columns ? ColumnsText(scan.columns->size()) : "all columns");
  AddPart(text, LimitText(scan.limit));
  return text;
}

std::string OrderText(const std::vector<SortKey>& keys) {
  std::string text;
  for (const SortKey& key : keys) AddPart(text, key.name + (key.descending ? " desc" : ""));
  return text;
}

std::string JoinText(const Join& join) {
  const std::size_t texts = join.texts->size();
  const std::string_view how = join.kind == Join::Kind::kAnti ? "in none of " : "in one of ";
  std::string text = std::string(how) + std::to_string(texts) + (texts == 1 ? " text" : " texts");
  if (join.kind == Join::Kind::kInner) AddPart(text, "with " + ColumnsText(join.listed->rows->columns.size()));
  return text;
}

std::string PartsText(const std::vector<UnionPart>& parts) {
  std::string text;
  for (const UnionPart& part : parts) AddPart(text, part.label);
  return text;
}

std::string TotalText(const Total& total) {
  std::string text = PartsText(total.parts);
  AddPart(text, LimitText(total.limit));
  return text;
}

std::string AggregateText(const Aggregate& aggregate) {
  const std::size_t measures = aggregate.measures.size();
  std::string text = std::to_string(measures) + (measures == 1 ? " measure" : " measures");
  if (!aggregate.groups.empty()) text += " by " + ColumnsText(aggregate.groups.size());
  return text;
}

std::string SummaryText(const Summary& summary) {
  std::string text = PredicateText(summary.filter);
  AddPart(text, LimitText(summary.limit));
  return text;
}

}  // namespace

Plan Over(Operator op, Plan input) {
  Plan plan{.op = std::move(op), .inputs = {}};
  plan.inputs.push_back(std::move(input));
  return plan;
}

void ReplaceByInput(Plan& plan) {
  Plan input = std::move(plan.input());
  plan = std::move(input);
}

std::string_view NameOf(const Operator& op) {
  constexpr std::string_view kNames[] = {"scan",  "filter", "project",   "limit", "sort",  "top_k",   "join",
                                         "union", "quota",  "aggregate", "count", "total", "summary", "empty"};
  static_assert(std::size(kNames) == std::variant_size_v<Operator>);
  return kNames[op.index()];
}

std::string DetailOf(const Operator& op) {
  return std::visit(Overloaded{[](const Scan& scan) { return ScanText(scan); },
                               [](const Filter& filter) { return PredicateText(filter.predicate); },
                               [](const Project& project) { return ColumnsText(project.columns.size()); },
                               [](const Limit& limit) { return std::to_string(limit.rows); },
                               [](const Sort& sort) { return OrderText(sort.keys); },
                               [](const TopK& top) {
                                 return std::to_string(top.rows) + " by " + OrderText(top.keys) +
                                        (top.by_bounds ? ", where bounds say" : "");
                               },
                               [](const Join& join) { return JoinText(join); },
                               [](const Union& united) { return PartsText(united.parts); },
                               [](const Total& total) { return TotalText(total); },
                               [](const Aggregate& aggregate) { return AggregateText(aggregate); },
                               [](const Quota& quota) {
                                 return "until " + std::to_string(quota.rows) + " rows surely match";
                               },
                               [](const Summary& summary) { return SummaryText(summary); },
                               [](const auto&) { return std::string(); }},
                    op);
}

bool KeepsAll(const Predicate& filter) { return !filter || filter->may_match.kind == expr::NodeKind::kKeep; }
bool DropsAll(const Predicate& filter) { return filter && filter->may_match.kind == expr::NodeKind::kDrop; }

// No stored column has these roles.
columnar::ColumnKey MeasureKey(std::size_t measure) {
  return {static_cast<columnar::ColumnRole>(250), std::to_string(measure), {types::TypeKind::kLong}};
}

columnar::ColumnKey UnionLabelKey() {
  return {static_cast<columnar::ColumnRole>(251), "", {types::TypeKind::kString}};
}

columnar::ColumnKey UnitedKey(std::size_t number, types::PrimitiveType type) {
  return {static_cast<columnar::ColumnRole>(252), std::to_string(number), type};
}

columnar::ColumnKey ListedKey(std::string name, types::PrimitiveType type) {
  return {static_cast<columnar::ColumnRole>(253), std::move(name), type};
}

Columns OwnColumns(const UnionPart& part, const Columns& united) {
  Columns own;
  for (const UnitedColumn& column : part.columns) {
    if (std::ranges::find(united, column.united) != united.end()) AddColumns(own, {column.own});
  }
  return own;
}

Columns AggregateColumns(const Aggregate& aggregate) {
  Columns columns = SortColumns(aggregate.groups);
  for (const Measure& measure : aggregate.measures) {
    if (measure.function != Measure::Function::kRows) AddColumns(columns, {measure.column});
  }
  return columns;
}

Columns SortColumns(const std::vector<SortKey>& keys) {
  Columns columns;
  for (const SortKey& key : keys) AddColumns(columns, {key.column});
  return columns;
}

Columns QuotaColumns(const Predicate& predicate) {
  Columns columns{columnar::PlainKey(columnar::ColumnRole::kNumRecords),
                  columnar::PlainKey(columnar::ColumnRole::kDvCardinality)};
  if (predicate) AddColumns(columns, BoundsColumns(predicate->may_not_match));
  return columns;
}

void AddColumns(Columns& columns, const Columns& more) {
  for (const columnar::ColumnKey& key : more) {
    if (std::ranges::find(columns, key) == columns.end()) columns.push_back(key);
  }
}

}  // namespace levee::query

// The logical algebra: what a question asks, as a tree of operators over a source of rows.
//
// Neutral of what the rows are. docs/planner.md tells what each operator means and who runs it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/status.h"
#include "columnar/batch.h"
#include "columnar/column_key.h"
#include "expr/skipping.h"

namespace levee::query {

using Predicate = std::shared_ptr<const expr::BoundPredicate>;  // null: every row
using Columns = std::vector<columnar::ColumnKey>;

// The rows of a source, with what was pushed into it: the filter comes first, the limit last.
struct Scan {
  Predicate filter;
  std::optional<Columns> columns;  // empty: every column that there is
  std::optional<std::int64_t> limit;
};

// The rows that may match. The predicate is not null.
struct Filter {
  Predicate predicate;
};

// The columns that are named, as far as the input has them.
struct Project {
  Columns columns;
};

// The first rows.
struct Limit {
  std::int64_t rows = 0;
};

// What rows are ordered by.
struct SortKey {
  columnar::ColumnKey column;
  bool descending = false;
  bool empty_is_null = false;  // of texts
  bool nulls_first = false;    // else last, whichever way it goes
  std::string name;            // as the user knows it, for explanations
};

// The rows in order; equal ones keep theirs.
struct Sort {
  std::vector<SortKey> keys;
};

// The first rows of an order.
struct TopK {
  std::vector<SortKey> keys;
  std::int64_t rows = 0;
  bool by_bounds = false;  // the input is a scan, whose zone maps say where rows with such a first key are
};

// Rows until those before surely hold so many matching ones.
struct Quota {
  std::int64_t rows = 0;
  Predicate predicate;
};

// The rows of a list that an inner join adds, by their texts.
struct ListedRows {
  std::shared_ptr<const columnar::Batch> rows;
  std::unordered_map<std::string, std::vector<std::uint32_t>> by_text;  // canonical text -> rows, ascending
};

// The rows whose text is in a list, or is not.
struct Join {
  enum class Kind : std::uint8_t {
    kSemi,   // in it
    kAnti,   // not in it
    kInner,  // in it, once for each row of the list that has the text, with that row's columns
  } kind = Kind::kSemi;
  columnar::ColumnKey column;  // of the input, a text; null is in no list
  std::shared_ptr<const std::vector<std::string>> texts;  // in their canonical form
  std::string (*canonical)(std::string_view) = nullptr;   // of the column's texts; null: they are as they are
  std::shared_ptr<const ListedRows> listed;               // of an inner join, for the same texts
  bool by_lookup = false;  // the input is a scan, whose store may find the rows by the texts
};

// A column of an inner join's list, by its name there.
columnar::ColumnKey ListedKey(std::string name, types::PrimitiveType type);

// An input's column under the name that the union has for it.
struct UnitedColumn {
  columnar::ColumnKey own;
  columnar::ColumnKey united;
};

// Whose rows an input of a union, or a part of a total, has.
struct UnionPart {
  std::size_t source = 0;             // the relation that its scans read, as the runner of plans numbers them
  std::string label;                  // what its rows have in the union's column UnionLabelKey()
  std::vector<UnitedColumn> columns;  // all that may be wanted of it
};

// The rows of all inputs, those of the first first. A predicate above it says the same of every input's columns.
struct Union {
  std::vector<UnionPart> parts;  // one for each input
};
columnar::ColumnKey UnionLabelKey();
// Of a union's column that its inputs have under several keys.
columnar::ColumnKey UnitedKey(std::size_t number, types::PrimitiveType type);
// What the input must have for those columns of the union.
Columns OwnColumns(const UnionPart& part, const Columns& united);

// What a group's rows come to.
struct Measure {
  enum class Function : std::uint8_t {
    kRows,    // how many there are
    kValues,  // of them with a value
    kSum,     // of whole numbers
    kBelow,   // values below `bound`
  } function = Function::kRows;
  columnar::ColumnKey column;  // not of kRows
  std::int64_t bound = 0;
};

// A row for each combination of the groups' values, in their order: these, then the measures.
struct Aggregate {
  std::vector<SortKey> groups;  // none: one row
  std::vector<Measure> measures;
};

// The column of an aggregate's measure.
columnar::ColumnKey MeasureKey(std::size_t measure);

// One row: how many the input has.
struct Count {};

// One row: what the counts that are its inputs come to together.
struct Total {
  std::vector<UnionPart> parts;  // one for each input; their columns do not matter
  std::optional<std::int64_t> limit;
};

// The same from sums kept with the data, where they have it; its input is the Count or Aggregate that answers
// else.
struct Summary {
  Predicate filter;  // names partition columns alone
  std::optional<std::int64_t> limit;
};

// No rows.
struct Empty {};

using Operator = std::variant<Scan, Filter, Project, Limit, Sort, TopK, Join, Union, Quota, Aggregate, Count, Total,
                              Summary, Empty>;

struct Plan {
  Operator op;
  std::vector<Plan> inputs;  // none for Scan and Empty, one or more for Union and Total, else one

  Plan& input() { return inputs.front(); }
  const Plan& input() const { return inputs.front(); }
};

// A plan with one input.
Plan Over(Operator op, Plan input);

// Puts the plan's only input in its place.
void ReplaceByInput(Plan& plan);

// "scan", "filter", ...
std::string_view NameOf(const Operator& op);

// What there is to say of an operator on its own: its predicate, how many columns, the limit.
std::string DetailOf(const Operator& op);

// Whether a filter leaves nothing out, and whether it leaves everything out.
bool KeepsAll(const Predicate& filter);
bool DropsAll(const Predicate& filter);

// The columns that rows are ordered by.
Columns SortColumns(const std::vector<SortKey>& keys);

// The columns that groups and measures are made of.
Columns AggregateColumns(const Aggregate& aggregate);

// The columns that a quota's sums are made of.
Columns QuotaColumns(const Predicate& predicate);

// Adds to `columns` those of `more` that it lacks.
void AddColumns(Columns& columns, const Columns& more);

// kInternal with the plan's flaw, a bug of a rule: a wrong number of inputs, a filter without a predicate, an
// order without keys, a list in a predicate with fewer than two parts, a count within a count, a summary over
// something else than a count, a union that does not say whose its inputs are.
Status VerifyPlan(const Plan& plan);
Status VerifyPredicate(const expr::SkippingNode& node);

}  // namespace levee::query

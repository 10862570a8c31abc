// `du`: where a table's bytes are, and where its small files.
#include <algorithm>
#include <array>

#include "api/file_columns.h"
#include "api/file_order.h"
#include "api/nearest_name.h"
#include "cli/commands/commands.h"
#include "cli/partition_sizes.h"
#include "cli/record_rows.h"
#include "cli/table_view.h"
#include "output/file_fields.h"
#include "output/human_text.h"
#include "query/sorting/row_order.h"

namespace levee::cli {
namespace {

using output::Cell;

constexpr std::array<OptionSpec, 5> kOptions{
    OptionSpec{"by", OptionSpec::Takes::kValue, "COLUMN",
               "group by one partition column or field (addedVersion, ...); default: by all partition columns"},
    OptionSpec{"where", OptionSpec::Takes::kValue, "PREDICATE", "SQL: only files that may hold a row for which it is true"},
    kVersionOption, kTimestampOption, kRecordFormatOption};
constexpr std::array<std::string_view, 3> kExamples{"levee du orders", "levee du orders --by date --format ndjson",
                                                    "levee du orders --by addedVersion --where \"id < 1000\""};

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool SameName(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return Lower(x) == Lower(y); });
}

// The partition columns to group by; --by chooses one.
std::expected<std::vector<PartitionColumn>, Failure> GroupColumns(const Context& context,
                                                                  const delta::Metadata& metadata) {
  const std::vector<std::string> physical = api::PartitionColumns(metadata);
  const std::optional<std::string_view> by = context.line.Value("by");
  std::vector<PartitionColumn> columns;
  for (std::size_t i = 0; i < physical.size(); ++i) {
    const std::string& name = metadata.partition_columns[i];
    if (by && !SameName(name, *by)) continue;
    columns.push_back({name, output::PartitionKey(physical[i])});
  }
  if (!by || !columns.empty()) return columns;
  const std::vector<std::string_view> names(metadata.partition_columns.begin(), metadata.partition_columns.end());
  std::string list;
  for (const std::string_view name : names) list += (list.empty() ? "they are " : ", ") + std::string(name);
  return std::unexpected(Error{ErrorCode::kInvalidArgument, "option --by",
                               "'" + std::string(*by) + "' is no partition column of the table",
                               api::NearestHint(*by, names, list.empty() ? "the table has none" : list)});
}

// One value as it is (null kept apart); several as the folder names that writers use.
Cell KeyCell(const std::vector<PartitionColumn>& columns, const std::vector<std::optional<std::string>>& values,
             bool by_one) {
  if (values.empty()) return {};
  if (by_one) return values[0] ? Cell::Text(*values[0]) : Cell{};
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i != 0) text += '/';
    text += columns[i].name + '=' + values[i].value_or("__HIVE_DEFAULT_PARTITION__");
  }
  return Cell::Text(std::move(text));
}

// The field that --by names, when no partition column has that name.
std::expected<std::optional<query::SortKey>, Failure> FieldToGroupBy(const Context& context,
                                                                     const catalog::View& view) {
  const std::optional<std::string_view> by = context.line.Value("by");
  if (!by) return std::nullopt;
  for (const std::string& name : view.state().metadata.partition_columns) {
    if (SameName(name, *by)) return std::nullopt;
  }
  return api::OrderedColumn(view, *by);
}

// The groups in the order of their values.
Status WriteByField(output::RecordFormat& rows, const store::PartitionSummary& sizes, const query::SortKey& field,
                    FileSizes& total) {
  const columnar::ColumnVector* const values = sizes.values.Find(field.column);
  for (const std::uint32_t row : query::SortedRows(sizes.values, {field})) {
    const store::FileSums& sums = sizes.sums[row];
    total.Add({.files = sums.files, .bytes = sums.bytes, .records = sums.num_records(), .small_files = sums.small_files});
    const bool known = values != nullptr && values->IsValid(row);
    LEVEE_RETURN_IF_ERROR(rows.Write({known ? output::TypedCell(field.column.type, *values, row) : Cell{},
                                      Cell::Integer(sums.files), Cell::Size(sums.bytes),
                                      Cell::Integer(sums.num_records()), Cell::Integer(sums.small_files)}));
  }
  return {};
}

Outcome Finish(Context& context, output::RecordFormat& rows, const FileSizes& total) {
  LEVEE_RETURN_IF_ERROR(rows.Finish());
  LEVEE_RETURN_IF_ERROR(context.out.Flush());
  context.console.Note(output::GroupedNumber(total.files) + " files, " + output::HumanSize(total.bytes) + ", " +
                       output::GroupedNumber(total.small_files) + " below 32 MiB");
  return kExitDone;
}

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const auto rows, MakeRecordRows(context, {{"key"},
                                                         {"numFiles", true},
                                                         {"sizeInBytes", true},
                                                         {"numRecords", true},
                                                         {"smallFiles", true}}));
  LEVEE_ASSIGN(const std::unique_ptr<catalog::View> view, OpenChosenView(context));
  catalog::SizesRequest request{.where = std::string(context.line.Value("where").value_or("")), .groups = {}};
  FileSizes total;
  LEVEE_ASSIGN(const std::optional<query::SortKey> field, FieldToGroupBy(context, *view));
  if (field) {
    request.groups = {field->column};
    LEVEE_ASSIGN(const auto sizes, view->Sizes(request, nullptr));
    LEVEE_RETURN_IF_ERROR(WriteByField(*rows, *sizes, *field, total));
    return Finish(context, *rows, total);
  }
  LEVEE_ASSIGN(const std::vector<PartitionColumn> columns, GroupColumns(context, view->state().metadata));
  for (const PartitionColumn& column : columns) request.groups.push_back(column.key);
  LEVEE_ASSIGN(const auto partitions, view->Sizes(request, nullptr));
  const PartitionGroups groups = GroupSizes(*partitions, columns);

  for (const auto& [values, sizes] : groups) {
    total.Add(sizes);
    LEVEE_RETURN_IF_ERROR(rows->Write({KeyCell(columns, values, context.line.Has("by")), Cell::Integer(sizes.files),
                                       Cell::Size(sizes.bytes), Cell::Integer(sizes.records),
                                       Cell::Integer(sizes.small_files)}));
  }
  return Finish(context, *rows, total);
}

}  // namespace

constinit const Command kDuCommand{{.name = "du",
                                    .arguments = "TABLE",
                                    .arguments_min = 1,
                                    .arguments_max = 1,
                                    .summary = "files, bytes, rows and small files, by partition",
                                    .options = kOptions,
                                    .examples = kExamples},
                                   Run};

}  // namespace levee::cli

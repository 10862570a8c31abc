// `du`: where a table's bytes are, and where its small files.
#include <algorithm>
#include <array>
#include <utility>

#include "api/file_columns.h"
#include "api/file_order.h"
#include "api/nearest_name.h"
#include "cli/commands/commands.h"
#include "cli/du_hints.h"
#include "cli/record_rows.h"
#include "cli/table_view.h"
#include "output/file_fields.h"
#include "output/human_text.h"
#include "types/names.h"

namespace levee::cli {
namespace {

using output::Cell;
using types::SameName;

constexpr std::array<OptionSpec, 5> kOptions{
    OptionSpec{"by", OptionSpec::Takes::kValue, "COLUMN",
               "group by one partition column or field (addedVersion, ...); default: by all partition columns"},
    OptionSpec{"where", OptionSpec::Takes::kValue, "PREDICATE", "SQL: only files that may hold a row for which it is true"},
    kVersionOption, kTimestampOption, kRecordFormatOption};
constexpr std::array<std::string_view, 3> kExamples{"levee du orders", "levee du orders --by date --format ndjson",
                                                    "levee du orders --by addedVersion --where \"id < 1000\""};

// The partition columns to group by; --by chooses one.
std::expected<std::vector<query::SortKey>, Failure> GroupColumns(const Context& context,
                                                                  const delta::Metadata& metadata) {
  const std::vector<std::string> physical = api::PartitionColumns(metadata);
  const std::optional<std::string_view> by = context.line.Value("by");
  std::vector<query::SortKey> columns;
  for (std::size_t i = 0; i < physical.size(); ++i) {
    const std::string& name = metadata.partition_columns[i];
    if (by && !SameName(name, *by)) continue;
    columns.push_back({.column = output::PartitionKey(physical[i]), .nulls_first = true, .name = name});
  }
  if (!by || !columns.empty()) return columns;
  const std::vector<std::string_view> names(metadata.partition_columns.begin(), metadata.partition_columns.end());
  std::string list;
  for (const std::string_view name : names) list += (list.empty() ? "they are " : ", ") + std::string(name);
  return std::unexpected(Error{ErrorCode::kInvalidArgument, "option --by",
                               "'" + std::string(*by) + "' is no partition column of the table",
                               api::NearestHint(*by, names, list.empty() ? "the table has none" : list)});
}

// Compaction works within partitions: groups by one column of several hold more than one.
bool AreWholePartitions(const Context& context, const delta::Metadata& metadata) {
  return !context.line.Has("by") || metadata.partition_columns.size() == 1;
}

// As the folder names that writers use.
std::string PartitionName(const std::vector<query::SortKey>& groups, const columnar::Batch& sizes, std::size_t row) {
  std::string text;
  for (const query::SortKey& group : groups) {
    const columnar::ColumnVector* const values = sizes.Find(group.column);
    const bool known = values != nullptr && values->IsValid(row);
    if (!text.empty()) text += '/';
    text += group.name + '=' + (known ? std::string(values->strings[row]) : "__HIVE_DEFAULT_PARTITION__");
  }
  return text;
}

// One value as it is (null kept apart); several as the partition's name.
Cell KeyCell(const std::vector<query::SortKey>& groups, const columnar::Batch& sizes, std::size_t row, bool by_one) {
  if (groups.empty()) return {};
  if (!by_one) return Cell::Text(PartitionName(groups, sizes, row));
  const columnar::ColumnVector* const values = sizes.Find(groups.front().column);
  const bool known = values != nullptr && values->IsValid(row);
  return known ? output::TypedCell(groups.front().column.type, *values, row) : Cell{};
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

// What to do about it is for who reads a table, not for programs.
Outcome Finish(Context& context, output::RecordFormat& rows, const store::FileSums& total, const DuHints& hints) {
  LEVEE_RETURN_IF_ERROR(rows.Finish());
  LEVEE_RETURN_IF_ERROR(context.out.Flush());
  context.console.Note(output::GroupedNumber(total.files) + " files, " + output::HumanSize(total.bytes) + ", " +
                       output::GroupedNumber(total.small_files) + " below 32 MiB");
  if (context.line.Value("format").value_or("table") != "table") return kExitDone;
  for (const std::string& note : hints.Notes()) context.console.Note(note);
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
  LEVEE_ASSIGN(std::optional<query::SortKey> field, FieldToGroupBy(context, *view));
  DuHints hints(!field && AreWholePartitions(context, view->state().metadata));
  if (field) {
    request.groups.push_back(std::move(*field));
  } else {
    LEVEE_ASSIGN(request.groups, GroupColumns(context, view->state().metadata));
  }
  LEVEE_ASSIGN(const auto groups, view->Sizes(request, nullptr));
  store::FileSums total;
  while (true) {
    LEVEE_ASSIGN(const auto sizes, groups->Next());
    if (!sizes) break;
    for (std::size_t row = 0; row < sizes->rows; ++row) {
      const store::FileSums sums = catalog::SumsOf(*sizes, row);
      total.Add(sums);
      hints.Add(sums, [&] { return PartitionName(request.groups, *sizes, row); });
      LEVEE_RETURN_IF_ERROR(rows->Write({KeyCell(request.groups, *sizes, row, context.line.Has("by")),
                                         Cell::Integer(sums.files), Cell::Size(sums.bytes),
                                         Cell::Integer(sums.num_records()), Cell::Integer(sums.small_files)}));
    }
  }
  return Finish(context, *rows, total, hints);
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

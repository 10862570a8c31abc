// `history`: what each commit says of itself and what it did.
#include <array>

#include "cli/commands/commands.h"
#include "cli/commit_info.h"
#include "cli/option_values.h"
#include "cli/record_rows.h"

namespace levee::cli {
namespace {

using output::Cell;

constexpr std::array<OptionSpec, 2> kOptions{
    OptionSpec{"limit", OptionSpec::Takes::kValue, "N", "the newest N commits"}, kRecordFormatOption};
constexpr std::array<std::string_view, 2> kExamples{"levee history orders --limit 20",
                                                    "levee history orders --format ndjson"};

std::vector<output::RecordColumn> Columns() {
  return {{"version", true},     {"timestamp"},          {"operation"},
          {"operationParameters"}, {"userName"},
          {"filesAdded", true},    {"filesRemoved", true}, {"bytesAdded", true},
          {"rowsAdded", true},     {"isBlindAppend"}};
}

std::vector<Cell> Row(const store::CommitRecord& commit) {
  CommitInfo info = ReadCommitInfo(commit.commit_info_json);
  // What a checkpoint stands for was added by commits that nobody counted.
  const auto counted = [&](Cell cell) { return commit.is_base ? Cell{} : cell; };
  return {Cell::Integer(commit.version),
          Cell::Time(commit.timestamp_ms),
          std::move(info.operation),
          std::move(info.operation_parameters),
          std::move(info.user_name),
          counted(Cell::Integer(commit.files_added)),
          counted(Cell::Integer(commit.files_removed)),
          counted(Cell::Size(commit.bytes_added)),
          counted(Cell::Integer(commit.rows_added)),
          std::move(info.is_blind_append)};
}

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const auto limit, IntegerOption(context.line, "limit"));
  LEVEE_ASSIGN(const auto rows, MakeRecordRows(context, Columns()));
  LEVEE_ASSIGN(catalog::Catalog* catalog, context.session.OpenCatalog());
  LEVEE_ASSIGN(const std::vector<store::CommitRecord> commits, catalog->History(context.table(), limit));
  context.console.EndProgress();
  for (const store::CommitRecord& commit : commits) LEVEE_RETURN_IF_ERROR(rows->Write(Row(commit)));
  LEVEE_RETURN_IF_ERROR(rows->Finish());
  return kExitDone;
}

}  // namespace

constinit const Command kHistoryCommand{{.name = "history",
                                         .arguments = "TABLE",
                                         .arguments_min = 1,
                                         .arguments_max = 1,
                                         .summary = "the commits of a table, newest first",
                                         .options = kOptions,
                                         .examples = kExamples},
                                        Run};

}  // namespace levee::cli

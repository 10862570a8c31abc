// `tables`: what the store holds.
#include <array>

#include "cli/commands/commands.h"
#include "cli/record_rows.h"

namespace levee::cli {
namespace {

using output::Cell;

constexpr std::array<OptionSpec, 1> kOptions{kRecordFormatOption};
constexpr std::array<std::string_view, 2> kExamples{"levee tables", "levee tables --format ndjson"};

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const auto rows, MakeRecordRows(context, {{"name"},
                                                         {"uri"},
                                                         {"version", true},
                                                         {"numFiles", true},
                                                         {"sizeInBytes", true},
                                                         {"lastSync"}}));
  LEVEE_ASSIGN(catalog::Catalog* catalog, context.session.OpenCatalog());
  LEVEE_ASSIGN(const auto tables, catalog->Tables());
  for (const auto& [table, commit] : tables) {
    // A table whose import never ended is known, but holds nothing.
    const bool published = table.head_version >= 0;
    LEVEE_RETURN_IF_ERROR(rows->Write({table.name.empty() ? Cell{} : Cell::Text(table.name), Cell::Text(table.uri),
                                       published ? Cell::Integer(table.head_version) : Cell{},
                                       published ? Cell::Integer(commit.num_files) : Cell{},
                                       published ? Cell::Size(commit.size_bytes) : Cell{},
                                       table.last_sync_ms > 0 ? Cell::Time(table.last_sync_ms) : Cell{}}));
  }
  LEVEE_RETURN_IF_ERROR(rows->Finish());
  return kExitDone;
}

}  // namespace

constinit const Command kTablesCommand{
    {.name = "tables", .summary = "the tables in the store", .options = kOptions, .examples = kExamples}, Run};

}  // namespace levee::cli

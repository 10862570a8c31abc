// `views`: the version that what is kept of each table stands at.
#include <array>

#include "base/parallel.h"
#include "cli/commands/commands.h"
#include "cli/record_rows.h"

namespace levee::cli {
namespace {

using output::Cell;
using store::Refreshed;

constexpr std::array<OptionSpec, 2> kOptions{
    OptionSpec{"refresh", OptionSpec::Takes::kNothing, "", "bring them to the head first, several tables at a time"},
    kRecordFormatOption};
constexpr std::array<std::string_view, 3> kExamples{"levee views", "levee views orders --format ndjson",
                                                    "levee views --refresh"};

struct TableViews {
  store::TableRecord table;
  store::ViewState partitions;
  std::optional<Refreshed> refreshed;
};

// Tables whose import never ended have nothing to show.
Result<std::vector<TableViews>> ChosenTables(catalog::Catalog& catalog, std::string_view name) {
  std::vector<TableViews> chosen;
  if (!name.empty()) {
    LEVEE_ASSIGN(const auto view, catalog.Open(name, {}));
    chosen.push_back({.table = view->state().record});
    return chosen;
  }
  LEVEE_ASSIGN(auto tables, catalog.Tables());
  for (auto& [table, commit] : tables) {
    if (table.head_version >= 0) chosen.push_back({.table = std::move(table)});
  }
  return chosen;
}

std::string_view NameOf(Refreshed refreshed) {
  switch (refreshed) {
    case Refreshed::kIncremental: return "incremental";
    case Refreshed::kFull: return "full";
    case Refreshed::kNothing: break;
  }
  return "current";
}

Status WriteView(output::RecordFormat& rows, const TableViews& of, std::string_view view,
                 std::optional<std::int64_t> version) {
  const bool refreshes = view == "partitions" && of.refreshed;
  return rows.Write({Cell::Text(of.table.name.empty() ? of.table.uri : of.table.name), Cell::Text(std::string(view)),
                     version ? Cell::Integer(*version) : Cell{}, Cell::Integer(of.partitions.head),
                     version ? Cell::Integer(of.partitions.head - *version) : Cell{},
                     refreshes ? Cell::Text(std::string(NameOf(*of.refreshed))) : Cell{}});
}

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const auto rows, MakeRecordRows(context, {{"table"}, {"view"}, {"version", true}, {"head", true},
                                                         {"behind", true}, {"refresh"}}));
  LEVEE_ASSIGN(catalog::Catalog* catalog, context.session.OpenCatalog());
  const std::string_view name = context.line.arguments.empty() ? std::string_view() : context.table();
  LEVEE_ASSIGN(std::vector<TableViews> tables, ChosenTables(*catalog, name));
  store::Store& store = catalog->store();
  const bool refresh = context.line.Has("refresh");
  LEVEE_RETURN_IF_ERROR(ParallelFor(tables.size(), MachineThreads(), [&](std::size_t i) -> Status {
    if (refresh) {
      LEVEE_ASSIGN(tables[i].refreshed, store.RefreshViews(tables[i].table.id, 1));
    }
    LEVEE_ASSIGN(tables[i].partitions, store.ReadViewState(tables[i].table.id));
    return {};
  }));
  for (const TableViews& of : tables) {
    // Published with each commit: they stand at the head by their making.
    for (const std::string_view view : {"files", "state", "totals"}) {
      LEVEE_RETURN_IF_ERROR(WriteView(*rows, of, view, of.partitions.head));
    }
    LEVEE_RETURN_IF_ERROR(WriteView(*rows, of, "partitions", of.partitions.version));
  }
  LEVEE_RETURN_IF_ERROR(rows->Finish());
  return kExitDone;
}

}  // namespace

constinit const Command kViewsCommand{{.name = "views",
                                       .arguments = "[TABLE]",
                                       .arguments_min = 0,
                                       .arguments_max = 1,
                                       .summary = "what is kept of each table, and the version that it stands at",
                                       .options = kOptions,
                                       .examples = kExamples},
                                      Run};

}  // namespace levee::cli

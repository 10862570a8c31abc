// `changes`: adds and removes by commit, for followers of a table.
#include <array>

#include "api/change_list.h"
#include "api/file_columns.h"
#include "api/stats_text.h"
#include "cli/commands/commands.h"
#include "cli/file_list.h"
#include "cli/option_values.h"
#include "output/file_format.h"

namespace levee::cli {
namespace {

using output::FileFieldKind;

constexpr std::array<OptionSpec, 3> kOptions{
    OptionSpec{"from", OptionSpec::Takes::kValue, "N", "changes after this version"},
    OptionSpec{"to", OptionSpec::Takes::kValue, "M", "up to this version; default: the newest"},
    OptionSpec{"format", OptionSpec::Takes::kValue, "table|ndjson", "default: table"},
};
constexpr std::array<std::string_view, 2> kExamples{"levee changes orders --from 812",
                                                    "levee changes orders --from 10 --to 12 --format ndjson"};
constexpr std::array<std::string_view, 2> kFormats{"table", "ndjson"};

// What a change says before its file does.
output::FileFields WithMarks(output::FileFields fields) {
  output::FileFields all{{.kind = FileFieldKind::kChange, .name = "change"},
                         {.kind = FileFieldKind::kVersion, .name = "version"},
                         {.kind = FileFieldKind::kDataChange, .name = "dataChange"}};
  for (output::FileField& field : fields) all.push_back(std::move(field));
  return all;
}

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const std::string_view format, WordOption(context.line, "format", kFormats));
  LEVEE_ASSIGN(const auto from, IntegerOption(context.line, "from"));
  LEVEE_ASSIGN(const auto to, IntegerOption(context.line, "to"));
  if (!from) return std::unexpected(UsageError{"option --from", "it must be given", "--from N"});
  if (to && *to < *from) return std::unexpected(UsageError{"option --to", "it lies before --from", "exchange the two"});

  LEVEE_ASSIGN(catalog::Catalog* catalog, context.session.OpenCatalog());
  LEVEE_ASSIGN(const auto view, catalog->Open(context.table(), {.version = to}));
  const bool table = format == "table";
  const auto defaults = table ? api::FileDefaults::kTable : api::FileDefaults::kProtocol;
  LEVEE_ASSIGN(api::FilePlan plan, api::PlanFiles(*view, {.defaults = defaults}));
  api::AddChangeColumns(plan.columns);
  // The version that was opened, so that a commit that lands meanwhile is not half in.
  const api::ChangeRange range{*from, view->state().version};
  const auto rows = table ? output::MakeTableFormat(WithMarks(std::move(plan.fields)),
                                                    context.console.terminals().table_look, context.out)
                          : output::MakeNdjsonFormat(WithMarks(std::move(plan.fields)), context.out);
  const auto open = [&](const api::ChangeRange& part) {
    return catalog->Changes(context.table(), part.after_version, part.to_version, plan.columns);
  };
  const auto print = [&](api::ChangeList& changes) -> Status {
    context.console.EndProgress();
    if (plan.needs_stats) LEVEE_RETURN_IF_ERROR(api::AddStatsText(changes.files));
    return rows->Write({.batch = changes.files, .changes = changes.marks});
  };
  LEVEE_RETURN_IF_ERROR(api::VisitChanges(range, open, print));
  LEVEE_RETURN_IF_ERROR(rows->Finish());
  return kExitDone;
}

}  // namespace

constinit const Command kChangesCommand{{.name = "changes",
                                         .arguments = "TABLE",
                                         .arguments_min = 1,
                                         .arguments_max = 1,
                                         .summary = "files added and removed by commits N+1 to M",
                                         .options = kOptions,
                                         .examples = kExamples},
                                        Run};

}  // namespace levee::cli

// `add`: import, name, complete or refresh a table.
#include <array>

#include "cli/commands/commands.h"
#include "cli/option_values.h"
#include "cli/sync_text.h"

namespace levee::cli {
namespace {

using Takes = OptionSpec::Takes;

constexpr std::array<OptionSpec, 5> kOptions{
    OptionSpec{"name", Takes::kValue, "NAME", "register the table under this name"},
    OptionSpec{"keep", Takes::kValue, "DURATION", "keep history that long, e.g. 30d; default: for ever"},
    OptionSpec{"to-version", Takes::kValue, "N", "bring the store up to this version only"},
    OptionSpec{"dry-run", Takes::kNothing, "", "say what would be done, and do nothing"},
    OptionSpec{"format", Takes::kValue, "table|json", "default: table"},
};
constexpr std::array<std::string_view, 3> kExamples{"levee add /data/orders --name orders",
                                                    "levee add /data/orders --dry-run",
                                                    "levee add /data/orders --keep 90d"};
constexpr std::array<std::string_view, 2> kFormats{"table", "json"};

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const std::string_view format, WordOption(context.line, "format", kFormats));
  catalog::AddOptions options;
  options.name = context.line.Value("name").value_or("");
  options.dry_run = context.line.Has("dry-run");
  LEVEE_ASSIGN(options.to_version, IntegerOption(context.line, "to-version"));
  LEVEE_ASSIGN(options.keep_ms, DurationOption(context.line, "keep"));
  LEVEE_ASSIGN(catalog::Catalog* catalog, context.session.OpenCatalog());
  LEVEE_ASSIGN(const catalog::SyncReport report, catalog->Add(context.table(), options));
  context.console.EndProgress();
  context.out.AppendLine(format == "json" ? SyncJson(report, options.dry_run) : SyncText(report, options.dry_run));
  return kExitDone;
}

}  // namespace

constinit const Command kAddCommand{{.name = "add",
                                     .arguments = "TABLE",
                                     .arguments_min = 1,
                                     .arguments_max = 1,
                                     .summary = "import a table into the store, or complete and refresh it",
                                     .options = kOptions,
                                     .examples = kExamples},
                                    Run};

}  // namespace levee::cli

// `memory import`: items of a file or folder, of this tool or another.
#include <array>

#include "cli/commands/memory/exchange_options.h"
#include "cli/commands/memory/item_options.h"
#include "cli/commands/memory/memory_commands.h"
#include "output/human_text.h"

namespace levee::cli {
namespace {

constexpr std::array<OptionSpec, 6> kOptions{
    kFormOption,
    OptionSpec{"namespace", OptionSpec::Takes::kValue, "N", "of items that name none"},
    OptionSpec{"category", OptionSpec::Takes::kValue, "C", "of items that name none"},
    OptionSpec{"collection", OptionSpec::Takes::kValue, "NAME", "of Chroma; default the only one"},
    OptionSpec{"skip-wrong", OptionSpec::Takes::kNothing, "", "go on behind what is no item, and tell it"}, kAuthorOption};
constexpr std::array<std::string_view, 3> kExamples{"levee memory import items.ndjson",
                                                    "levee memory import --format markdown ~/notes",
                                                    "levee memory import --format mcp-memory memory.json"};

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const memory::ExchangeFormat format, FormOption(context.line));
  LEVEE_ASSIGN(const auto source, memory::OpenItemSource(format, std::string(context.line.arguments.front()),
                                                         ExchangeOptionsFrom(context)));
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  LEVEE_ASSIGN(const memory::ImportReport report,
               memory::ImportItems(*source, *bank, {.batch_latency_ms = context.engine_options.batch_latency_ms,
                                               .author = std::string(context.line.Value("author").value_or("")),
                                                    .skip_wrong = context.line.Has("skip-wrong")}));
  for (const std::string& problem : report.problems) context.console.Note(problem);
  context.out.AppendLine("read " + output::GroupedNumber(report.read) + ", stored " + output::GroupedNumber(report.stored) +
                         ", updated " + output::GroupedNumber(report.updated) + ", unchanged " +
                         output::GroupedNumber(report.unchanged) + ", kept newer " + output::GroupedNumber(report.kept) +
                         ", conflicts " + output::GroupedNumber(report.conflicts));
  return report.problems.empty() && report.conflicts == 0 ? kExitDone : kExitError;
}

}  // namespace

constinit const Command kMemoryImportCommand{{.name = "memory import",
                                              .arguments = "PATH | -",
                                              .arguments_min = 1,
                                              .arguments_max = 1,
                                              .summary = "stores the items of a file or folder; a second time changes nothing",
                                              .options = kOptions,
                                              .examples = kExamples},
                                             Run};

}  // namespace levee::cli

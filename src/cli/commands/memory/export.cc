// `memory export`: items into a file or folder.
#include <array>

#include "cli/commands/memory/exchange_options.h"
#include "cli/commands/memory/memory_commands.h"
#include "cli/commands/memory/query_options.h"

namespace levee::cli {
namespace {

constexpr std::array<OptionSpec, 10> kOptions{kFormOption,   kNamespaceOption, kCategoryOption, kTagOption,   kAnyTagOption,
                                              kNoTagOption,  kMetadataOption,  kSinceOption,    kUntilOption, kAsOfOption};
constexpr std::array<std::string_view, 2> kExamples{"levee memory export items.ndjson",
                                                    "levee memory export --format markdown --namespace 'team/*' notes"};

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const memory::ExchangeFormat format, FormOption(context.line));
  LEVEE_ASSIGN(const ItemQuery query, QueryFromOptions(context));
  const std::string path(context.line.arguments.empty() ? "-" : context.line.arguments.front());
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  LEVEE_ASSIGN(const auto sink, memory::OpenItemSink(format, path, {}));
  LEVEE_ASSIGN(const std::int64_t written, memory::ExportItems(*bank, query, *sink));
  context.console.Note("memory export: wrote " + std::to_string(written) + " items");
  return kExitDone;
}

}  // namespace

constinit const Command kMemoryExportCommand{{.name = "memory export",
                                              .arguments = "[PATH | -]",
                                              .arguments_max = 1,
                                              .summary = "writes items into a file or folder, in the order of their ids",
                                              .options = kOptions,
                                              .examples = kExamples},
                                             Run};

}  // namespace levee::cli

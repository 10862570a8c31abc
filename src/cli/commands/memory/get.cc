// `memory get`: items by their ids.
#include <array>

#include "cli/commands/memory/item_options.h"
#include "cli/commands/memory/memory_commands.h"
#include "cli/option_values.h"
#include "memory/json/item_json.h"

namespace levee::cli {
namespace {

constexpr std::array<OptionSpec, 2> kOptions{
    OptionSpec{"version", OptionSpec::Takes::kValue, "N", "that version of the item"}, kAsOfOption};
constexpr std::array<std::string_view, 2> kExamples{"levee memory get 0190a5d2-7c1e-7000-8000-000000000001",
                                                    "levee memory get runbook --version 2"};

Outcome Run(Context& context) {
  ItemVersionChoice choice;
  LEVEE_ASSIGN(choice.version, IntegerOption(context.line, "version", 1));
  LEVEE_ASSIGN(choice.as_of, TimeOption(context, "as-of"));
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  int exit_code = kExitDone;
  for (const std::string_view id : context.line.arguments) {
    LEVEE_ASSIGN(const auto item, bank->Get(id, choice));
    if (item) {
      context.out.AppendLine(memory::ItemJson(*item));
      continue;
    }
    context.console.PrintError({ErrorCode::kNotFound, "memory get " + std::string(id), "there is no item of that id",
                                "levee memory find looks for it", "ITEM_NOT_FOUND"});
    exit_code = kExitError;
  }
  return exit_code;
}

}  // namespace

constinit const Command kMemoryGetCommand{{.name = "memory get",
                                           .arguments = "ID...",
                                           .arguments_min = 1,
                                           .arguments_max = 10'000,
                                           .summary = "items by their ids, an object of JSON a line",
                                           .options = kOptions,
                                           .examples = kExamples},
                                          Run};

}  // namespace levee::cli

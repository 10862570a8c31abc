// `memory delete`: removes items; their history stays.
#include <array>

#include "cli/commands/memory/item_options.h"
#include "cli/commands/memory/memory_commands.h"
#include "cli/option_values.h"

namespace levee::cli {
namespace {

constexpr std::array<OptionSpec, 2> kOptions{kExpectedVersionOption, kAuthorOption};
constexpr std::array<std::string_view, 1> kExamples{"levee memory delete runbook --expected-version 3"};

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const auto expected_version, IntegerOption(context.line, "expected-version"));
  std::vector<ItemRemoval> removals;
  for (const std::string_view id : context.line.arguments) removals.push_back({std::string(id), expected_version});
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  LEVEE_ASSIGN(const std::vector<Written> written,
               bank->Delete(std::move(removals), {.author = std::string(context.line.Value("author").value_or(""))}));
  return PrintWritten(context, written, "memory delete");
}

}  // namespace

constinit const Command kMemoryDeleteCommand{{.name = "memory delete",
                                              .arguments = "ID...",
                                              .arguments_min = 1,
                                              .arguments_max = 10'000,
                                              .summary = "removes items; their history stays",
                                              .options = kOptions,
                                              .examples = kExamples},
                                             Run};

}  // namespace levee::cli

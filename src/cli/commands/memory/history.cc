// `memory history`: every version of an item, with who and when.
#include <array>

#include "cli/commands/memory/item_options.h"
#include "cli/commands/memory/memory_commands.h"
#include "cli/option_values.h"
#include "memory/json/item_json.h"

namespace levee::cli {
namespace {

constexpr std::array<OptionSpec, 1> kOptions{
    OptionSpec{"limit", OptionSpec::Takes::kValue, "N", "the newest N"}};
constexpr std::array<std::string_view, 1> kExamples{"levee memory history runbook --limit 5"};

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const auto limit, IntegerOption(context.line, "limit", 1));
  const std::string_view id = context.line.arguments.front();
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  LEVEE_ASSIGN(const std::vector<ItemVersion> versions, bank->History(id, limit));
  if (versions.empty()) {
    return std::unexpected(Failure(Error{ErrorCode::kNotFound, "memory history " + std::string(id),
                                         "no item of that id was ever there", "levee memory find looks for it",
                                         "ITEM_NOT_FOUND"}));
  }
  for (const ItemVersion& version : versions) {
    std::string line;
    memory::AppendVersionJson(line, version, memory::ItemFields::WithoutEmbedding());
    context.out.AppendLine(line);
  }
  return kExitDone;
}

}  // namespace

constinit const Command kMemoryHistoryCommand{{.name = "memory history",
                                               .arguments = "ID",
                                               .arguments_min = 1,
                                               .arguments_max = 1,
                                               .summary = "every version of an item, newest first, an object of JSON a line",
                                               .options = kOptions,
                                               .examples = kExamples},
                                              Run};

}  // namespace levee::cli

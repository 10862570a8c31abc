// `memory restore`: the items of a backup into the store.
#include <array>

#include "cli/commands/memory/memory_commands.h"
#include "levee/memory.h"
#include "memory/model/each_page.h"
#include "output/human_text.h"

namespace levee::cli {
namespace {

constexpr std::array<std::string_view, 1> kExamples{"levee --store new.db memory restore memory-2024-01-31.db"};
constexpr std::int64_t kPage = 1'000;

Outcome Run(Context& context) {
  const std::string file(context.line.arguments.front());
  LEVEE_ASSIGN(const auto backup, OpenMemory({.uri = file, .read_only = true}));
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  std::int64_t restored = 0;
  const auto restore = [&](std::vector<Found>& found) -> Status {
    std::vector<ItemWrite> items;
    items.reserve(found.size());
    for (Found& each : found) items.push_back({.item = std::move(each.item), .expected_version = {}});
    LEVEE_ASSIGN(const std::vector<Written> written, bank->Store(std::move(items), {.on_conflict = ConflictPolicy::kLastWrite}));
    for (const Written& each : written) restored += each.outcome == Written::Outcome::kKept ? 0 : 1;
    return {};
  };
  LEVEE_RETURN_IF_ERROR(memory::EachPage(*backup, {.limit = kPage, .with_embedding = true}, restore));
  context.out.AppendLine("restored " + output::GroupedNumber(restored) + " items");
  return kExitDone;
}

}  // namespace

constinit const Command kMemoryRestoreCommand{{.name = "memory restore",
                                               .arguments = "FILE",
                                               .arguments_min = 1,
                                               .arguments_max = 1,
                                               .summary = "stores the items of a backup; what is newer here stays",
                                               .examples = kExamples},
                                              Run};

}  // namespace levee::cli

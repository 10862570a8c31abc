// `memory verify`: whether what the store has holds together.
#include <array>

#include "cli/commands/memory/memory_commands.h"
#include "output/human_text.h"

namespace levee::cli {
namespace {

constexpr std::array<std::string_view, 1> kExamples{"levee memory verify"};

Outcome Run(Context& context) {
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  LEVEE_ASSIGN(const VerifyReport report, bank->Verify());
  for (const std::string& problem : report.problems) context.out.AppendLine(problem);
  if (!report.problems.empty()) return kExitDrift;
  context.out.AppendLine(output::GroupedNumber(report.items) + " items, sound");
  return kExitDone;
}

}  // namespace

constinit const Command kMemoryVerifyCommand{
    {.name = "memory verify", .summary = "items against their checksums, indexes against the items: exit 0 sound, 2 damaged",
     .examples = kExamples}, Run};

}  // namespace levee::cli

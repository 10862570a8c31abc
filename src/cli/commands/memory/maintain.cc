// `memory maintain`: upkeep now, not some time.
#include <array>

#include "cli/commands/memory/memory_commands.h"
#include "output/human_text.h"

namespace levee::cli {
namespace {

constexpr std::array<OptionSpec, 3> kOptions{
    OptionSpec{"rebuild", OptionSpec::Takes::kNothing, "", "make keys, columns and posting lists anew from the items"},
    OptionSpec{"repair", OptionSpec::Takes::kNothing, "", "the same, of what verify finds damaged; exit 2 if something is lost"},
    OptionSpec{"compact-file", OptionSpec::Takes::kNothing, "", "give freed space back to the file system; takes a while"}};
constexpr std::array<std::string_view, 2> kExamples{"levee memory maintain --compact-file", "levee memory maintain --repair"};

Outcome Run(Context& context) {
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  LEVEE_ASSIGN(const MaintenanceReport report, bank->Maintain({.compact_file = context.line.Has("compact-file"),
                                                                 .repair = context.line.Has("repair"),
                                                                 .rebuild = context.line.Has("rebuild")}));
  for (const std::string& each : report.repaired) context.out.AppendLine("repaired: " + output::Printable(each));
  for (const std::string& each : report.lost) context.out.AppendLine("lost: " + output::Printable(each));
  context.out.AppendLine("merged " + output::GroupedNumber(report.merged_items) + " versions, purged " +
                         output::GroupedNumber(report.purged_versions) + ", freed " + output::HumanSize(report.freed_bytes) +
                         " in " + output::HumanDuration(static_cast<std::int64_t>(report.seconds * 1e9)));
  return report.lost.empty() ? kExitDone : kExitDrift;
}

}  // namespace

constinit const Command kMemoryMaintainCommand{{.name = "memory maintain",
                                                .summary = "merges what writing left behind, and drops what retention lets go",
                                                .options = kOptions,
                                                .examples = kExamples},
                                               Run};

}  // namespace levee::cli

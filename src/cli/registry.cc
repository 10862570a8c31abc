#include "cli/registry.h"

#include <array>

#include "cli/commands/commands.h"
#include "cli/commands/memory/memory_commands.h"

namespace levee::cli {
namespace {

constexpr std::array<const Command*, 38> kCommands{
    &kFilesCommand, &kShowCommand,   &kHistoryCommand, &kChangesCommand, &kWhyCommand,        &kDuCommand,
    &kAddCommand,   &kSyncCommand,   &kTablesCommand,  &kForgetCommand,  &kCheckCommand,      &kRepairCommand,
    &kStatusCommand,
    &kBenchCommand, &kConfigCommand, &kViewsCommand,   &kDoctorCommand,  &kPruneReportCommand, &kCompletionCommand,
    &kManualCommand,
    &kMemoryPutCommand, &kMemoryGetCommand, &kMemoryUpdateCommand, &kMemoryDeleteCommand, &kMemoryHistoryCommand,
    &kMemoryFindCommand, &kMemoryListCommand, &kMemoryStatsCommand, &kMemoryMaintainCommand, &kMemoryIndexCommand,
    &kMemoryVerifyCommand,
    &kMemoryBackupCommand, &kMemoryRestoreCommand, &kMemoryImportCommand, &kMemoryExportCommand, &kMemoryServeCommand,
    &kMemoryBenchCommand, &kMemoryStressCommand};

Outcome RunLater(Context& context) {
  return std::unexpected(Failure(Error{ErrorCode::kUnsupported, std::string(context.line.command->name),
                                       "not built in yet", "levee --help lists what is"}));
}

constexpr Command Later(std::string_view name) {
  return {{.name = name, .summary = "not built in yet", .takes_anything = true}, RunLater};
}

constexpr std::array kLaterCommands{Later("serve"), Later("jobs"),
                                    Later("advise"), Later("tune"),  Later("sql")};

constexpr auto kSpecs = [] {
  std::array<const CommandSpec*, kCommands.size() + kLaterCommands.size()> specs{};
  for (std::size_t i = 0; i < kCommands.size(); ++i) specs[i] = &kCommands[i]->spec;
  for (std::size_t i = 0; i < kLaterCommands.size(); ++i) specs[kCommands.size() + i] = &kLaterCommands[i].spec;
  return specs;
}();

}  // namespace

std::span<const Command* const> Commands() { return kCommands; }
std::span<const Command> LaterCommands() { return kLaterCommands; }
std::span<const CommandSpec* const> CommandSpecs() { return kSpecs; }

const Command& CommandOf(const CommandSpec& spec) {
  for (const Command* command : kCommands) {
    if (&command->spec == &spec) return *command;
  }
  for (const Command& command : kLaterCommands) {
    if (&command.spec == &spec) return command;
  }
  return kLaterCommands.front();
}

}  // namespace levee::cli

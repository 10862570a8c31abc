// The commands of the memory bank, one a source file of this folder.
#pragma once

#include "cli/command.h"

namespace levee::cli {

// Constants, though the linter sees variables where they are declared only.
// NOLINTBEGIN(readability-identifier-naming)
extern const Command kMemoryPutCommand;
extern const Command kMemoryGetCommand;
extern const Command kMemoryUpdateCommand;
extern const Command kMemoryDeleteCommand;
extern const Command kMemoryHistoryCommand;
extern const Command kMemoryFindCommand;
extern const Command kMemoryListCommand;
extern const Command kMemoryStatsCommand;
extern const Command kMemoryMaintainCommand;
extern const Command kMemoryIndexCommand;
extern const Command kMemoryVerifyCommand;
extern const Command kMemoryBackupCommand;
extern const Command kMemoryRestoreCommand;
extern const Command kMemoryImportCommand;
extern const Command kMemoryExportCommand;
extern const Command kMemoryServeCommand;
extern const Command kMemoryBenchCommand;
extern const Command kMemoryStressCommand;
// NOLINTEND(readability-identifier-naming)

}  // namespace levee::cli

// The commands, one a source file of this folder.
#pragma once

#include "cli/command.h"

namespace levee::cli {

// Constants, though the linter sees variables where they are declared only.
// NOLINTBEGIN(readability-identifier-naming)
extern const Command kFilesCommand;
extern const Command kShowCommand;
extern const Command kHistoryCommand;
extern const Command kChangesCommand;
extern const Command kWhyCommand;
extern const Command kDuCommand;
extern const Command kAddCommand;
extern const Command kSyncCommand;
extern const Command kTablesCommand;
extern const Command kForgetCommand;
extern const Command kCheckCommand;
extern const Command kRepairCommand;
extern const Command kStatusCommand;
extern const Command kViewsCommand;
extern const Command kBenchCommand;
extern const Command kConfigCommand;
extern const Command kPruneReportCommand;
extern const Command kDoctorCommand;
extern const Command kCompletionCommand;
extern const Command kManualCommand;
// NOLINTEND(readability-identifier-naming)

}  // namespace levee::cli

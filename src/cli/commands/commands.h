// The commands, one a source file of this folder.
#pragma once

#include "cli/command.h"

namespace levee::cli {

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
extern const Command kStatusCommand;
extern const Command kViewsCommand;
extern const Command kBenchCommand;
extern const Command kConfigCommand;

}  // namespace levee::cli

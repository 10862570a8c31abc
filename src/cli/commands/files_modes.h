// What `files` does beside its first mode.
#pragma once

#include "cli/command.h"
#include "cli/file_question.h"

namespace levee::cli {

// The files of several tables, as one list.
Outcome ListFilesOfTables(Context& context, FileQuestion question);

}  // namespace levee::cli

// What a commit says of itself (`commitInfo`), as far as people and scripts ask for it.
#pragma once

#include <string>
#include <string_view>

#include "output/record.h"

namespace levee::cli {

struct CommitInfo {
  output::Cell operation;             // text or null
  output::Cell operation_parameters;  // a JSON object or null
  output::Cell user_name;
  output::Cell is_blind_append;       // boolean or null
};

// Of the action's body as the log has it; all null for an empty text.
CommitInfo ReadCommitInfo(std::string_view json);

}  // namespace levee::cli

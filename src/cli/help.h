// The text of --help and of --version.
#pragma once

#include <string>

#include "cli/options.h"

namespace levee::cli {

std::string ProgramHelp();
// Of the commands whose names begin with that word.
std::string FamilyHelp(std::string_view family);
std::string CommandHelp(const CommandSpec& command);
// "levee 0.1.0".
std::string VersionText();

}  // namespace levee::cli

// Every command.
#pragma once

#include <span>
#include <string_view>

#include "cli/command.h"

namespace levee::cli {

// In the order in which help lists them.
std::span<const Command* const> Commands();
// Commands of the design that this program does not have yet: they answer so, with exit code 1.
std::span<const Command> LaterCommands();
// The specifications of both lists, for ParseLine.
std::span<const CommandSpec* const> CommandSpecs();
// The command of a specification that CommandSpecs gave.
const Command& CommandOf(const CommandSpec& spec);

}  // namespace levee::cli

// The program: from the command line to the exit code.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "cli/command.h"
#include "cli/global_options.h"

namespace levee::cli {

// What a program runs on; replaced in tests.
struct Surroundings {
  Environment environment;
  Terminals terminals;
  Clock& clock;
  int output = 1;  // descriptor of standard output
  std::function<std::unique_ptr<Session>(const engine::EngineOptions&, Console&)> make_session;
};

// Runs one command line (the arguments after the program's name) and returns the exit code.
int RunProgram(std::span<const char* const> arguments, const Surroundings& surroundings);

}  // namespace levee::cli

// A session over the real engine.
#pragma once

#include <memory>

#include "cli/command.h"

namespace levee::cli {

// Opens the engine on first need. `console`, which outlives it, takes notes and progress.
std::unique_ptr<Session> MakeEngineSession(const engine::EngineOptions& options, Console& console);

}  // namespace levee::cli

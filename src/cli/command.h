// What a command is: its specification and the function that runs it.
#pragma once

#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "catalog/catalog.h"
#include "cli/console.h"
#include "cli/options.h"
#include "engine/engine.h"
#include "output/buffered_writer.h"

namespace levee::cli {

// Why a command ended without an answer, and its exit code.
struct Failure {
  Error error;
  int exit_code = kExitError;

  Failure(Error failed) : error(std::move(failed)) {}  // NOLINT: errors pass through commands as they are
  Failure(UsageError wrong)                            // NOLINT: likewise
      : error{ErrorCode::kInvalidArgument, std::move(wrong.what), std::move(wrong.why), std::move(wrong.hint)},
        exit_code(kExitUsage) {}
};

// What `asked` gave. An error that calls the thing wrong that the option says is wrong usage of that option.
template <typename T>
std::expected<T, Failure> OfOption(Result<T> asked, std::string_view thing, std::string_view option) {
  if (asked) return std::move(*asked);
  Error& error = asked.error();
  if (error.code != ErrorCode::kInvalidArgument || error.what != thing) return std::unexpected(std::move(error));
  return std::unexpected(UsageError{"option --" + std::string(option), std::move(error.why), std::move(error.hint)});
}

// The exit code.
using Outcome = std::expected<int, Failure>;

// Opens the store on first need, so that help and wrong usage never touch it.
class Session {
 public:
  virtual ~Session() = default;
  virtual Result<catalog::Catalog*> OpenCatalog() = 0;
  virtual Result<MemoryBank*> OpenMemory() = 0;
  // What is open takes up the settings that may change while it is.
  virtual Status TakeUp(const settings::Settings& /*settings*/) { return {}; }
};

// All that a command may touch.
struct Context {
  const ParsedLine& line;
  const engine::EngineOptions& engine_options;
  Session& session;
  output::BufferedWriter& out;
  Console& console;
  Clock& clock;
  const settings::EnvironmentLookup& environment;
  // Reads the settings again and takes up those that may change while a process is at work.
  std::function<Status()> refresh_settings;

  std::string_view table() const { return line.arguments.front(); }
};

struct Command {
  CommandSpec spec;
  Outcome (*run)(Context& context);
  // True: the command reads settings by itself, also those that are wrong; `engine_options` are the defaults.
  bool reads_settings_itself = false;
};

}  // namespace levee::cli

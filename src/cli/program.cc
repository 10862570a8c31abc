#include "cli/program.h"

#include "cli/help.h"
#include "cli/registry.h"

namespace levee::cli {
namespace {

// Flushes what a command wrote, also when it failed half-way: the part that is right stays right.
int Finish(Outcome outcome, output::BufferedWriter& out, Console& console) {
  const Status flushed = out.Flush();
  // The reader of a pipe that has seen enough is no error.
  if (out.broken_pipe()) return kExitDone;
  if (!flushed && outcome) outcome = std::unexpected(Failure(flushed.error()));
  if (outcome) return *outcome;
  console.PrintError(outcome.error().error);
  return outcome.error().exit_code;
}

Outcome PrintHelp(const ParsedLine& line, output::BufferedWriter& out) {
  if (line.program_version) {
    out.AppendLine(VersionText());
  } else {
    out.Append(line.command == nullptr ? ProgramHelp() : CommandHelp(*line.command));
  }
  return kExitDone;
}

Outcome RunLine(std::span<const char* const> arguments, const Surroundings& surroundings, output::BufferedWriter& out,
                Console& console) {
  LEVEE_ASSIGN(const ParsedLine line, ParseLine(arguments, CommandSpecs(), GlobalOptionSpecs()));
  if (line.help || line.program_version) return PrintHelp(line, out);
  if (line.command == nullptr) {
    return std::unexpected(UsageError{"command", "none was given", "levee --help lists them"});
  }
  LEVEE_ASSIGN(const engine::EngineOptions options, ReadGlobalOptions(line, surroundings.environment));
  const std::unique_ptr<Session> session = surroundings.make_session(options, console);
  Context context{line, options, *session, out, console, surroundings.clock};
  const Outcome outcome = CommandOf(*line.command).run(context);
  console.EndProgress();
  return outcome;
}

}  // namespace

int RunProgram(std::span<const char* const> arguments, const Surroundings& surroundings) {
  output::BufferedWriter out(surroundings.output);
  Console console(surroundings.terminals, surroundings.clock);
  return Finish(RunLine(arguments, surroundings, out, console), out, console);
}

}  // namespace levee::cli

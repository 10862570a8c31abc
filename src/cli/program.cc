#include "cli/program.h"

#include "base/out_of_memory.h"
#include "cli/help.h"
#include "cli/registry.h"
#include "cli/stop_signals.h"

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
    const std::string general = line.family.empty() ? ProgramHelp() : FamilyHelp(line.family);
    out.Append(line.command == nullptr ? general : CommandHelp(*line.command));
  }
  return kExitDone;
}

Status RefreshSettings(const ParsedLine& line, const Environment& environment, Session& session) {
  const auto inputs = ReadSettingInputs(line, environment);
  if (!inputs) return std::unexpected(inputs.error().error);
  LEVEE_ASSIGN(const settings::Settings settings, settings::Settings::Load(*inputs));
  engine::TakeUpSettings(settings);
  return session.TakeUp(settings);
}

Cancellation CancellationFor(const engine::EngineOptions& options, Clock& clock) {
  if (options.timeout_ms <= 0) return Cancellation(clock);
  return Cancellation(clock, clock.MonotonicNanos() + options.timeout_ms * 1'000'000);
}

// Says which command was ended by what.
Outcome ExplainEnd(Outcome outcome, const StopSignals& signals, const Cancellation& cancellation,
                   std::string_view command) {
  if (outcome || outcome.error().error.code != ErrorCode::kCancelled || cancellation.Check()) return outcome;
  Failure& failure = outcome.error();
  failure.error.what = std::string(command);
  if (signals.raised() != 0) {
    failure.error.why = "interrupted";
    failure.exit_code = kExitSignal + signals.raised();
  } else {
    failure.error.why = "it took longer than it may";
    failure.error.hint = "raise --timeout";
  }
  return outcome;
}

// What a library or the system throws is no error of the user's.
Outcome RunCommand(const Command& command, Context& context) {
  try {
    return command.run(context);
  } catch (const std::bad_alloc&) {
    return std::unexpected(Failure(OutOfMemory().error()));
  }
}

Outcome RunLine(std::span<const char* const> arguments, const Surroundings& surroundings, output::BufferedWriter& out,
                Console& console) {
  LEVEE_ASSIGN(const ParsedLine line, ParseLine(arguments, CommandSpecs(), GlobalOptionSpecs()));
  if (line.help || line.program_version) return PrintHelp(line, out);
  if (line.command == nullptr) {
    return std::unexpected(UsageError{"command", "none was given", "levee --help lists them"});
  }
  const Command& command = CommandOf(*line.command);
  engine::EngineOptions options;
  if (!command.reads_settings_itself) {
    LEVEE_ASSIGN(options, ReadGlobalOptions(line, surroundings.environment));
  }
  const std::unique_ptr<Session> session = surroundings.make_session(options, console);
  Context context{line, options, *session, out, console, surroundings.clock, surroundings.environment,
                  [&] { return RefreshSettings(line, surroundings.environment, *session); }};
  const Cancellation cancellation = CancellationFor(options, surroundings.clock);
  const StopSignals signals(cancellation);
  const CancellationScope scope(cancellation);
  Outcome outcome = RunCommand(command, context);
  console.EndProgress();
  return ExplainEnd(std::move(outcome), signals, cancellation, line.command->name);
}

}  // namespace

int RunProgram(std::span<const char* const> arguments, const Surroundings& surroundings) {
  output::BufferedWriter out(surroundings.output);
  Console console(surroundings.terminals, surroundings.clock);
  return Finish(RunLine(arguments, surroundings, out, console), out, console);
}

}  // namespace levee::cli

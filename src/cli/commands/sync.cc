// `sync`: once, or again and again with --watch.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/cancellation.h"
#include "cli/commands/commands.h"
#include "cli/interrupt.h"
#include "cli/option_values.h"
#include "cli/sync_text.h"
#include "cli/watch_view.h"

namespace levee::cli {
namespace {

using Takes = OptionSpec::Takes;

constexpr std::array<OptionSpec, 4> kOptions{
    OptionSpec{"to-version", Takes::kValue, "N", "bring the store up to this version only"},
    OptionSpec{"dry-run", Takes::kNothing, "", "say what would be done, and do nothing"},
    OptionSpec{"watch", Takes::kNothing, "", "go on, a look a second, until interrupted; on a terminal the latest commits, else a line a sync"},
    OptionSpec{"format", Takes::kValue, "table|json", "default: table"},
};
constexpr std::array<std::string_view, 3> kExamples{"levee sync orders", "levee sync orders --dry-run",
                                                    "levee sync orders --watch"};
constexpr std::array<std::string_view, 2> kFormats{"table", "json"};
constexpr std::chrono::seconds kWatchPause{1};
// After failures in a row the pause doubles up to this, so that a log that is down is not pestered.
constexpr std::chrono::seconds kWatchPauseMax{60};

struct SyncChoice {
  std::string_view format;
  std::optional<std::int64_t> to_version;
  bool dry_run = false;
};

// Syncs once and prints what was done; `quiet` leaves out that there was nothing to do.
Outcome SyncOnce(Context& context, catalog::Catalog& catalog, const SyncChoice& choice, bool quiet) {
  LEVEE_ASSIGN(const catalog::SyncReport report, catalog.Sync(context.table(), choice.to_version, choice.dry_run));
  context.console.EndProgress();
  if (quiet && report.commits == 0 && !report.imported) return kExitDone;
  context.out.AppendLine(choice.format == "json" ? SyncJson(report, choice.dry_run)
                                                 : SyncText(report, choice.dry_run));
  LEVEE_RETURN_IF_ERROR(context.out.Flush());
  return kExitDone;
}

// Syncs once and draws the latest commits.
Outcome SyncIntoView(Context& context, catalog::Catalog& catalog, WatchView& view) {
  LEVEE_ASSIGN(const catalog::SyncReport report, catalog.Sync(context.table(), std::nullopt, false));
  context.console.EndProgress();
  const TerminalSize size = OutputSize();
  LEVEE_ASSIGN(const auto commits, catalog.History(context.table(), WatchView::RowsFor(size.height)));
  LEVEE_RETURN_IF_ERROR(view.Draw({.report = report,
                                   .commits = commits,
                                   .now_ms = context.clock.NowMicros() / 1000,
                                   .lines_between = context.console.lines(),
                                   .look = {.width = size.width, .colour = context.console.terminals().table_look.colour}}));
  return kExitDone;
}

// What may be otherwise at the next look. A commit that cannot be parsed may be one that is still written:
// not every file system gives writers a way to make a file appear whole.
bool MayPass(ErrorCode code) {
  return code == ErrorCode::kUnavailable || code == ErrorCode::kIo || code == ErrorCode::kCorrupt ||
         code == ErrorCode::kResourceExhausted || code == ErrorCode::kCancelled;
}

// A step that goes on for long after a signal is cut off. The store is made for that: what was published
// stays, and what was staged is invisible and cleaned up later.
[[noreturn]] void CutOff() {
  constexpr std::string_view kText =
      "levee: sync: interrupted before its step was done (the next sync goes on from what is published)\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kText.data(), kText.size());
  ::_exit(kExitDone);
}

// A settings file that cannot be read leaves the settings as they were; that is said once.
void RefreshSettings(Context& context, std::string& said) {
  const Status refreshed = context.refresh_settings();
  const std::string problem = refreshed ? "" : refreshed.error().ToString();
  if (!problem.empty() && problem != said) context.console.Note("settings stay as they were: " + problem);
  said = problem;
}

// `timeout` is for each look.
Cancellation StepCancellation(const Context& context) {
  const std::int64_t timeout_ms = context.engine_options.timeout_ms;
  if (timeout_ms <= 0) return {};
  return Cancellation(context.clock, context.clock.MonotonicNanos() + timeout_ms * 1'000'000);
}

// What passes does not end the watch: it is shown, and tried again after a pause that grows.
Outcome Watch(Context& context, const SyncChoice& choice) {
  Interrupt interrupt({.on_overrun = CutOff});
  LEVEE_ASSIGN(catalog::Catalog* catalog, context.session.OpenCatalog());
  const bool live = choice.format == "table" && context.console.terminals().redraws;
  WatchView view(context.out);
  std::chrono::seconds pause = kWatchPause;
  std::string settings_problem;
  for (bool first = true; !interrupt.raised(); first = false) {
    if (!first) RefreshSettings(context, settings_problem);
    const CancellationScope step(StepCancellation(context));
    const Outcome outcome = live ? SyncIntoView(context, *catalog, view) : SyncOnce(context, *catalog, choice, !first);
    if (outcome) {
      pause = kWatchPause;
    } else {
      Error error = outcome.error().error;
      if (!MayPass(error.code)) return outcome;
      LEVEE_RETURN_IF_ERROR(context.out.status());
      if (!error.hint.empty()) error.hint += "; ";
      error.hint += "trying again in " + std::to_string(pause.count()) + " s";
      context.console.PrintError(error);
    }
    if (interrupt.WaitFor(pause)) break;
    if (!outcome) pause = std::min(pause * 2, kWatchPauseMax);
  }
  return kExitDone;
}

Outcome Run(Context& context) {
  SyncChoice choice;
  LEVEE_ASSIGN(choice.format, WordOption(context.line, "format", kFormats));
  LEVEE_ASSIGN(choice.to_version, IntegerOption(context.line, "to-version"));
  choice.dry_run = context.line.Has("dry-run");
  const bool watch = context.line.Has("watch");
  if (watch && (choice.dry_run || choice.to_version)) {
    return std::unexpected(UsageError{"option --watch", "it goes with neither --dry-run nor --to-version", "leave one out"});
  }
  if (watch) return Watch(context, choice);
  LEVEE_ASSIGN(catalog::Catalog* catalog, context.session.OpenCatalog());
  return SyncOnce(context, *catalog, choice, false);
}

}  // namespace

constinit const Command kSyncCommand{{.name = "sync",
                                      .arguments = "TABLE",
                                      .arguments_min = 1,
                                      .arguments_max = 1,
                                      .summary = "bring the store up to the table's log",
                                      .options = kOptions,
                                      .examples = kExamples},
                                     Run};

}  // namespace levee::cli

// `sync`: once, or again and again with --watch.
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>

#include "cli/commands/commands.h"
#include "cli/option_values.h"
#include "cli/sync_text.h"

namespace levee::cli {
namespace {

using Takes = OptionSpec::Takes;

constexpr std::array<OptionSpec, 4> kOptions{
    OptionSpec{"to-version", Takes::kValue, "N", "bring the store up to this version only"},
    OptionSpec{"dry-run", Takes::kNothing, "", "say what would be done, and do nothing"},
    OptionSpec{"watch", Takes::kNothing, "", "go on, a look a second, until interrupted"},
    OptionSpec{"format", Takes::kValue, "FORMAT", "table (default) or json"},
};
constexpr std::array<std::string_view, 3> kExamples{"levee sync orders", "levee sync orders --dry-run",
                                                    "levee sync orders --watch"};
constexpr std::array<std::string_view, 2> kFormats{"table", "json"};
constexpr timespec kWatchPause{1, 0};

volatile std::sig_atomic_t g_interrupted = 0;

extern "C" void OnInterrupt(int) { g_interrupted = 1; }

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

// A log that cannot be read for a while does not end the watch; what cannot pass does.
Outcome Watch(Context& context, catalog::Catalog& catalog, const SyncChoice& choice) {
  struct sigaction action {};
  action.sa_handler = OnInterrupt;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  bool first = true;
  while (g_interrupted == 0) {
    const Outcome outcome = SyncOnce(context, catalog, choice, !first);
    if (!outcome) {
      const ErrorCode code = outcome.error().error.code;
      if (code != ErrorCode::kUnavailable && code != ErrorCode::kIo) return outcome;
      LEVEE_RETURN_IF_ERROR(context.out.status());
      context.console.PrintError(outcome.error().error);
    }
    first = false;
    ::nanosleep(&kWatchPause, nullptr);
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
    return std::unexpected(UsageError{"option --watch", "it goes with neither --dry-run nor --to-version", ""});
  }
  LEVEE_ASSIGN(catalog::Catalog* catalog, context.session.OpenCatalog());
  return watch ? Watch(context, *catalog, choice) : SyncOnce(context, *catalog, choice, false);
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

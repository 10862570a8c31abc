// `memory stats`: what the bank holds and how it did.
#include <array>

#include "cli/commands/memory/memory_commands.h"
#include "cli/commands/memory/stats_text.h"
#include "cli/option_values.h"

namespace levee::cli {
namespace {

constexpr std::array<OptionSpec, 2> kOptions{
    OptionSpec{"since", OptionSpec::Takes::kValue, "T", "what all processes did since a time, or for so long: 1h"},
    OptionSpec{"format", OptionSpec::Takes::kValue, "table|json", "default: table"}};
constexpr std::array<std::string_view, 3> kExamples{"levee memory stats", "levee memory stats --since 1h",
                                                    "levee memory stats --since 2024-01-31 --format json"};
constexpr std::array<std::string_view, 2> kFormats{"table", "json"};

// Microseconds since the epoch; empty: it was not asked for.
OptionValue<std::optional<std::int64_t>> SinceOption(const Context& context) {
  const auto text = context.line.Value("since");
  if (!text) return std::nullopt;
  if (const auto moment_ms = ParseMoment(*text, context.engine_options.timezone)) return *moment_ms * 1'000;
  const auto ago_ms = DurationOption(context.line, "since");
  if (ago_ms) return context.clock.NowMicros() - **ago_ms * 1'000;
  return std::unexpected(WrongValue("since", *text, "a duration such as 1h, or a time such as 2024-01-31T12:00:00Z"));
}

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const std::string_view format, WordOption(context.line, "format", kFormats));
  LEVEE_ASSIGN(const auto since, SinceOption(context));
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  const bool json = format == "json";
  std::vector<std::string> warnings;
  if (since) {
    LEVEE_ASSIGN(StatsHistory history, bank->StatsSince(*since));
    context.out.Append(json ? HistoryJson(history) + '\n' : HistoryText(history));
    warnings = std::move(history.warnings);
  } else {
    LEVEE_ASSIGN(MemoryStats stats, bank->Stats());
    context.out.Append(json ? StatsJson(stats) + '\n' : StatsText(stats));
    warnings = std::move(stats.warnings);
  }
  for (const std::string& warning : warnings) context.console.Note("memory stats: " + warning);
  return kExitDone;
}

}  // namespace

constinit const Command kMemoryStatsCommand{{.name = "memory stats",
                                             .summary = "what the bank holds, what it costs, and how it did over time",
                                             .options = kOptions,
                                             .examples = kExamples},
                                            Run};

}  // namespace levee::cli

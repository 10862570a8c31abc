// `memory stress`: many threads that do everything at once and check what they get.
#include <algorithm>
#include <array>
#include <cstdio>

#include "cli/commands/memory/load_bank.h"
#include "cli/commands/memory/memory_commands.h"
#include "cli/option_values.h"
#include "cli/record_rows.h"
#include "memory/load/stress.h"

namespace levee::cli {
namespace {

using output::Cell;
using Takes = OptionSpec::Takes;

constexpr std::array<OptionSpec, 11> kOptions{
    OptionSpec{"concurrency", Takes::kValue, "N", "threads, default 8"},
    OptionSpec{"duration", Takes::kValue, "DURATION", "how long, default 10s"},
    OptionSpec{"delay", Takes::kValue, "DURATION", "a thread's pause after each operation, default 0s"},
    OptionSpec{"weights", Takes::kValue, "LIST", "how often each is done: get=50,find=15,search=10,store=15,update=8,delete=2"},
    OptionSpec{"items", Takes::kValue, "N", "items that are there from the start, default 5,000"},
    OptionSpec{"size", Takes::kValue, "BYTES", "of an item's content, about; default 1,000"},
    OptionSpec{"seed", Takes::kValue, "N", "what the random choices follow from, default 1"},
    kMarkdownOption, kInStoreOption, kFolderOption, kReportFormatOption};
constexpr std::array<std::string_view, 2> kExamples{
    "levee memory stress --concurrency 16 --duration 30s",
    "levee memory stress --weights get=80,store=20 --delay 5ms --format json"};

std::expected<memory::StressOptions, Failure> ReadOptions(const ParsedLine& line) {
  constexpr std::int64_t kMostThreads = 1'024, kMostItems = 100'000'000, kMostBytes = 16'000'000;
  memory::StressOptions options;
  const auto bounded = [&](std::string_view option, std::int64_t most) -> OptionValue<std::optional<std::int64_t>> {
    LEVEE_ASSIGN(const auto given, IntegerOption(line, option, 1));
    if (!given || *given <= most) return given;
    return std::unexpected(WrongValue(option, *line.Value(option), "at most " + std::to_string(most)));
  };
  LEVEE_ASSIGN(const auto concurrency, bounded("concurrency", kMostThreads));
  LEVEE_ASSIGN(const auto items, bounded("items", kMostItems));
  LEVEE_ASSIGN(const auto size, bounded("size", kMostBytes));
  LEVEE_ASSIGN(const auto duration_ms, DurationOption(line, "duration"));
  LEVEE_ASSIGN(const auto delay_ms, DurationOption(line, "delay"));
  LEVEE_ASSIGN(const auto seed, IntegerOption(line, "seed"));
  if (const auto weights = line.Value("weights")) {
    const auto parsed = memory::ParseStressWeights(*weights);
    if (!parsed) {
      return std::unexpected(UsageError{"option --weights", parsed.error().why, parsed.error().hint});
    }
    options.weights = *parsed;
  }
  options.concurrency = concurrency.value_or(options.concurrency);
  options.items = items.value_or(options.items);
  options.kind.content_bytes = size.value_or(options.kind.content_bytes);
  options.duration_ms = duration_ms.value_or(options.duration_ms);
  options.delay_ms = delay_ms.value_or(options.delay_ms);
  options.seed = static_cast<std::uint64_t>(seed.value_or(1));
  return options;
}

Cell Figure(double value, const char* format = "%.1f") {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return Cell::Json(text.data());
}

Status WriteRow(output::RecordFormat& rows, const memory::StressRow& row) {
  return rows.Write({Cell::Text(std::string(row.operation)), Cell::Integer(row.times.durations.count), Figure(row.per_s, "%.0f"),
                     Figure(row.success * 100, "%.3f"), Figure(row.times.mean_us()), Figure(row.times.QuantileUs(0.5)),
                     Figure(row.times.QuantileUs(0.95)), Figure(row.times.QuantileUs(0.99)),
                     Figure(static_cast<double>(row.times.max_ns) / 1e3), Cell::Integer(row.times.errors),
                     Cell::Integer(row.wrong)});
}

Outcome Run(Context& context) {
  LEVEE_ASSIGN(memory::StressOptions options, ReadOptions(context.line));
  LEVEE_ASSIGN(const auto rows, MakeReportRows(context, {{"operation"}, {"calls", true}, {"perSecond", true},
                                                         {"successPercent", true}, {"meanUs", true}, {"p50Us", true},
                                                         {"p95Us", true}, {"p99Us", true}, {"maxUs", true}, {"errors", true},
                                                         {"wrong", true}}));
  LEVEE_ASSIGN(LoadBank load, LoadBank::Open(context));
  options.kind.name_space = load.name_space();
  LEVEE_ASSIGN(const memory::StressReport report, memory::RunStress(load.bank(), context.clock, options));
  for (const memory::StressRow& row : report.rows) LEVEE_RETURN_IF_ERROR(WriteRow(*rows, row));
  LEVEE_RETURN_IF_ERROR(WriteRow(*rows, report.all));
  LEVEE_RETURN_IF_ERROR(rows->Finish());
  if (context.line.Has("in-store")) context.console.Note("memory stress: its items stay in the namespace " + load.name_space());
  if (report.all.wrong > 0) {
    return std::unexpected(Failure(Error{ErrorCode::kCorrupt, "memory stress", std::to_string(report.all.wrong) +
                                         " answers were wrong, first: " + report.first_wrong, "levee memory verify"}));
  }
  if (report.all.times.errors > 0) {
    return std::unexpected(Failure(Error{ErrorCode::kIo, "memory stress", std::to_string(report.all.times.errors) +
                                         " calls failed, first: " + report.all.times.first_error, ""}));
  }
  return kExitDone;
}

}  // namespace

constinit const Command kMemoryStressCommand{{.name = "memory stress",
                                              .summary = "many threads do everything at once and check what they get",
                                              .options = kOptions,
                                              .examples = kExamples},
                                             Run};

}  // namespace levee::cli

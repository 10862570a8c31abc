// `memory bench`: what each operation of the bank takes on this machine.
#include <array>
#include <cstdio>

#include "cli/commands/memory/load_bank.h"
#include "cli/commands/memory/memory_commands.h"
#include "cli/option_values.h"
#include "cli/record_rows.h"
#include "memory/load/bench.h"

namespace levee::cli {
namespace {

using output::Cell;
using Takes = OptionSpec::Takes;

constexpr std::array<OptionSpec, 11> kOptions{
    OptionSpec{"items", Takes::kValue, "N", "items that are stored in batches first, default 20,000"},
    OptionSpec{"size", Takes::kValue, "BYTES", "of an item's content, about; default 1,000"},
    OptionSpec{"batch", Takes::kValue, "N", "items of a batch, default 1,000"},
    OptionSpec{"writes", Takes::kValue, "N", "items that are stored one by one, default 500"},
    OptionSpec{"writers", Takes::kValue, "N", "threads that store as many at once, default 16"},
    OptionSpec{"reads", Takes::kValue, "N", "items that are got by id, default 10,000"},
    OptionSpec{"queries", Takes::kValue, "N", "questions of each kind, default 500"},
    kMarkdownOption, kInStoreOption, kFolderOption, kReportFormatOption};
constexpr std::array<std::string_view, 3> kExamples{
    "levee memory bench", "levee memory bench --items 100000 --size 1200 --folder . --format csv",
    "levee memory bench --items 5000 --markdown"};

OptionValue<memory::BenchOptions> ReadOptions(const ParsedLine& line) {
  memory::BenchOptions options;
  struct Number {
    std::string_view option;
    std::int64_t* to;
    std::int64_t most;
  };
  for (const Number& number : {Number{"items", &options.items, 100'000'000}, Number{"size", &options.kind.content_bytes, 16'000'000},
                               Number{"batch", &options.batch, 100'000}, Number{"writes", &options.writes, 100'000'000},
                               Number{"writers", &options.writers, 1'024}, Number{"reads", &options.reads, 1'000'000'000},
                               Number{"queries", &options.queries, 1'000'000'000}}) {
    LEVEE_ASSIGN(const auto given, IntegerOption(line, number.option, 1));
    if (given && *given > number.most) {
      return std::unexpected(WrongValue(number.option, *line.Value(number.option), "at most " + std::to_string(number.most)));
    }
    if (given) *number.to = *given;
  }
  return options;
}

Cell Figure(double value, const char* format = "%.1f") {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return Cell::Json(text.data());
}

// Whether the figures that the requirements name are reached; null where they name none.
Cell Met(const memory::BenchRow& row) {
  if (row.goal.per_s == 0 && row.goal.mean_ms == 0) return {};
  const bool fast = row.goal.per_s == 0 || row.per_s() >= row.goal.per_s;
  const bool prompt = row.goal.mean_ms == 0 || row.times.mean_us() <= row.goal.mean_ms * 1'000;
  return Cell::Bool(fast && prompt);
}

Outcome Run(Context& context) {
  LEVEE_ASSIGN(memory::BenchOptions options, ReadOptions(context.line));
  LEVEE_ASSIGN(const auto rows, MakeReportRows(context, {{"operation"}, {"calls", true}, {"perSecond", true}, {"meanUs", true},
                                                         {"p50Us", true}, {"p95Us", true}, {"p99Us", true}, {"maxUs", true},
                                                         {"errors", true}, {"goalPerSecond", true}, {"goalMeanMs", true},
                                                         {"met"}, {"what"}}));
  LEVEE_ASSIGN(LoadBank load, LoadBank::Open(context));
  options.kind.name_space = load.name_space();
  LEVEE_ASSIGN(const auto measured, memory::RunBench(load.bank(), context.clock, options, load.markdown()));
  for (const memory::BenchRow& row : measured) {
    LEVEE_RETURN_IF_ERROR(rows->Write(
        {Cell::Text(row.operation), Cell::Integer(row.times.durations.count), Figure(row.per_s(), "%.0f"),
         Figure(row.times.mean_us()), Figure(row.times.QuantileUs(0.5)), Figure(row.times.QuantileUs(0.95)),
         Figure(row.times.QuantileUs(0.99)), Figure(static_cast<double>(row.times.max_ns) / 1e3),
         Cell::Integer(row.times.errors), row.goal.per_s > 0 ? Figure(row.goal.per_s, "%.0f") : Cell{},
         row.goal.mean_ms > 0 ? Figure(row.goal.mean_ms) : Cell{}, Met(row), Cell::Text(row.what)}));
  }
  LEVEE_RETURN_IF_ERROR(rows->Finish());
  if (context.line.Has("in-store")) context.console.Note("memory bench: its items stay in the namespace " + load.name_space());
  for (const memory::BenchRow& row : measured) {
    if (row.times.errors == 0) continue;
    return std::unexpected(Failure(Error{ErrorCode::kIo, "memory bench", row.operation + " failed " +
                                         std::to_string(row.times.errors) + " times, first: " + row.times.first_error, ""}));
  }
  return kExitDone;
}

}  // namespace

constinit const Command kMemoryBenchCommand{{.name = "memory bench",
                                             .summary = "how fast the bank stores, gets and finds here: rates and percentiles",
                                             .options = kOptions,
                                             .examples = kExamples},
                                            Run};

}  // namespace levee::cli

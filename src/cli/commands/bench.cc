// `bench`: a question's latency within a process, from its text to the last rendered row.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "api/file_columns.h"
#include "cli/commands/bench_modes.h"
#include "cli/commands/commands.h"
#include "cli/file_list.h"
#include "cli/option_values.h"
#include "cli/table_view.h"
#include "output/human_text.h"
#include "output/json_writer.h"

namespace levee::cli {
namespace {

using Takes = OptionSpec::Takes;

constexpr std::array<OptionSpec, 18> kOptions{
    OptionSpec{"where", Takes::kValue, "PREDICATE", "the predicate of the question"},
    OptionSpec{"count", Takes::kNothing, "", "ask for the number of files"},
    kVersionOption,
    kTimestampOption,
    OptionSpec{"columns", Takes::kValue, "LIST", "fields of the answer"},
    OptionSpec{"output", Takes::kValue, "paths|none|arrow", "default: paths; rendered into memory"},
    OptionSpec{"repeat", Takes::kValue, "N", "how often to ask after the first time, default 100"},
    OptionSpec{"use-results", Takes::kNothing, "", "answer from the result cache after the first time"},
    OptionSpec{"warm", Takes::kNothing, "", "before the first time, ask what earlier processes asked most"},
    OptionSpec{"format", Takes::kValue, "table|json|ndjson", "default: table; encodings: table or ndjson, else table or json"},
    OptionSpec{"limit", Takes::kValue, "FILES", "encodings: of so many files, at most and by default 65,536"},
    OptionSpec{"trace", Takes::kValue, "FILE", "cache: a key a line, - for standard input; lines that are * are skipped"},
    OptionSpec{"entries", Takes::kValue, "N", "cache: how many entries it holds"},
    OptionSpec{"policy", Takes::kValue, "NAME", "cache: lru (default), lfu, fifo, ttl, adaptive"},
    OptionSpec{"lfu-window", Takes::kValue, "N", "cache: accesses after which counts decay, default 10 x entries"},
    OptionSpec{"lfu-decay", Takes::kValue, "F", "cache: what counts are multiplied by, 0 to 1, default 0.5"},
    OptionSpec{"ttl", Takes::kValue, "N", "cache: accesses that an entry lives under ttl, default 10 x entries"},
    OptionSpec{"learning-rate", Takes::kValue, "F", "cache: how far the window of adaptive moves at a hint, default 6"},
};
constexpr std::array<std::string_view, 10> kTableOptions{"where",  "count",        "version", "timestamp", "columns", "output",
                                                         "repeat", "use-results", "warm",    "format"};
constexpr std::array<std::string_view, 4> kExamples{
    "levee bench orders --where \"date = DATE '2024-01-31'\" --format json",
    "levee --freshness cached bench orders --count --repeat 1000",
    "levee bench cache --trace accesses.txt --entries 1000 --policy adaptive --format json",
    "levee bench encodings orders --limit 10000"};
constexpr std::array<std::string_view, 3> kOutputs{"paths", "none", "arrow"};
constexpr std::array<std::string_view, 2> kFormats{"table", "json"};
constexpr std::int64_t kDefaultRepeat = 100;

struct Question {
  catalog::VersionChoice choice;
  catalog::FilesRequest request;
  std::string_view output;
  std::optional<std::string_view> columns;
  bool count = false;
};

struct Timings {
  std::int64_t files = 0;
  std::int64_t cold_ns = 0;             // the first time, opening included
  std::vector<std::int64_t> warm_ns;    // the `repeat` times after it, sorted
};

// Asks once, from the predicate's text to the last rendered row.
std::expected<std::int64_t, Failure> Ask(Context& context, const Question& question) {
  LEVEE_ASSIGN(catalog::Catalog* catalog, context.session.OpenCatalog());
  LEVEE_ASSIGN(const auto view, catalog->Open(context.table(), question.choice));
  if (question.count) {
    LEVEE_ASSIGN(const std::int64_t files, view->Count(question.request, nullptr));
    return files;
  }
  const bool arrow = question.output == "arrow";
  const auto defaults = arrow ? api::FileDefaults::kArrow : api::FileDefaults::kPaths;
  LEVEE_ASSIGN(api::FilePlan plan,
               OfOption(api::PlanFiles(*view, {.columns = question.columns, .defaults = defaults}), api::kFileColumns,
                        "columns"));
  catalog::FilesRequest request = question.request;
  request.columns = std::move(plan.columns);
  LEVEE_ASSIGN(auto stream, view->Files(request, nullptr));
  output::BufferedWriter memory(output::BufferedWriter::kDiscard);
  const FileListing listing{.format = question.output, .look = {}, .out = memory};
  LEVEE_ASSIGN(const FileTotals totals, PrintFiles(std::move(stream), plan, listing));
  return totals.files;
}

std::expected<Timings, Failure> Measure(Context& context, const Question& question, std::int64_t repeat) {
  Timings timings;
  for (std::int64_t i = 0; i <= repeat; ++i) {
    const std::int64_t began_ns = context.clock.MonotonicNanos();
    LEVEE_ASSIGN(timings.files, Ask(context, question));
    const std::int64_t took_ns = context.clock.MonotonicNanos() - began_ns;
    if (i == 0) {
      timings.cold_ns = took_ns;
    } else {
      timings.warm_ns.push_back(took_ns);
    }
  }
  std::sort(timings.warm_ns.begin(), timings.warm_ns.end());
  return timings;
}

// The smallest time that at least `part` of the times do not exceed.
double QuantileUs(const std::vector<std::int64_t>& sorted_ns, double part) {
  const double rank = std::ceil(part * static_cast<double>(sorted_ns.size()));
  const std::size_t at = static_cast<std::size_t>(std::max(rank - 1, 0.0));
  return static_cast<double>(sorted_ns[std::min(at, sorted_ns.size() - 1)]) / 1e3;
}

std::string BenchJson(const Timings& timings, std::int64_t repeat, std::string_view output) {
  std::string out;
  output::JsonWriter json(out);
  json.BeginObject()
      .Member("files", timings.files)
      .Member("cold_us", static_cast<double>(timings.cold_ns) / 1e3)
      .Member("p50_us", QuantileUs(timings.warm_ns, 0.5))
      .Member("p99_us", QuantileUs(timings.warm_ns, 0.99))
      .Member("min_us", QuantileUs(timings.warm_ns, 0))
      .Member("max_us", QuantileUs(timings.warm_ns, 1))
      .Member("repeat", repeat)
      .Member("output", output)
      .EndObject();
  return out + '\n';
}

std::string BenchText(const Timings& timings, std::int64_t repeat, std::string_view output) {
  const auto time = [](double us) { return output::HumanDuration(static_cast<std::int64_t>(us * 1e3)); };
  return output::GroupedNumber(timings.files) + " files, asked " + output::GroupedNumber(repeat) + " times, output " +
         std::string(output) + "\n  first, opening included  " + output::HumanDuration(timings.cold_ns) +
         "\n  median                   " + time(QuantileUs(timings.warm_ns, 0.5)) +
         "\n  99th percentile          " + time(QuantileUs(timings.warm_ns, 0.99)) +
         "\n  least, most              " + time(QuantileUs(timings.warm_ns, 0)) + ", " +
         time(QuantileUs(timings.warm_ns, 1)) + '\n';
}

Outcome Run(Context& context) {
  if (context.table() == "cache") return RunBenchCache(context);
  if (context.table() == "encodings" && context.line.arguments.size() > 1) return RunBenchEncodings(context);
  LEVEE_RETURN_IF_ERROR(AllowOnly(context.line, "bench TABLE", kTableOptions));
  if (context.line.arguments.size() > 1) {
    return std::unexpected(UsageError{"command bench", "too many arguments", "levee bench TABLE"});
  }
  Question question;
  LEVEE_ASSIGN(const std::string_view format, WordOption(context.line, "format", kFormats));
  LEVEE_ASSIGN(question.output, WordOption(context.line, "output", kOutputs));
  LEVEE_ASSIGN(const auto repeat, IntegerOption(context.line, "repeat", 1));
  LEVEE_ASSIGN(question.choice, ChosenVersion(context));
  question.request.where = context.line.Value("where").value_or("");
  question.request.use_results = context.line.Has("use-results");
  question.columns = context.line.Value("columns");
  question.count = context.line.Has("count");
  const std::string_view output = question.count ? "none" : question.output;
  const std::int64_t times = repeat.value_or(kDefaultRepeat);
  if (context.line.Has("warm")) {
    LEVEE_ASSIGN(catalog::Catalog* catalog, context.session.OpenCatalog());
    const std::int64_t questions = catalog->Warm();
    context.console.Note("warmed by " + std::to_string(questions) + (questions == 1 ? " question" : " questions"));
  }
  LEVEE_ASSIGN(const Timings timings, Measure(context, question, times));
  context.out.Append(format == "json" ? BenchJson(timings, times, output) : BenchText(timings, times, output));
  return kExitDone;
}

}  // namespace

constinit const Command kBenchCommand{{.name = "bench",
                                       .arguments = "TABLE|cache|encodings TABLE",
                                       .arguments_min = 1,
                                       .arguments_max = 2,
                                       .summary = "how long a question takes, asked many times in one process; how a cache hits; how columns encode",
                                       .options = kOptions,
                                       .examples = kExamples},
                                      Run};

}  // namespace levee::cli

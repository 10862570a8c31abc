// `why`: one file against one predicate.
#include <array>

#include "cli/commands/commands.h"
#include "cli/option_values.h"
#include "cli/table_view.h"
#include "output/human_text.h"
#include "output/json_writer.h"

namespace levee::cli {
namespace {

constexpr std::array<OptionSpec, 4> kOptions{
    OptionSpec{"where", OptionSpec::Takes::kValue, "PREDICATE", "the predicate of the question"}, kVersionOption,
    kTimestampOption, OptionSpec{"format", OptionSpec::Takes::kValue, "table|json", "default: table"}};
constexpr std::array<std::string_view, 1> kExamples{
    "levee why orders date=2024-01-31/part-00000.parquet --where \"id < 5\""};
constexpr std::array<std::string_view, 2> kFormats{"table", "json"};

std::string WhyText(const catalog::WhyReport& report) {
  std::string text = output::Printable(report.path) + (report.kept ? ": kept" : ": dropped");
  if (!report.decided_by.empty()) text += "\n  decided by  " + output::Printable(report.decided_by);
  if (!report.bound.empty()) text += "\n  bound       " + output::Printable(report.bound);
  return text;
}

std::string WhyJson(const catalog::WhyReport& report) {
  std::string out;
  output::JsonWriter json(out);
  json.BeginObject().Member("path", report.path).Member("kept", report.kept);
  json.Key("decidedBy");
  report.decided_by.empty() ? json.Null() : json.String(report.decided_by);
  json.Key("bound");
  report.bound.empty() ? json.Null() : json.String(report.bound);
  json.EndObject();
  return out;
}

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const std::string_view format, WordOption(context.line, "format", kFormats));
  const std::optional<std::string_view> where = context.line.Value("where");
  if (!where) return std::unexpected(UsageError{"option --where", "it must be given", "--where PREDICATE"});
  LEVEE_ASSIGN(const std::unique_ptr<catalog::View> view, OpenChosenView(context));
  LEVEE_ASSIGN(const catalog::WhyReport report, view->Why(context.line.arguments[1], *where));
  context.out.AppendLine(format == "json" ? WhyJson(report) : WhyText(report));
  return kExitDone;
}

}  // namespace

constinit const Command kWhyCommand{{.name = "why",
                                     .arguments = "TABLE PATH",
                                     .arguments_min = 2,
                                     .arguments_max = 2,
                                     .summary = "which bound keeps or drops a file",
                                     .options = kOptions,
                                     .examples = kExamples},
                                    Run};

}  // namespace levee::cli

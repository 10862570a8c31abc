// `check`: the store against a fresh replay of the log, as an exit code too.
#include <array>

#include "cli/commands/commands.h"
#include "cli/option_values.h"
#include "output/human_text.h"
#include "output/json_writer.h"

namespace levee::cli {
namespace {

using catalog::CheckReport;

constexpr std::array<OptionSpec, 1> kOptions{
    OptionSpec{"format", OptionSpec::Takes::kValue, "table|json", "default: table"}};
constexpr std::array<std::string_view, 2> kExamples{"levee check orders", "levee check orders --format json"};
constexpr std::array<std::string_view, 2> kFormats{"table", "json"};

int ExitCodeOf(CheckReport::Status status) {
  switch (status) {
    case CheckReport::Status::kEqual: return kExitDone;
    case CheckReport::Status::kLagging: return kExitLagging;
    default: return kExitDrift;
  }
}

void WritePaths(output::JsonWriter& json, std::string_view name, const std::vector<std::string>& paths) {
  json.Key(name).BeginArray();
  for (const std::string& path : paths) json.String(path);
  json.EndArray();
}

// The lists are samples; how many there are stands beside them.
std::string CheckJson(const CheckReport& report) {
  std::string out;
  output::JsonWriter json(out);
  json.BeginObject()
      .Member("status", CheckStatusName(report.status))
      .Member("storeVersion", report.store_version)
      .Member("logVersion", report.log_version);
  WritePaths(json, "missing", report.missing);
  WritePaths(json, "unexpected", report.unexpected);
  WritePaths(json, "differing", report.differing);
  json.Member("missingCount", report.missing_count)
      .Member("unexpectedCount", report.unexpected_count)
      .Member("differingCount", report.differing_count);
  WritePaths(json, "notes", report.notes);
  json.EndObject();
  return out;
}

void AppendPaths(std::string& out, std::string_view what, const std::vector<std::string>& paths, std::int64_t count) {
  if (count == 0) return;
  out += std::string(what) + ' ' + output::GroupedNumber(count) + '\n';
  for (const std::string& path : paths) out += "  " + output::Printable(path) + '\n';
}

std::string CheckText(const CheckReport& report) {
  std::string out(CheckStatusName(report.status));
  out += ": the store is at version " + std::to_string(report.store_version) + ", the log at " +
         std::to_string(report.log_version) + '\n';
  AppendPaths(out, "missing in the store:", report.missing, report.missing_count);
  AppendPaths(out, "not in the log:", report.unexpected, report.unexpected_count);
  AppendPaths(out, "differing:", report.differing, report.differing_count);
  return out;
}

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const std::string_view format, WordOption(context.line, "format", kFormats));
  LEVEE_ASSIGN(catalog::Catalog* catalog, context.session.OpenCatalog());
  LEVEE_ASSIGN(const CheckReport report, catalog->Check(context.table()));
  context.console.EndProgress();
  context.out.Append(format == "json" ? CheckJson(report) + '\n' : CheckText(report));
  LEVEE_RETURN_IF_ERROR(context.out.Flush());
  for (const std::string& note : report.notes) context.console.Note(note);
  const std::string table(context.table());
  if (report.status == CheckReport::Status::kDiverged) {
    context.console.Note(table + ": the log was rewritten (levee forget " + table + ", then levee add " + table + ')');
  } else if (report.status == CheckReport::Status::kDrift) {
    context.console.Note(table + ": the store does not agree with the log (levee repair " + table + ')');
  } else if (report.status == CheckReport::Status::kLagging) {
    context.console.Note(table + ": the store is behind the log (levee sync " + table + ')');
  }
  return ExitCodeOf(report.status);
}

}  // namespace

constinit const Command kCheckCommand{{.name = "check",
                                       .arguments = "TABLE",
                                       .arguments_min = 1,
                                       .arguments_max = 1,
                                       .summary = "compare the store with the log: exit 0 equal, 2 drift, 3 lagging",
                                       .options = kOptions,
                                       .examples = kExamples},
                                      Run};

}  // namespace levee::cli

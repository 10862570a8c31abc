// `repair`: what is damaged in the store made right again from the table's log.
#include <array>

#include "cli/commands/commands.h"
#include "cli/option_values.h"
#include "output/human_text.h"
#include "output/json_writer.h"

namespace levee::cli {
namespace {

using catalog::RepairReport;

constexpr std::array<OptionSpec, 3> kOptions{
    OptionSpec{"memory", OptionSpec::Takes::kNothing, "", "of the memory bank instead of a table: as memory maintain --repair"},
    OptionSpec{"dry-run", OptionSpec::Takes::kNothing, "", "say what would be done, and write nothing"},
    OptionSpec{"format", OptionSpec::Takes::kValue, "table|json", "default: table"}};
constexpr std::array<std::string_view, 3> kExamples{"levee repair orders --dry-run", "levee repair orders",
                                                    "levee repair --memory --dry-run"};
constexpr std::array<std::string_view, 2> kFormats{"table", "json"};

void WriteTexts(output::JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  json.Key(name).BeginArray();
  for (const std::string& text : texts) json.String(text);
  json.EndArray();
}

std::string RepairJson(const RepairReport& report) {
  std::string out;
  output::JsonWriter json(out);
  json.BeginObject().Member("status", RepairStatusName(report)).Member("version", report.version);
  WriteTexts(json, "found", report.found);
  WriteTexts(json, "done", report.done);
  json.Key("lost").BeginArray();
  for (const auto& [first, last] : report.lost) json.BeginArray().Integer(first).Integer(last).EndArray();
  json.EndArray().EndObject();
  return out;
}

void AppendTexts(std::string& out, std::string_view what, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  out += std::string(what) + '\n';
  for (const std::string& text : texts) out += "  " + output::Printable(text) + '\n';
}

std::string RepairText(const RepairReport& report) {
  std::string out(RepairStatusName(report));
  out += ": the store is at version " + std::to_string(report.version) + '\n';
  AppendTexts(out, "damaged:", report.found);
  AppendTexts(out, report.dry_run ? "to be done:" : "done:", report.done);
  std::vector<std::string> lost;
  for (const auto& [first, last] : report.lost) {
    lost.push_back(first == last ? std::to_string(first) : std::to_string(first) + " to " + std::to_string(last));
  }
  AppendTexts(out, "versions lost:", lost);
  return out;
}

// What the bank has is its own log: what cannot be read of it is lost, and kept aside.
Outcome RepairMemory(Context& context, std::string_view format) {
  LEVEE_ASSIGN(MemoryBank * bank, context.session.OpenMemory());
  RepairReport report;
  report.dry_run = context.line.Has("dry-run");
  if (report.dry_run) {
    LEVEE_ASSIGN(VerifyReport verified, bank->Verify());
    report.found = std::move(verified.problems);
  } else {
    LEVEE_ASSIGN(MaintenanceReport done, bank->Maintain({.merge = false, .purge = false, .repair = true}));
    report.done = std::move(done.repaired);
    report.found = std::move(done.lost);
  }
  std::string out;
  if (format == "json") {
    output::JsonWriter json(out);
    json.BeginObject();
    WriteTexts(json, report.dry_run ? "found" : "lost", report.found);
    WriteTexts(json, "repaired", report.done);
    json.EndObject();
    out += '\n';
  } else if (report.found.empty() && report.done.empty()) {
    out = "sound: the memory bank\n";
  } else {
    AppendTexts(out, report.dry_run ? "damaged:" : "lost, and kept aside:", report.found);
    AppendTexts(out, "repaired:", report.done);
  }
  context.out.Append(out);
  LEVEE_RETURN_IF_ERROR(context.out.Flush());
  return report.found.empty() ? kExitDone : kExitDrift;
}

Outcome Run(Context& context) {
  LEVEE_ASSIGN(const std::string_view format, WordOption(context.line, "format", kFormats));
  const bool memory = context.line.Has("memory");
  if (memory && context.line.arguments.empty()) return RepairMemory(context, format);
  if (memory || context.line.arguments.empty()) {
    return std::unexpected(UsageError{"repair", "it takes a table or --memory", "name one of both"});
  }
  LEVEE_ASSIGN(catalog::Catalog* catalog, context.session.OpenCatalog());
  LEVEE_ASSIGN(const RepairReport report, catalog->Repair(context.table(), {.dry_run = context.line.Has("dry-run")}));
  context.console.EndProgress();
  context.out.Append(format == "json" ? RepairJson(report) + '\n' : RepairText(report));
  LEVEE_RETURN_IF_ERROR(context.out.Flush());
  return report.status == RepairReport::Status::kLost ? kExitDrift : kExitDone;
}

}  // namespace

constinit const Command kRepairCommand{{.name = "repair",
                                        .arguments = "[TABLE]",
                                        .arguments_max = 1,
                                        .summary = "make what is damaged right again from the log: exit 2 if versions are lost",
                                        .options = kOptions,
                                        .examples = kExamples},
                                       Run};

}  // namespace levee::cli

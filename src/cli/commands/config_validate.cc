// `config validate`: all that is wrong with a settings file, or with the settings as a command would read
// them.
#include <array>
#include <filesystem>

#include "cli/commands/config_modes.h"
#include "cli/global_options.h"
#include "cli/option_values.h"
#include "output/human_text.h"
#include "output/json_writer.h"

namespace levee::cli {
namespace {

constexpr std::array<std::string_view, 2> kFormats{"table", "json"};

struct Finding {
  std::string place;  // the file, or the variable
  int line = 0;       // 0: of a variable
  std::string why, hint;
};

Status CheckFile(const std::string& path, std::vector<Finding>& findings) {
  LEVEE_ASSIGN(const std::string text, settings::ReadSettingsFile(path));
  for (settings::SettingsProblem& problem : settings::CheckSettingsText(text, CheckSetting)) {
    if (!problem.unknown_key.empty()) problem.hint = NearestKeyHint(problem.unknown_key);
    findings.push_back({path, problem.line, std::move(problem.why), std::move(problem.hint)});
  }
  return {};
}

void CheckEnvironment(const Environment& environment, std::vector<Finding>& findings) {
  for (const settings::Definition& definition : settings::Definitions()) {
    const std::string variable(definition.environment);
    const auto text = environment(variable);
    if (!text) continue;
    const Status checked = CheckSetting(definition, *text);
    if (!checked) findings.push_back({variable, 0, checked.error().why, checked.error().hint});
  }
}

std::string FindingText(const Finding& finding) {
  return output::Printable(finding.place) +
         (finding.line > 0 ? ": line " + std::to_string(finding.line) : "") + ": " +
         output::Printable(finding.why) +
         (finding.hint.empty() ? "" : " (" + output::Printable(finding.hint) + ')');
}

std::string FindingsJson(const std::string& file, const std::vector<Finding>& findings) {
  std::string out;
  output::JsonWriter json(out);
  json.BeginObject().Key("file");
  file.empty() ? json.Null() : json.String(file);
  json.Member("valid", findings.empty()).Key("problems").BeginArray();
  for (const Finding& finding : findings) {
    json.BeginObject()
        .Member("place", finding.place)
        .Member("line", finding.line > 0 ? std::optional(finding.line) : std::nullopt)
        .Member("problem", finding.why)
        .Member("hint", finding.hint.empty() ? std::nullopt : std::optional(finding.hint))
        .EndObject();
  }
  json.EndArray().EndObject();
  return out + '\n';
}

// The file that a command would read; empty: there is none.
std::string FileInUse(const settings::Inputs& inputs) {
  if (!inputs.config_file.empty()) return inputs.config_file;
  for (const std::string& place : settings::SettingsFilePlaces({}, inputs.environment)) {
    std::error_code error;
    if (std::filesystem::is_regular_file(place, error)) return place;
  }
  return {};
}

}  // namespace

Outcome RunConfigValidate(Context& context) {
  LEVEE_ASSIGN(const std::string_view format, WordOption(context.line, "format", kFormats));
  LEVEE_ASSIGN(const settings::Inputs inputs, ReadSettingInputs(context.line, context.environment));
  const bool named = context.line.arguments.size() > 1;
  const std::string file = named ? std::string(context.line.arguments[1]) : FileInUse(inputs);
  std::vector<Finding> findings;
  if (!file.empty()) LEVEE_RETURN_IF_ERROR(CheckFile(file, findings));
  // A file that is named is looked at alone: it may be meant for another machine.
  if (!named) CheckEnvironment(inputs.environment, findings);
  if (format == "json") {
    context.out.Append(FindingsJson(file, findings));
  } else {
    for (const Finding& finding : findings) context.out.AppendLine(FindingText(finding));
    if (findings.empty()) {
      context.out.AppendLine((file.empty() ? "no settings file" : output::Printable(file)) +
                             ": nothing is wrong");
    }
  }
  return findings.empty() ? kExitDone : kExitError;
}

}  // namespace levee::cli

#include "cli/global_options.h"

#include <algorithm>
#include <vector>

#include "cli/option_values.h"
#include "settings/definitions.h"
#include "types/value.h"

namespace levee::cli {
namespace {

using settings::Definition;
using settings::SettingType;
using settings::ShownBy;

std::string FlagName(std::string_view key) { return settings::FlagText(key).substr(2); }

std::string_view ValueName(const Definition& definition) {
  switch (definition.type) {
    case SettingType::kInteger: return "N";
    case SettingType::kByteSize: return "SIZE";
    case SettingType::kDuration: return "DURATION";
    case SettingType::kFreshness: return "HOW";
    case SettingType::kSwitch: return "on|off";
    case SettingType::kProfile: return "NAME";
    case SettingType::kWord: return "WORD";
    case SettingType::kText: break;
  }
  return definition.key == "store" ? "URI" : definition.key == "timezone" ? "ZONE" : "TEXT";
}

struct GlobalSpecs {
  std::vector<std::string> names;
  std::vector<OptionSpec> specs;

  GlobalSpecs() {
    for (const Definition& definition : settings::Definitions()) names.push_back(FlagName(definition.key));
    specs.push_back({"config", OptionSpec::Takes::kValue, "FILE", "settings, instead of levee.toml"});
    for (std::size_t i = 0; i < names.size(); ++i) {
      const Definition& definition = settings::Definitions()[i];
      specs.push_back({names[i], OptionSpec::Takes::kValue, ValueName(definition), definition.help});
    }
  }
};

}  // namespace

std::span<const OptionSpec> GlobalOptionSpecs() {
  static const GlobalSpecs kSpecs;
  return kSpecs.specs;
}

std::vector<OptionSpec> ShownOptionSpecs(std::string_view command) {
  std::vector<OptionSpec> shown;
  for (const OptionSpec& option : GlobalOptionSpecs()) {
    const auto of_option = [&](const Definition& definition) { return FlagName(definition.key) == option.name; };
    const auto setting = std::ranges::find_if(settings::Definitions(), of_option);
    const auto by = setting == settings::Definitions().end() ? ShownBy::kEveryCommand : setting->shown_by;
    if (by == ShownBy::kEveryCommand || (by == ShownBy::kMemoryCommands && command.starts_with("memory"))) shown.push_back(option);
  }
  return shown;
}

Status CheckSetting(const Definition& definition, std::string_view text) {
  LEVEE_RETURN_IF_ERROR(settings::CheckValue(definition, text));
  if (definition.key != "timezone" || text.empty() || text == "UTC" ||
      types::WallClockToUtc(0, std::string(text))) {
    return {};
  }
  return Fail(ErrorCode::kInvalidArgument, std::string(definition.key),
              "'" + std::string(text) + "' is no time zone", "for example Europe/Berlin, UTC or +01:00");
}

std::expected<settings::Inputs, Failure> ReadSettingInputs(const ParsedLine& line, const Environment& environment) {
  settings::Inputs inputs{.environment = environment};
  inputs.config_file = line.Value("config").value_or("");
  for (const Definition& definition : settings::Definitions()) {
    const std::string name = FlagName(definition.key);
    const std::optional<std::string_view> text = line.Value(name);
    if (!text) continue;
    if (const Status checked = settings::CheckValue(definition, *text); !checked) {
      return std::unexpected(UsageError{"option --" + name, checked.error().why, checked.error().hint});
    }
    inputs.flags[std::string(definition.key)] = *text;
  }
  return inputs;
}

std::expected<engine::EngineOptions, Failure> ReadGlobalOptions(const ParsedLine& line,
                                                                const Environment& environment) {
  LEVEE_ASSIGN(const settings::Inputs inputs, ReadSettingInputs(line, environment));
  LEVEE_ASSIGN(const settings::Settings settings, settings::Settings::Load(inputs));
  LEVEE_ASSIGN(engine::EngineOptions options, engine::OptionsFromSettings(settings));
  if (options.timezone != "UTC" && !types::WallClockToUtc(0, options.timezone)) {
    UsageError error = WrongValue("timezone", options.timezone, "a zone's name, e.g. Europe/Berlin, UTC or +01:00");
    if (line.Has("timezone")) return std::unexpected(std::move(error));
    error.what = settings.Get("timezone").origin;
    Failure failure(std::move(error));
    failure.exit_code = kExitError;
    return std::unexpected(std::move(failure));
  }
  return options;
}

}  // namespace levee::cli

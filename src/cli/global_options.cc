#include "cli/global_options.h"

#include <algorithm>
#include <vector>

#include "cli/option_values.h"
#include "settings/definitions.h"
#include "settings/settings.h"
#include "types/value.h"

namespace levee::cli {
namespace {

using settings::Definition;
using settings::SettingType;

std::string FlagName(std::string_view key) {
  std::string name(key);
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

std::string_view ValueName(const Definition& definition) {
  switch (definition.type) {
    case SettingType::kInteger: return "N";
    case SettingType::kByteSize: return "SIZE";
    case SettingType::kDuration: return "DURATION";
    case SettingType::kFreshness: return "HOW";
    case SettingType::kSwitch: return "on|off";
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

// The settings that the command line gives, each checked.
std::expected<settings::Inputs, Failure> ReadFlags(const ParsedLine& line) {
  settings::Inputs inputs;
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

}  // namespace

std::span<const OptionSpec> GlobalOptionSpecs() {
  static const GlobalSpecs kSpecs;
  return kSpecs.specs;
}

std::expected<engine::EngineOptions, Failure> ReadGlobalOptions(const ParsedLine& line,
                                                                const Environment& environment) {
  LEVEE_ASSIGN(settings::Inputs inputs, ReadFlags(line));
  inputs.environment = environment;
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

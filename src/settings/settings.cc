#include "settings/settings.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>

#include "base/check.h"
#include "settings/byte_size.h"
#include "settings/duration.h"
#include "settings/toml_file.h"

namespace levee::settings {
namespace {

namespace fs = std::filesystem;

Result<std::string> FindSettingsFile(const Inputs& inputs) {
  for (const std::string& place : SettingsFilePlaces(inputs.config_file, inputs.environment)) {
    std::error_code error;
    if (fs::is_regular_file(place, error)) return place;
  }
  if (inputs.config_file.empty()) return std::string();
  return Fail(ErrorCode::kNotFound, inputs.config_file, "no such configuration file",
              "name another with --config, or leave it out");
}

// Adds where a wrong value stands to the error about it.
Status CheckAt(const Definition& definition, const std::string& text, const std::string& origin) {
  Status checked = CheckValue(definition, text);
  if (!checked) {
    return Fail(checked.error().code, origin + ": " + checked.error().what, checked.error().why,
                checked.error().hint);
  }
  return {};
}

}  // namespace

std::string_view SourceName(Source source) {
  switch (source) {
    case Source::kDefault: return "default";
    case Source::kProfile: return "profile";
    case Source::kFile: return "file";
    case Source::kEnvironment: return "environment";
    case Source::kFlag: return "flag";
  }
  return "default";
}

std::string FlagText(std::string_view key) {
  std::string flag = "--" + std::string(key);
  std::ranges::replace(flag, '_', '-');
  return flag;
}

Result<Settings> Settings::Load(const Inputs& inputs) {
  Settings settings;
  LEVEE_ASSIGN(const std::string file, FindSettingsFile(inputs));
  if (!file.empty()) LEVEE_RETURN_IF_ERROR(settings.LoadFile(file));
  LEVEE_RETURN_IF_ERROR(settings.LoadEnvironment(inputs.environment));
  LEVEE_RETURN_IF_ERROR(settings.LoadFlags(inputs.flags));
  settings.Resolve();
  return settings;
}

Status Settings::LoadFile(const std::string& path) {
  LEVEE_ASSIGN(const std::string text, ReadSettingsFile(path));
  auto entries = ParseToml(text);
  if (!entries) {
    return Fail(entries.error().code, path + ": " + entries.error().what, entries.error().why);
  }
  for (TomlEntry& entry : *entries) {
    const std::string place = path + ": line " + std::to_string(entry.line);
    const Definition* definition = FindDefinition(entry.key);
    if (definition == nullptr) {
      return Fail(ErrorCode::kInvalidArgument, place, "'" + entry.key + "' is no setting",
                  "levee config show lists them");
    }
    LEVEE_RETURN_IF_ERROR(CheckAt(*definition, entry.value, place));
    if (!entry.value.empty()) given_[std::string(definition->key)].push_back({std::move(entry.value), Source::kFile, path});
  }
  config_file_ = path;
  return {};
}

Status Settings::LoadEnvironment(const EnvironmentLookup& environment) {
  for (const Definition& definition : Definitions()) {
    const std::string variable(definition.environment);
    const auto text = environment(variable);
    if (!text || text->empty()) continue;
    LEVEE_RETURN_IF_ERROR(CheckAt(definition, *text, variable));
    given_[std::string(definition.key)].push_back({*text, Source::kEnvironment, variable});
  }
  return {};
}

Status Settings::LoadFlags(const std::map<std::string, std::string>& flags) {
  for (const auto& [key, text] : flags) {
    const Definition* definition = FindDefinition(key);
    if (definition == nullptr) return Fail(ErrorCode::kInvalidArgument, key, "no such setting");
    LEVEE_RETURN_IF_ERROR(CheckAt(*definition, text, FlagText(key)));
    if (!text.empty()) given_[std::string(definition->key)].push_back({text, Source::kFlag, FlagText(key)});
  }
  return {};
}

// The profile comes first: it decides what the others are where nobody names them.
void Settings::Resolve() {
  const auto profiles = given_.find("profile");
  const std::string profile = profiles == given_.end() ? "default" : profiles->second.back().text;
  for (const Definition& definition : Definitions()) {
    Value& value = values_[std::string(definition.key)];
    const auto given = given_.find(definition.key);
    const std::string_view text = DefaultUnder(definition, profile);
    if (given != given_.end()) {
      value = given->second.back();
    } else if (text != definition.default_text) {
      value = {std::string(text), Source::kProfile, profile};
    } else {
      value = {.text = std::string(text)};
    }
  }
}

const Value& Settings::Get(std::string_view key) const {
  const auto found = values_.find(key);
  LEVEE_CHECK(found != values_.end());
  return found->second;
}

std::vector<Look> Settings::Looks(std::string_view key) const {
  const Definition* definition = FindDefinition(key);
  LEVEE_CHECK(definition != nullptr);
  const std::string& profile = Text("profile");
  std::vector<Look> looks{{.source = Source::kFlag, .origin = FlagText(key)},
                          {.source = Source::kEnvironment, .origin = std::string(definition->environment)},
                          {.source = Source::kFile, .origin = config_file_},
                          {.source = Source::kProfile, .origin = profile},
                          {.source = Source::kDefault, .text = std::string(definition->default_text)}};
  if (const auto given = given_.find(key); given != given_.end()) {
    for (const Value& value : given->second) {
      std::ranges::find(looks, value.source, &Look::source)->text = value.text;
    }
  }
  const std::string_view of_profile = DefaultUnder(*definition, profile);
  if (of_profile != definition->default_text) looks[3].text = of_profile;
  std::ranges::find(looks, Get(key).source, &Look::source)->won = true;
  return looks;
}

std::int64_t Settings::Integer(std::string_view key) const {
  const std::string& text = Text(key);
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::int64_t Settings::ByteSize(std::string_view key) const {
  return Text(key).empty() ? 0 : ParseByteSize(Text(key)).value_or(0);
}

std::int64_t Settings::DurationMs(std::string_view key) const {
  return Text(key).empty() ? 0 : ParseDuration(Text(key)).value_or(0);
}

std::optional<std::string> ProcessEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

}  // namespace levee::settings

#include "settings/settings.h"

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/check.h"
#include "settings/byte_size.h"
#include "settings/duration.h"
#include "settings/toml_file.h"

namespace levee::settings {
namespace {

namespace fs = std::filesystem;

bool IsThere(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

Result<std::string> FindConfigFile(const Inputs& inputs) {
  if (!inputs.config_file.empty()) {
    if (IsThere(inputs.config_file)) return inputs.config_file;
    return Fail(ErrorCode::kNotFound, inputs.config_file, "no such configuration file");
  }
  if (IsThere("levee.toml")) return std::string("levee.toml");
  const auto config_home = inputs.environment("XDG_CONFIG_HOME");
  const auto home = inputs.environment("HOME");
  fs::path folder;
  if (config_home && !config_home->empty()) {
    folder = *config_home;
  } else if (home && !home->empty()) {
    folder = fs::path(*home) / ".config";
  } else {
    return std::string();
  }
  const fs::path file = folder / "levee" / "levee.toml";
  return IsThere(file) ? file.string() : std::string();
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

Result<Settings> Settings::Load(const Inputs& inputs) {
  Settings settings;
  for (const Definition& definition : Definitions()) {
    settings.values_[std::string(definition.key)] = {.text = std::string(definition.default_text)};
  }
  LEVEE_ASSIGN(const std::string file, FindConfigFile(inputs));
  if (!file.empty()) LEVEE_RETURN_IF_ERROR(settings.LoadFile(file));
  for (const Definition& definition : Definitions()) {
    const std::string variable(definition.environment);
    const auto text = inputs.environment(variable);
    if (!text || text->empty()) continue;
    LEVEE_RETURN_IF_ERROR(CheckAt(definition, *text, variable));
    settings.values_[std::string(definition.key)] = {*text, Source::kEnvironment, variable};
  }
  for (const auto& [key, text] : inputs.flags) {
    const Definition* definition = FindDefinition(key);
    if (definition == nullptr) return Fail(ErrorCode::kInvalidArgument, key, "no such setting");
    std::string flag = "--" + key;
    for (char& c : flag) c = c == '_' ? '-' : c;
    LEVEE_RETURN_IF_ERROR(CheckAt(*definition, text, flag));
    settings.values_[key] = {text, Source::kFlag, flag};
  }
  return settings;
}

Status Settings::LoadFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream) return Fail(ErrorCode::kIo, path, "it cannot be read");
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
    values_[entry.key] = {std::move(entry.value), Source::kFile, path};
  }
  config_file_ = path;
  return {};
}

const Value& Settings::Get(std::string_view key) const {
  const auto found = values_.find(key);
  LEVEE_CHECK(found != values_.end());
  return found->second;
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

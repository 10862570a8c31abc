// The values of all settings, and where each came from: flags before the environment before levee.toml
// before defaults.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "settings/definitions.h"

namespace levee::settings {

enum class Source : std::uint8_t { kDefault, kFile, kEnvironment, kFlag };

struct Value {
  std::string text;
  Source source = Source::kDefault;
  std::string origin;  // the file, the variable, "--flag"; empty for defaults
};

struct Inputs {
  std::map<std::string, std::string> flags;  // by key
  std::string config_file;                   // --config; empty: looked for
  // Of the process's environment; passed in so that tests can set it.
  std::function<std::optional<std::string>(const std::string& name)> environment;
};

// Immutable, thread-safe.
class Settings {
 public:
  // Reads `config_file`, else levee.toml in the working folder, else levee/levee.toml in the user's
  // configuration folder ($XDG_CONFIG_HOME or ~/.config), the first that is there. Errors name the file and
  // line or the variable: an unknown key, a value of the wrong type, a --config that is not there.
  static Result<Settings> Load(const Inputs& inputs);

  const Value& Get(std::string_view key) const;
  const std::string& Text(std::string_view key) const { return Get(key).text; }
  // 0 for an empty value. The key's type must fit.
  std::int64_t Integer(std::string_view key) const;
  std::int64_t ByteSize(std::string_view key) const;
  std::int64_t DurationMs(std::string_view key) const;
  bool Switch(std::string_view key) const { return Text(key) == "on"; }
  // The configuration file that was read; empty: none.
  const std::string& config_file() const { return config_file_; }

 private:
  Status LoadFile(const std::string& path);

  std::map<std::string, Value, std::less<>> values_;
  std::string config_file_;
};

// The process's own environment.
std::optional<std::string> ProcessEnvironment(const std::string& name);

}  // namespace levee::settings

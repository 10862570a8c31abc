// The values of all settings, and where each came from: flags before the environment before levee.toml
// before the profile's defaults before defaults.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "settings/definitions.h"
#include "settings/settings_file.h"

namespace levee::settings {

enum class Source : std::uint8_t { kDefault, kProfile, kFile, kEnvironment, kFlag };

// "default", "profile", "file", "environment", "flag".
std::string_view SourceName(Source source);

struct Value {
  std::string text;
  Source source = Source::kDefault;
  std::string origin;  // the profile, the file, the variable, "--flag"; empty for defaults
};

// A source that was looked at for a setting, the strongest first.
struct Look {
  Source source = Source::kDefault;
  std::string origin;
  std::optional<std::string> text;  // empty: it says nothing
  bool won = false;
};

struct Inputs {
  std::map<std::string, std::string> flags;  // by key
  std::string config_file;                   // --config; empty: looked for
  // Of the process's environment; passed in so that tests can set it.
  EnvironmentLookup environment;
};

// "--memory-limit" for "memory_limit".
std::string FlagText(std::string_view key);

// Immutable, thread-safe.
class Settings {
 public:
  // Reads `config_file`, else levee.toml in the working folder, else levee/levee.toml in the user's
  // configuration folder ($XDG_CONFIG_HOME or ~/.config), the first that is there. An empty text says
  // nothing. Errors name the file and line or the variable: an unknown key, a value of the wrong type or out
  // of bounds, a --config that is not there.
  static Result<Settings> Load(const Inputs& inputs);

  const Value& Get(std::string_view key) const;
  const std::string& Text(std::string_view key) const { return Get(key).text; }
  // 0 for an empty value. The key's type must fit.
  std::int64_t Integer(std::string_view key) const;
  std::int64_t ByteSize(std::string_view key) const;
  std::int64_t DurationMs(std::string_view key) const;
  bool Switch(std::string_view key) const { return Text(key) == "on"; }
  // All sources of a setting, what they say, and which one won.
  std::vector<Look> Looks(std::string_view key) const;
  // The configuration file that was read; empty: none.
  const std::string& config_file() const { return config_file_; }

 private:
  Status LoadFile(const std::string& path);
  Status LoadEnvironment(const EnvironmentLookup& environment);
  Status LoadFlags(const std::map<std::string, std::string>& flags);
  void Resolve();

  // What flags, environment and file say, by key, the weakest first.
  std::map<std::string, std::vector<Value>, std::less<>> given_;
  std::map<std::string, Value, std::less<>> values_;
  std::string config_file_;
};

// The process's own environment.
std::optional<std::string> ProcessEnvironment(const std::string& name);

}  // namespace levee::settings

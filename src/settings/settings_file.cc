#include "settings/settings_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "settings/aliases.h"
#include "settings/toml_file.h"

namespace levee::settings {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> WriteError(const std::string& path, int error) {
  return Fail(ErrorCode::kIo, path, std::string("it cannot be written: ") + std::strerror(error));
}

Status WriteAll(int descriptor, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return WriteError(path, errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(descriptor) != 0) return WriteError(path, errno);
  return {};
}

// Writes beside the file and renames, so that nobody reads half of it.
Status Replace(const std::string& path, std::string_view text) {
  struct stat old{};
  // A URI may hold a password: a new file is for its owner alone.
  const mode_t mode = ::stat(path.c_str(), &old) == 0 ? old.st_mode & 07777 : 0600;
  std::string beside = path + ".XXXXXX";
  const int descriptor = ::mkstemp(beside.data());
  if (descriptor < 0) return WriteError(path, errno);
  Status status = WriteAll(descriptor, text, path);
  if (status && ::fchmod(descriptor, mode) != 0) status = WriteError(path, errno);
  ::close(descriptor);
  if (status && ::rename(beside.c_str(), path.c_str()) != 0) status = WriteError(path, errno);
  if (!status) ::unlink(beside.c_str());
  return status;
}

// The file behind symbolic links: replacing a link would part it from what it stands for.
std::string Resolved(const std::string& path) {
  std::error_code error;
  const fs::path resolved = fs::weakly_canonical(path, error);
  return error ? path : resolved.string();
}

}  // namespace

std::string UserSettingsFile(const EnvironmentLookup& environment) {
  const auto config_home = environment("XDG_CONFIG_HOME");
  if (config_home && !config_home->empty()) return (fs::path(*config_home) / "levee" / "levee.toml").string();
  const auto home = environment("HOME");
  if (home && !home->empty()) return (fs::path(*home) / ".config" / "levee" / "levee.toml").string();
  return {};
}

std::vector<std::string> SettingsFilePlaces(const std::string& given, const EnvironmentLookup& environment) {
  if (!given.empty()) return {given};
  std::vector<std::string> places{"levee.toml"};
  if (std::string file = UserSettingsFile(environment); !file.empty()) places.push_back(std::move(file));
  return places;
}

Result<std::string> ReadSettingsFile(const std::string& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return Fail(ErrorCode::kNotFound, path, "no such configuration file");
  if (!fs::is_regular_file(path, error)) return Fail(ErrorCode::kIo, path, "it is no file");
  std::ifstream stream(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream) return Fail(ErrorCode::kIo, path, "it cannot be read");
  return text;
}

std::vector<SettingsProblem> CheckSettingsText(
    std::string_view text, const std::function<Status(const Definition&, std::string_view)>& check) {
  const TomlContent content = ReadToml(text);
  std::vector<SettingsProblem> problems;
  problems.reserve(content.problems.size() + content.entries.size());
  for (const TomlProblem& problem : content.problems) {
    problems.push_back({.line = problem.line, .why = problem.why});
  }
  for (const TomlEntry& entry : content.entries) {
    const Definition* definition = FindDefinition(entry.key);
    if (definition == nullptr) {
      problems.push_back(
          {.line = entry.line, .why = "'" + entry.key + "' is no setting", .unknown_key = entry.key});
      continue;
    }
    const Status checked = check(*definition, entry.value);
    if (checked) continue;
    problems.push_back({.line = entry.line,
                        .why = entry.key + ": " + checked.error().why,
                        .hint = checked.error().hint});
    // A value may have come into the text of a library's error.
    if (definition->may_hold_password) problems.back().why = entry.key + ": its value will not do";
  }
  std::ranges::stable_sort(problems, {}, &SettingsProblem::line);
  return problems;
}

namespace {

// What a file calls the setting: by its key, or by another name that stands for it.
std::string_view NameWithin(std::string_view text, const Definition& definition) {
  for (const TomlEntry& entry : ReadToml(text).entries) {
    if (FindDefinition(entry.key) != &definition) continue;
    for (const Alias& alias : Aliases()) {
      if (alias.name == entry.key) return alias.name;
    }
  }
  return definition.key;
}

}  // namespace

Status WriteSetting(const std::string& path, const Definition& definition, std::string_view value) {
  const std::string file = Resolved(path);
  std::string text;
  if (auto old = ReadSettingsFile(file)) {
    text = std::move(*old);
  } else if (old.error().code != ErrorCode::kNotFound) {
    return std::unexpected(std::move(old).error());
  }
  auto changed = SetTomlValue(text, NameWithin(text, definition), value);
  if (!changed) {
    return Fail(ErrorCode::kInvalidArgument, path + ": " + changed.error().what, changed.error().why,
                "levee config validate " + path + " lists all that is wrong");
  }
  std::error_code error;
  if (const fs::path folder = fs::path(file).parent_path(); !folder.empty()) {
    fs::create_directories(folder, error);
  }
  if (error) return Fail(ErrorCode::kIo, path, "its folder cannot be made: " + error.message());
  return Replace(file, *changed);
}

}  // namespace levee::settings

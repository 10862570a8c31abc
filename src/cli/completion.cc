#include "cli/completion.h"

#include <algorithm>
#include <cctype>

#include "settings/definitions.h"

namespace levee::cli {
namespace {

using settings::Definition;
using settings::SettingType;

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

// Capitals stand for a value of the user's: "TABLE", "[KEY]".
bool IsPlaceholder(std::string_view word) {
  return std::any_of(word.begin(), word.end(), [](unsigned char c) { return std::isupper(c) != 0; });
}

const Definition* SettingOf(std::string_view option) {
  std::string key(option);
  std::replace(key.begin(), key.end(), '-', '_');
  return settings::FindDefinition(key);
}

}  // namespace

std::vector<std::string> WordsOfArguments(std::string_view arguments) {
  const std::string_view first = arguments.substr(0, arguments.find(' '));
  std::vector<std::string> words = Split(first, '|');
  std::erase_if(words, [](const std::string& word) { return IsPlaceholder(word); });
  return words;
}

OfferedValues ValuesOf(const OptionSpec& option) {
  if (option.value.contains('|')) return {.words = Split(option.value, '|')};
  if (option.value == "FILE" || option.value == "PATH") return {.files = true};
  const Definition* const setting = SettingOf(option.name);
  if (setting == nullptr) return {};
  switch (setting->type) {
    case SettingType::kProfile: return {.words = {settings::kProfileNames.begin(), settings::kProfileNames.end()}};
    case SettingType::kWord: return {.words = Split(setting->words, ' ')};
    case SettingType::kFreshness: return {.words = {"fresh", "cached"}};
    default: return {.files = setting->key == "store" || setting->key.ends_with("_file") || setting->key.ends_with("_folder")};
  }
}

}  // namespace levee::cli

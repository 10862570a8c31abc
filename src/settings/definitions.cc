#include "settings/definitions.h"

#include <algorithm>
#include <charconv>

#include "settings/aliases.h"
#include "settings/byte_size.h"
#include "settings/duration.h"
#include "settings/freshness_text.h"
#include "settings/lists/engine.h"
#include "settings/lists/memory.h"
#include "settings/lists/memory_cache.h"
#include "settings/lists/memory_database.h"
#include "settings/lists/memory_markdown.h"

namespace levee::settings {
namespace {

// All of them in one array, put together by the compiler.
template <std::size_t... kSizes>
constexpr auto Joined(const Definition (&... lists)[kSizes]) {
  std::array<Definition, (kSizes + ...)> all{};
  std::size_t at = 0;
  const auto add = [&](const auto& list) {
    for (const Definition& definition : list) all[at++] = definition;
  };
  (add(lists), ...);
  return all;
}

#ifdef LEVEE_EMBEDDED
constexpr auto kDefinitions = Joined(kEngineSettings);
#else
constexpr auto kDefinitions =
    Joined(kEngineSettings, kMemorySettings, kMemoryCacheSettings, kMemoryDatabaseSettings, kMemoryMarkdownSettings);
#endif

// SQLite's, but for the one that there can be.
constexpr std::string_view kOtherJournalModes = "delete truncate persist memory off";

std::unexpected<Error> Refuse(const Definition& definition, std::string_view text, const std::string& why,
                              std::string hint = {}) {
  return Fail(ErrorCode::kInvalidArgument, std::string(definition.key), "'" + std::string(text) + "' " + why,
              std::move(hint));
}

Result<std::int64_t> ParseInteger(const Definition& definition, std::string_view text) {
  std::int32_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && rest == text.data() + text.size() && value >= 0) return value;
  return Refuse(definition, text, "is no whole number from 0 on");
}

// The number that bounds are held against; 0 where a type has none.
Result<std::int64_t> NumberOf(const Definition& definition, std::string_view text) {
  switch (definition.type) {
    case SettingType::kInteger: return ParseInteger(definition, text);
    case SettingType::kByteSize: return ParseByteSize(text);
    case SettingType::kDuration: return ParseDuration(text);
    default: return 0;
  }
}

Status CheckBounds(const Definition& definition, std::string_view text) {
  LEVEE_ASSIGN(const std::int64_t number, NumberOf(definition, text));
  const std::string range = "it goes from " + BoundsText(definition);
  if (!definition.minimum.empty() && number < NumberOf(definition, definition.minimum).value_or(INT64_MIN)) {
    return Refuse(definition, text, "is less than " + std::string(definition.minimum), range);
  }
  if (!definition.maximum.empty() && number > NumberOf(definition, definition.maximum).value_or(INT64_MAX)) {
    return Refuse(definition, text, "is more than " + std::string(definition.maximum), range);
  }
  return {};
}

bool IsOneOf(std::string_view words, std::string_view text) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == text) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

template <typename T>
Status AsStatus(const Result<T>& result) {
  if (!result) return std::unexpected(result.error());
  return {};
}

}  // namespace

std::string_view TypeName(SettingType type) {
  switch (type) {
    case SettingType::kText: return "text";
    case SettingType::kInteger: return "integer";
    case SettingType::kByteSize: return "size";
    case SettingType::kDuration: return "duration";
    case SettingType::kFreshness: return "freshness";
    case SettingType::kSwitch: return "on or off";
    case SettingType::kProfile: return "profile";
    case SettingType::kWord: return "word";
  }
  return "text";
}

std::span<const Definition> Definitions() { return kDefinitions; }

const Definition* FindDefinition(std::string_view key) {
  key = KeyOfName(key);
  for (const Definition& definition : kDefinitions) {
    if (definition.key == key) return &definition;
  }
  return nullptr;
}

std::string_view DefaultUnder(const Definition& definition, std::string_view profile) {
  std::string_view text;
  if (profile == "development") text = definition.profiles.development;
  if (profile == "production") text = definition.profiles.production;
  if (profile == "constrained") text = definition.profiles.constrained;
  return text.empty() ? definition.default_text : text;
}

std::string BoundsText(const Definition& definition) {
  if (definition.minimum.empty()) return {};
  return std::string(definition.minimum) + " to " + std::string(definition.maximum);
}

Status CheckValue(const Definition& definition, std::string_view text) {
  if (text.empty()) return {};
  switch (definition.type) {
    case SettingType::kText: return {};
    case SettingType::kInteger:
    case SettingType::kByteSize:
    case SettingType::kDuration: return CheckBounds(definition, text);
    case SettingType::kFreshness: return AsStatus(ParseFreshness(text));
    case SettingType::kSwitch:
      if (text == "on" || text == "off") return {};
      return Refuse(definition, text, "is neither on nor off");
    case SettingType::kProfile:
      if (std::ranges::find(kProfileNames, text) != kProfileNames.end()) return {};
      return Refuse(definition, text, "is no profile", "default, development, production or constrained");
    case SettingType::kWord:
      if (IsOneOf(definition.words, text)) return {};
      if (definition.key == "memory_journal_mode" && IsOneOf(kOtherJournalModes, text)) {
        return Refuse(definition, text, "would let readers wait for writers, and not see what other processes write", "wal");
      }
      return Refuse(definition, text, "is not known", "one of: " + std::string(definition.words));
  }
  return {};
}

}  // namespace levee::settings

#include "settings/definitions.h"

#include <charconv>
#include <string>

#include "settings/byte_size.h"
#include "settings/duration.h"
#include "settings/freshness_text.h"

namespace levee::settings {
namespace {

constexpr Definition kDefinitions[] = {
    {"store", SettingType::kText, "", "LEVEE_STORE",
     "the store's URI: sqlite:PATH or a path; default levee/levee.db in the user's data folder"},
    {"freshness", SettingType::kFreshness, "fresh", "LEVEE_FRESHNESS",
     "what a reader demands: fresh, bounded:DURATION or cached"},
    {"timezone", SettingType::kText, "UTC", "LEVEE_TIMEZONE",
     "zone of times without one, in predicates and partition values"},
    {"memory_limit", SettingType::kByteSize, "", "LEVEE_MEMORY_LIMIT",
     "what the engine keeps in memory at most; default a quarter of the machine's"},
    {"threads", SettingType::kInteger, "0", "LEVEE_THREADS", "threads at work; 0: as many as the machine has"},
    {"cache_size", SettingType::kByteSize, "256MB", "LEVEE_CACHE_SIZE", "decoded columns kept in memory"},
    {"busy_timeout", SettingType::kDuration, "10s", "LEVEE_BUSY_TIMEOUT", "how long a writer waits for another"},
    {"spill_folder", SettingType::kText, "", "LEVEE_SPILL_FOLDER",
     "what imports spill, and keep until they are done; default beside the store"},
    {"collect_metrics", SettingType::kSwitch, "on", "LEVEE_COLLECT_METRICS", "count what happens: on or off"},
};

Status CheckInteger(const Definition& definition, std::string_view text) {
  std::int32_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && rest == text.data() + text.size() && value >= 0) return {};
  return Fail(ErrorCode::kInvalidArgument, std::string(definition.key),
              "'" + std::string(text) + "' is no whole number from 0 on");
}

Status CheckSwitch(const Definition& definition, std::string_view text) {
  if (text == "on" || text == "off") return {};
  return Fail(ErrorCode::kInvalidArgument, std::string(definition.key),
              "'" + std::string(text) + "' is neither on nor off");
}

template <typename T>
Status AsStatus(const Result<T>& result) {
  if (!result) return std::unexpected(result.error());
  return {};
}

}  // namespace

std::span<const Definition> Definitions() { return kDefinitions; }

const Definition* FindDefinition(std::string_view key) {
  for (const Definition& definition : kDefinitions) {
    if (definition.key == key) return &definition;
  }
  return nullptr;
}

Status CheckValue(const Definition& definition, std::string_view text) {
  if (text.empty()) return {};
  switch (definition.type) {
    case SettingType::kText: return {};
    case SettingType::kInteger: return CheckInteger(definition, text);
    case SettingType::kByteSize: return AsStatus(ParseByteSize(text));
    case SettingType::kDuration: return AsStatus(ParseDuration(text));
    case SettingType::kFreshness: return AsStatus(ParseFreshness(text));
    case SettingType::kSwitch: return CheckSwitch(definition, text);
  }
  return {};
}

}  // namespace levee::settings

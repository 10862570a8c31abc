#include "memory/markdown/metadata_members.h"

#include <algorithm>
#include <set>

#include "memory/json/item_fields.h"
#include "memory/markdown/yaml_scalar.h"

namespace levee::memory {
namespace {

// TOML has no null, integers of 64 bits, and no "\/"; its tables are spelled another way than JSON's.
bool IsTomlValue(std::string_view json) {
  if (json.starts_with('"')) return IsYamlFlow(json) && json.find("\\/") == std::string_view::npos;
  if (json == "true" || json == "false") return true;
  return json.size() <= 18 && IsJsonNumber(json);
}

bool Fits(const JsonMember& member, FrontMatterFormat format) {
  const bool own = std::ranges::find(kItemFieldNames, member.key) != kItemFieldNames.end();
  if (own || !IsPlainKey(member.raw_key)) return false;
  return format == FrontMatterFormat::kToml ? IsTomlValue(member.value) : IsYamlFlow(member.value);
}

}  // namespace

std::string ObjectJson(const std::vector<JsonMember>& members) {
  std::string json = "{";
  for (const JsonMember& member : members) {
    json.append(json.size() == 1 ? "\"" : ",\"").append(member.raw_key).append("\":").append(member.value);
  }
  return json + "}";
}

std::optional<std::vector<JsonMember>> PlainMembers(std::string_view metadata, FrontMatterFormat format) {
  if (metadata == "{}") return std::vector<JsonMember>();
  auto members = JsonMembers(metadata);
  if (!members || ObjectJson(*members) != metadata) return {};
  std::set<std::string_view> keys;
  for (const JsonMember& member : *members) {
    if (!Fits(member, format) || !keys.insert(member.key).second) return {};
  }
  return members;
}

}  // namespace levee::memory

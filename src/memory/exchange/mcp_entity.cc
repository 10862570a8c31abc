#include "memory/exchange/mcp_entity.h"

#include <algorithm>

#include "base/hash.h"
#include "memory/json/json_members.h"
#include "output/json_writer.h"

namespace levee::memory {
namespace {

constexpr std::size_t kIdBytesMax = 512, kCategoryBytesMax = 255;

std::vector<std::string> Lines(std::string_view text, bool blank_ones) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    if (blank_ones || line.find_first_not_of(" \t\r") != std::string_view::npos) lines.emplace_back(line);
    at = end + 1;
  }
  return lines;
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) text.append(i == 0 ? "" : "\n").append(lines[i]);
  return text;
}

std::string ContentOf(const std::vector<std::string>& observations, const std::string& name) {
  std::string content = Joined(observations);
  return content.empty() ? name : content;
}

std::string MemberText(const std::vector<JsonMember>& members, std::string_view key) {
  const auto member = std::ranges::find(members, key, &JsonMember::key);
  return member == members.end() ? std::string() : JsonText(member->value).value_or("");
}

std::vector<std::string> MemberElements(const std::vector<JsonMember>& members, std::string_view key) {
  const auto member = std::ranges::find(members, key, &JsonMember::key);
  return member == members.end() ? std::vector<std::string>() : JsonElements(member->value).value_or(std::vector<std::string>());
}

}  // namespace

Item ItemOfEntity(const McpEntity& entity, const ExchangeOptions& options) {
  Item item{.id = entity.name, .name_space = options.name_space, .category = entity.type};
  if (item.id.size() > kIdBytesMax) item.id = "mcp-" + std::to_string(Hash64(entity.name));
  if (item.category.empty() || item.category.size() > kCategoryBytesMax) item.category = options.category;
  item.content = ContentOf(entity.observations, entity.name);
  item.metadata.clear();
  output::JsonWriter json(item.metadata);
  json.BeginObject().Key("mcp").BeginObject();
  json.Member("name", entity.name).Member("entityType", entity.type);
  json.Key("relations").BeginArray();
  for (const McpEntity::Relation& relation : entity.relations) {
    json.BeginObject().Member("to", relation.to).Member("relationType", relation.type).EndObject();
  }
  json.EndArray();
  if (Lines(item.content, true) != entity.observations) {
    json.Key("observations").BeginArray();
    for (const std::string& observation : entity.observations) json.String(observation);
    json.EndArray();
  }
  json.EndObject().EndObject();
  return item;
}

McpEntity EntityOfItem(const Item& item) {
  const auto metadata = JsonMembers(item.metadata).value_or(std::vector<JsonMember>());
  const auto mcp = std::ranges::find(metadata, "mcp", &JsonMember::key);
  const auto members = mcp == metadata.end() ? std::nullopt : JsonMembers(mcp->value);
  if (!members || MemberText(*members, "name").empty()) {
    return {.name = item.id, .type = item.category, .observations = Lines(item.content, false), .relations = {}};
  }
  McpEntity entity{.name = MemberText(*members, "name"), .type = MemberText(*members, "entityType"), .observations = {}, .relations = {}};
  for (const std::string& element : MemberElements(*members, "relations")) {
    const auto relation = JsonMembers(element).value_or(std::vector<JsonMember>());
    entity.relations.push_back({.to = MemberText(relation, "to"), .type = MemberText(relation, "relationType")});
  }
  for (const std::string& element : MemberElements(*members, "observations")) {
    entity.observations.push_back(JsonText(element).value_or(""));
  }
  const bool kept = std::ranges::find(*members, "observations", &JsonMember::key) != members->end();
  if (!kept || ContentOf(entity.observations, entity.name) != item.content) entity.observations = Lines(item.content, true);
  return entity;
}

}  // namespace levee::memory

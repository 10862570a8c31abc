#include <map>

#include "base/status.h"
#include "memory/exchange/formats.h"
#include "memory/exchange/mcp_entity.h"
#include "memory/json/json_members.h"
#include "memory/model/errors.h"

namespace levee::memory {
namespace {

std::string TextMember(const std::vector<JsonMember>& members, std::string_view key) {
  for (const JsonMember& member : members) {
    if (member.key == key) return JsonText(member.value).value_or("");
  }
  return {};
}

// The file is read whole: an entity's relations may stand anywhere in it.
class Reader {
 public:
  Status Read(ReadBytes read, const ExchangeOptions& options) {
    LineReader lines(std::move(read), options.content_limit_bytes + kLineSlackBytes);
    while (true) {
      LEVEE_ASSIGN(const std::optional<Line> line, lines.Next());
      if (!line) break;
      if (Status taken = Take(line->text); !taken) {
        taken.error().what = "line " + std::to_string(line->number);
        return taken;
      }
    }
    for (auto& [from, relation] : relations_) {
      const auto entity = place_.find(from);
      if (entity == place_.end()) return InvalidItem("relation from '" + from + "'", "there is no entity of that name");
      entities_[entity->second].relations.push_back(std::move(relation));
    }
    return {};
  }

  std::vector<McpEntity> Take() { return std::move(entities_); }

 private:
  Status Take(std::string_view line) {
    const auto members = JsonMembers(line);
    if (!members) return InvalidItem("", "it is no JSON object");
    const std::string type = TextMember(*members, "type");
    if (type == "entity") return TakeEntity(*members);
    if (type != "relation") return InvalidItem("", "its type is neither entity nor relation");
    relations_.emplace_back(TextMember(*members, "from"),
                            McpEntity::Relation{TextMember(*members, "to"), TextMember(*members, "relationType")});
    return {};
  }

  Status TakeEntity(const std::vector<JsonMember>& members) {
    McpEntity entity{.name = TextMember(members, "name"), .type = TextMember(members, "entityType"), .observations = {}, .relations = {}};
    if (entity.name.empty()) return InvalidItem("", "the entity has no name");
    if (!place_.emplace(entity.name, entities_.size()).second) return InvalidItem("", "the entity '" + entity.name + "' is there twice");
    for (const JsonMember& member : members) {
      if (member.key != "observations") continue;
      for (const std::string& element : JsonElements(member.value).value_or(std::vector<std::string>())) {
        const auto text = JsonText(element);
        if (!text) return InvalidItem("", "an observation is no text");
        entity.observations.push_back(*text);
      }
    }
    entities_.push_back(std::move(entity));
    return {};
  }

  std::vector<McpEntity> entities_;
  std::map<std::string, std::size_t> place_;
  std::vector<std::pair<std::string, McpEntity::Relation>> relations_;
};

class Source final : public ItemSource {
 public:
  Source(std::vector<McpEntity> entities, ExchangeOptions options) : entities_(std::move(entities)), options_(std::move(options)) {}

  Result<std::optional<ItemWrite>> Next() override {
    if (next_ == entities_.size()) return std::nullopt;
    return ItemWrite{.item = ItemOfEntity(entities_[next_++], options_), .expected_version = {}};
  }

 private:
  std::vector<McpEntity> entities_;
  ExchangeOptions options_;
  std::size_t next_ = 0;
};

}  // namespace

Result<std::unique_ptr<ItemSource>> McpMemorySource(ReadBytes read, const ExchangeOptions& options) {
  Reader reader;
  LEVEE_RETURN_IF_ERROR(reader.Read(std::move(read), options));
  return std::make_unique<Source>(reader.Take(), options);
}

}  // namespace levee::memory

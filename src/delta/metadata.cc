#include "delta/actions.h"
#include "delta/json_text.h"

namespace levee::delta {
namespace {

std::unexpected<Error> Bad(std::string why) {
  return Fail(ErrorCode::kCorrupt, "metaData action", std::move(why));
}

// A string, or nothing for null; `target` stays as it is then.
Status TakeString(const JsonMember& member, std::string& target) {
  if (member.value == "null") return {};
  auto text = JsonString(member.value);
  if (!text) return Bad(member.key + " is no string");
  target = std::move(*text);
  return {};
}

Status TakePartitionColumns(const JsonMember& member, Metadata& metadata) {
  if (member.value == "null") return {};
  const auto elements = JsonArrayElements(member.value);
  if (!elements) return Bad("partitionColumns is no list");
  for (const std::string_view element : *elements) {
    auto name = JsonString(element);
    if (!name) return Bad("partitionColumns holds something that is no name");
    metadata.partition_columns.push_back(std::move(*name));
  }
  return {};
}

Status TakeConfiguration(const JsonMember& member, Metadata& metadata) {
  if (member.value == "null") return {};
  const auto properties = JsonObjectMembers(member.value);
  if (!properties) return Bad("configuration is no object");
  for (const JsonMember& property : *properties) {
    // Values are strings by the protocol; another scalar is kept as it is spelt.
    auto text = JsonString(property.value);
    metadata.configuration[property.key] = text ? std::move(*text) : std::string(property.value);
  }
  return {};
}

}  // namespace

Result<Metadata> ParseMetadata(std::string_view json) {
  const auto members = JsonObjectMembers(json);
  if (!members) return Bad("it is no JSON object");
  Metadata metadata;
  for (const JsonMember& member : *members) {
    if (member.key == "id") LEVEE_RETURN_IF_ERROR(TakeString(member, metadata.id));
    if (member.key == "name") LEVEE_RETURN_IF_ERROR(TakeString(member, metadata.name));
    if (member.key == "schemaString") LEVEE_RETURN_IF_ERROR(TakeString(member, metadata.schema_string));
    if (member.key == "partitionColumns") LEVEE_RETURN_IF_ERROR(TakePartitionColumns(member, metadata));
    if (member.key == "configuration") LEVEE_RETURN_IF_ERROR(TakeConfiguration(member, metadata));
  }
  metadata.schema.partition_columns = metadata.partition_columns;
  // Early writers left the schema out; such a table has files but no column to ask for.
  if (metadata.schema_string.empty()) return metadata;
  const auto mode = metadata.configuration.find("delta.columnMapping.mode");
  LEVEE_ASSIGN(metadata.schema, ParseSchema(metadata.schema_string, metadata.partition_columns,
                                            mode == metadata.configuration.end() ? "none" : mode->second));
  return metadata;
}

}  // namespace levee::delta

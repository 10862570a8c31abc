#include "delta/actions.h"
#include "delta/json_cursor.h"

namespace levee::delta {
namespace {

std::unexpected<Error> Bad(std::string why) {
  return Fail(ErrorCode::kCorrupt, "metaData action", std::move(why));
}

// Each reads the value of a member of `metaData`. Null leaves what it would set as it is.
class MetadataReader {
 public:
  explicit MetadataReader(std::string_view json) : cursor_(json) {}

  Result<Metadata> Read() {
    const bool valid = cursor_.Object([&](std::string_view key) { return Member(key); }) && cursor_.AtEnd();
    if (!wrong_.empty()) return Bad(std::move(wrong_));
    if (!valid) return Bad("it is no JSON object");
    return std::move(metadata_);
  }

 private:
  bool Member(std::string_view key) {
    if (key == "id") return Take("id", metadata_.id);
    if (key == "name") return Take("name", metadata_.name);
    if (key == "schemaString") return Take("schemaString", metadata_.schema_string);
    if (key == "partitionColumns") return TakePartitionColumns();
    if (key == "configuration") return TakeConfiguration();
    return cursor_.Raw().has_value();
  }

  bool Wrong(std::string why) {
    wrong_ = std::move(why);
    return false;
  }

  bool Take(std::string_view key, std::string& target) {
    if (cursor_.Next() == 'n') return cursor_.Raw().has_value();
    const auto text = cursor_.Text(scratch_);
    if (!text) return Wrong(std::string(key) + " is no string");
    target = *text;
    return true;
  }

  bool TakePartitionColumns() {
    if (cursor_.Next() == 'n') return cursor_.Raw().has_value();
    if (cursor_.Next() != '[') return Wrong("partitionColumns is no list");
    return cursor_.Array([&] {
      const auto name = cursor_.Text(scratch_);
      if (!name) return Wrong("partitionColumns holds something that is no name");
      metadata_.partition_columns.emplace_back(*name);
      return true;
    });
  }

  bool TakeConfiguration() {
    if (cursor_.Next() == 'n') return cursor_.Raw().has_value();
    if (cursor_.Next() != '{') return Wrong("configuration is no object");
    return cursor_.Object([&](std::string_view key) {
      std::string& property = metadata_.configuration[std::string(key)];
      // Values are strings by the protocol; another scalar is kept as it is spelt.
      const auto value = cursor_.Next() == '"' ? cursor_.Text(scratch_) : cursor_.Raw();
      if (value) property = *value;
      return value.has_value();
    });
  }

  JsonCursor cursor_;
  Metadata metadata_;
  std::string scratch_;
  std::string wrong_;
};

}  // namespace

Result<Metadata> ParseMetadata(std::string_view json) {
  LEVEE_ASSIGN(Metadata metadata, MetadataReader(json).Read());
  metadata.schema.partition_columns = metadata.partition_columns;
  // Early writers left the schema out; such a table has files but no column to ask for.
  if (metadata.schema_string.empty()) return metadata;
  const auto mode = metadata.configuration.find("delta.columnMapping.mode");
  LEVEE_ASSIGN(metadata.schema, ParseSchema(metadata.schema_string, metadata.partition_columns,
                                            mode == metadata.configuration.end() ? "none" : mode->second));
  return metadata;
}

}  // namespace levee::delta

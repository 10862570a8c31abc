#include "api/table_json.h"

#include <optional>
#include <string_view>
#include <vector>

#include "delta/json_text.h"
#include "output/human_text.h"
#include "output/json_writer.h"

namespace levee::api {
namespace {

void WriteNames(output::JsonWriter& json, const std::optional<std::vector<std::string>>& names) {
  if (!names) {
    json.Null();
    return;
  }
  json.BeginArray();
  for (const std::string& name : *names) json.String(name);
  json.EndArray();
}

void WriteMetadata(output::JsonWriter& json, const delta::Metadata& metadata) {
  json.Key("schema");
  delta::JsonObjectMembers(metadata.schema_string) ? json.Raw(metadata.schema_string) : json.Null();
  json.Key("partitionColumns");
  WriteNames(json, metadata.partition_columns);
  json.Key("configuration").BeginObject();
  for (const auto& [key, value] : metadata.configuration) json.Member(key, value);
  json.EndObject();
}

}  // namespace

std::string TableJson(const catalog::TableState& state) {
  std::string out;
  output::JsonWriter json(out);
  json.BeginObject().Member("uri", state.record.uri).Key("name");
  state.record.name.empty() ? json.Null() : json.String(state.record.name);
  json.Member("version", state.version)
      .Member("timestamp", output::UtcTime(state.commit.timestamp_ms))
      .Member("id", state.metadata.id);
  json.Key("protocol")
      .BeginObject()
      .Member("minReaderVersion", state.protocol.min_reader_version)
      .Member("minWriterVersion", state.protocol.min_writer_version);
  json.Key("readerFeatures");
  WriteNames(json, state.protocol.reader_features);
  json.Key("writerFeatures");
  WriteNames(json, state.protocol.writer_features);
  json.EndObject();
  WriteMetadata(json, state.metadata);
  json.Member("numFiles", state.commit.num_files)
      .Member("sizeInBytes", state.commit.size_bytes)
      .Member("numRecords", state.commit.num_records);
  json.Key("txns").BeginObject();
  for (const auto& [app_id, version] : state.transactions) json.Member(app_id, version);
  json.EndObject().Key("domains").BeginArray();
  for (const auto& [domain, configuration] : state.domains) {
    json.BeginObject().Member("domain", domain).Member("configuration", configuration).EndObject();
  }
  json.EndArray().EndObject();
  return out;
}

}  // namespace levee::api

// The actions of the Delta protocol as read from a log ("Actions").
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "types/schema.h"

namespace levee::delta {

struct DeletionVectorDescriptor {
  std::string storage_type;  // "u", "i" or "p"
  std::string path_or_inline;
  std::optional<std::int64_t> offset;
  std::int64_t size_bytes = 0;
  std::int64_t cardinality = 0;

  std::string UniqueId() const;
};

using PartitionValues = std::vector<std::pair<std::string, std::optional<std::string>>>;

struct AddAction {
  std::string path;  // as the log has it
  PartitionValues partition_values;
  std::int64_t size_bytes = 0;
  std::int64_t modification_time_ms = 0;
  bool data_change = false;
  std::optional<std::string> stats_json;
  std::optional<std::string> tags_json;
  std::optional<DeletionVectorDescriptor> deletion_vector;
  std::optional<std::int64_t> base_row_id;
  std::optional<std::int64_t> default_row_commit_version;
  std::optional<std::string> clustering_provider;
  std::string residual_json;  // a JSON object of fields this program does not know; empty: none
};

struct RemoveAction {
  std::string path;
  std::optional<std::int64_t> deletion_timestamp_ms;
  bool data_change = false;
  std::optional<bool> extended_file_metadata;
  std::optional<PartitionValues> partition_values;
  std::optional<std::int64_t> size_bytes;
  std::optional<std::string> stats_json;
  std::optional<std::string> tags_json;
  std::optional<DeletionVectorDescriptor> deletion_vector;
  std::optional<std::int64_t> base_row_id;
  std::optional<std::int64_t> default_row_commit_version;
  std::string residual_json;
};

struct Protocol {
  std::int32_t min_reader_version = 0;
  std::int32_t min_writer_version = 0;
  std::optional<std::vector<std::string>> reader_features;
  std::optional<std::vector<std::string>> writer_features;
};

struct Metadata {
  std::string id;
  std::string name;
  std::string schema_string;
  std::vector<std::string> partition_columns;
  std::map<std::string, std::string> configuration;
  types::Schema schema;  // parsed, physical names by delta.columnMapping.mode
};

// Actions whose newest one (by kind and key) is the table's state. The JSON is the action's body as
// the log has it (of a checkpoint: rebuilt in the protocol's field names).
enum class StateKind : std::uint8_t { kProtocol = 1, kMetadata = 2, kTransaction = 3, kDomainMetadata = 4 };
struct StateAction {
  StateKind kind = StateKind::kProtocol;
  std::string key;   // appId, domain, or empty
  std::string json;  // a removed domain has "removed":true
};

// Parses bodies of state actions. kCorrupt when a required field is missing or of the wrong type.
Result<Protocol> ParseProtocol(std::string_view json);
Result<Metadata> ParseMetadata(std::string_view json);

// kUnsupported, naming the feature or version, when this program may not read such a table.
Status CheckReadable(const Protocol& protocol);

// Parses a schemaString. `mapping_mode` is the value of delta.columnMapping.mode ("none", "name", "id").
Result<types::Schema> ParseSchema(std::string_view schema_string,
                                  const std::vector<std::string>& partition_columns,
                                  std::string_view mapping_mode);

}  // namespace levee::delta

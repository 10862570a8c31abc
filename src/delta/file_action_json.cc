#include "delta/file_action_json.h"

#include <algorithm>

#include "delta/json_text.h"

namespace levee::delta {
namespace {

using simdjson::dom::element;

Error Wrong(std::string_view field) {
  return Error{
      ErrorCode::kCorrupt, "file action", std::string(field) + " is missing or of the wrong type", {}};
}

// Readers of fields: each takes null as absent, and answers whether the type was right.
bool Read(const element& value, std::string& out) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return false;
  out = text;
  return true;
}

bool Read(const element& value, std::int64_t& out) { return value.get(out) == simdjson::SUCCESS; }
bool Read(const element& value, bool& out) { return value.get(out) == simdjson::SUCCESS; }

bool Read(const element& value, PartitionValues& out) {
  simdjson::dom::object map;
  if (value.get(map) != simdjson::SUCCESS) return false;
  out.reserve(map.size());
  for (const auto [key, partition_value] : map) {
    std::string_view text;
    const bool is_text = partition_value.get(text) == simdjson::SUCCESS;
    if (!is_text && !partition_value.is_null()) return false;
    // Of a key that stands twice the last one counts, as in any JSON map.
    auto known = std::find_if(out.begin(), out.end(), [&](const auto& entry) { return entry.first == key; });
    if (known == out.end()) known = out.emplace(out.end(), std::string(key), std::nullopt);
    known->second = is_text ? std::optional<std::string>(text) : std::nullopt;
  }
  return true;
}

bool ReadOffset(const element& value, std::optional<std::int64_t>& out) {
  std::int64_t number = 0;
  if (value.is_null()) return true;
  if (value.get(number) != simdjson::SUCCESS) return false;
  out = number;
  return true;
}

bool Read(const element& value, DeletionVectorDescriptor& out) {
  simdjson::dom::object map;
  if (value.get(map) != simdjson::SUCCESS) return false;
  bool right = true;
  for (const auto [key, field] : map) {
    if (key == "storageType") right = right && Read(field, out.storage_type);
    if (key == "pathOrInlineDv") right = right && Read(field, out.path_or_inline);
    if (key == "offset") right = right && ReadOffset(field, out.offset);
    if (key == "sizeInBytes") right = right && Read(field, out.size_bytes);
    if (key == "cardinality") right = right && Read(field, out.cardinality);
  }
  return right && !out.storage_type.empty();
}

template <typename T>
bool Read(const element& value, std::optional<T>& out) {
  if (value.is_null()) return true;
  return Read(value, out.emplace());
}

// The field `field` of the only action of `line`, as it is spelt.
std::string RawField(std::string_view line, std::string_view action, std::string_view field) {
  std::string_view body;
  for (const JsonMember& member : JsonMembersOrNone(line)) {
    if (member.key == action) body = member.value;
  }
  for (const JsonMember& member : JsonMembersOrNone(body)) {
    if (member.key == field) return std::string(member.value);
  }
  return {};
}

// Keeps a field that is JSON itself (tags), or that no column knows.
bool ReadRaw(const element& value, std::string_view line, std::string_view action, std::string_view field,
             std::optional<std::string>& out) {
  if (value.is_null()) return true;
  if (!value.is_object()) return false;
  out = RawField(line, action, field);
  return true;
}

class Residual {
 public:
  Residual(std::string_view line, std::string_view action, std::string& json)
      : line_(line), action_(action), json_(json) {}

  void Add(std::string_view field) {
    if (json_.empty()) {
      json_ = "{";
    } else {
      json_.pop_back();
    }
    AppendJsonKey(json_, field);
    json_ += RawField(line_, action_, field);
    json_ += '}';
  }

 private:
  std::string_view line_;
  std::string_view action_;
  std::string& json_;
};

// Fields that add and remove share; `known` says whether this is one of them.
template <typename Action>
bool ReadShared(Action& action, std::string_view name, std::string_view key, const element& value,
                std::string_view line, bool& known) {
  known = true;
  if (key == "dataChange") return value.is_null() || Read(value, action.data_change);
  if (key == "stats") return Read(value, action.stats_json);
  if (key == "tags") return ReadRaw(value, line, name, key, action.tags_json);
  if (key == "deletionVector") return Read(value, action.deletion_vector);
  if (key == "baseRowId") return Read(value, action.base_row_id);
  if (key == "defaultRowCommitVersion") return Read(value, action.default_row_commit_version);
  known = false;
  return true;
}

}  // namespace

Result<AddAction> ParseAdd(const element& body, std::string_view line) {
  simdjson::dom::object fields;
  if (body.get(fields) != simdjson::SUCCESS) return std::unexpected(Wrong("add"));
  AddAction add;
  Residual residual(line, "add", add.residual_json);
  bool has_path = false;
  for (const auto [key, value] : fields) {
    bool right = true;
    bool known = false;
    if (key == "path") {
      right = has_path = Read(value, add.path);
    } else if (key == "size") {
      right = value.is_null() || Read(value, add.size_bytes);
    } else if (key == "modificationTime") {
      right = value.is_null() || Read(value, add.modification_time_ms);
    } else if (key == "partitionValues") {
      right = value.is_null() || Read(value, add.partition_values);
    } else if (key == "clusteringProvider") {
      right = Read(value, add.clustering_provider);
    } else {
      right = ReadShared(add, "add", key, value, line, known);
      if (!known) residual.Add(key);
    }
    if (!right) return std::unexpected(Wrong("add." + std::string(key)));
  }
  if (!has_path) return std::unexpected(Wrong("add.path"));
  return add;
}

Result<RemoveAction> ParseRemove(const element& body, std::string_view line) {
  simdjson::dom::object fields;
  if (body.get(fields) != simdjson::SUCCESS) return std::unexpected(Wrong("remove"));
  RemoveAction remove;
  Residual residual(line, "remove", remove.residual_json);
  bool has_path = false;
  for (const auto [key, value] : fields) {
    bool right = true;
    bool known = false;
    if (key == "path") {
      right = has_path = Read(value, remove.path);
    } else if (key == "size") {
      right = Read(value, remove.size_bytes);
    } else if (key == "deletionTimestamp") {
      right = Read(value, remove.deletion_timestamp_ms);
    } else if (key == "extendedFileMetadata") {
      right = Read(value, remove.extended_file_metadata);
    } else if (key == "partitionValues") {
      right = Read(value, remove.partition_values);
    } else {
      right = ReadShared(remove, "remove", key, value, line, known);
      if (!known) residual.Add(key);
    }
    if (!right) return std::unexpected(Wrong("remove." + std::string(key)));
  }
  if (!has_path) return std::unexpected(Wrong("remove.path"));
  return remove;
}

}  // namespace levee::delta

#include <memory>

#include "delta/actions.h"
#include "delta/json_text.h"

namespace levee::delta {
namespace {

constexpr int kDepthMax = 100;

std::unexpected<Error> Bad(std::string why) { return Fail(ErrorCode::kCorrupt, "schema", std::move(why)); }

std::string_view Find(const std::vector<JsonMember>& members, std::string_view key) {
  for (const JsonMember& member : members) {
    if (member.key == key) return member.value;
  }
  return {};
}

class SchemaParser {
 public:
  explicit SchemaParser(bool mapped) : mapped_(mapped) {}

  Result<types::DataType> Type(std::string_view json, int depth) {
    if (depth > kDepthMax) return Bad("types nest deeper than " + std::to_string(kDepthMax));
    if (const auto name = JsonString(json)) return types::DataType{types::ParsePrimitiveType(*name), nullptr};
    const auto members = JsonObjectMembers(json);
    if (!members) return Bad("a type is neither a name nor an object");
    const std::string kind = JsonString(Find(*members, "type")).value_or("");
    if (kind == "struct") return Struct(*members, depth);
    if (kind == "array") return Array(*members, depth);
    if (kind == "map") return Map(*members, depth);
    // A user-defined type of Spark is stored as its sqlType.
    if (kind == "udt" && !Find(*members, "sqlType").empty())
      return Type(Find(*members, "sqlType"), depth + 1);
    return types::DataType{{types::TypeKind::kUnknown, 0, 0}, nullptr};
  }

 private:
  static types::DataType Nested(types::TypeKind kind, std::vector<types::Field> fields) {
    return {{kind, 0, 0}, std::make_shared<const std::vector<types::Field>>(std::move(fields))};
  }

  Result<types::DataType> Struct(const std::vector<JsonMember>& members, int depth) {
    const auto elements = JsonArrayElements(Find(members, "fields"));
    if (!elements) return Bad("a struct has no list of fields");
    std::vector<types::Field> fields;
    fields.reserve(elements->size());
    for (const std::string_view element : *elements) {
      LEVEE_ASSIGN(types::Field field, StructField(element, depth));
      fields.push_back(std::move(field));
    }
    return Nested(types::TypeKind::kStruct, std::move(fields));
  }

  Result<types::Field> StructField(std::string_view json, int depth) {
    const auto members = JsonObjectMembers(json);
    if (!members) return Bad("a field is no object");
    auto name = JsonString(Find(*members, "name"));
    if (!name) return Bad("a field has no name");
    const std::string_view type = Find(*members, "type");
    if (type.empty()) return Bad("field " + *name + " has no type");
    types::Field field;
    LEVEE_ASSIGN(field.type, Type(type, depth + 1));
    field.name = std::move(*name);
    field.physical_name = field.name;
    field.nullable = Find(*members, "nullable") != "false";
    if (const auto metadata = JsonObjectMembers(Find(*members, "metadata"))) {
      field.metadata_json = Find(*members, "metadata");
      ReadMapping(*metadata, field);
      field.was_float = HasChangeFromFloat(Find(*metadata, "delta.typeChanges"));
    }
    return field;
  }

  void ReadMapping(const std::vector<JsonMember>& metadata, types::Field& field) const {
    field.column_mapping_id = JsonInteger(Find(metadata, "delta.columnMapping.id")).value_or(-1);
    if (!mapped_) return;
    auto physical = JsonString(Find(metadata, "delta.columnMapping.physicalName"));
    if (physical) field.physical_name = std::move(*physical);
  }

  Result<types::Field> Child(const std::vector<JsonMember>& members, std::string_view key, std::string name,
                             std::string_view nullable_key, int depth) {
    const std::string_view json = Find(members, key);
    if (json.empty()) return Bad("a type lacks its " + std::string(key));
    types::Field field;
    LEVEE_ASSIGN(field.type, Type(json, depth + 1));
    field.physical_name = name;
    field.name = std::move(name);
    field.nullable = Find(members, nullable_key) == "true";
    return field;
  }

  // A change inside an array or map counts as well: those have no bounds that it could spoil.
  static bool HasChangeFromFloat(std::string_view type_changes) {
    if (type_changes.empty()) return false;
    const auto changes = JsonArrayElements(type_changes).value_or(std::vector<std::string_view>());
    for (const std::string_view change : changes) {
      const auto members = JsonObjectMembers(change);
      if (members && JsonString(Find(*members, "fromType")) == "float") return true;
    }
    return false;
  }

  Result<types::DataType> Array(const std::vector<JsonMember>& members, int depth) {
    LEVEE_ASSIGN(types::Field element, Child(members, "elementType", "element", "containsNull", depth));
    return Nested(types::TypeKind::kArray, {std::move(element)});
  }

  Result<types::DataType> Map(const std::vector<JsonMember>& members, int depth) {
    LEVEE_ASSIGN(types::Field key, Child(members, "keyType", "key", "", depth));
    LEVEE_ASSIGN(types::Field value, Child(members, "valueType", "value", "valueContainsNull", depth));
    return Nested(types::TypeKind::kMap, {std::move(key), std::move(value)});
  }

  const bool mapped_;
};

}  // namespace

Result<types::Schema> ParseSchema(std::string_view schema_string,
                                  const std::vector<std::string>& partition_columns,
                                  std::string_view mapping_mode) {
  const bool mapped = mapping_mode == "name" || mapping_mode == "id";
  if (!mapped && mapping_mode != "none") {
    return Fail(ErrorCode::kUnsupported, "schema",
                "unknown column mapping mode " + std::string(mapping_mode));
  }
  LEVEE_ASSIGN(const types::DataType type, SchemaParser(mapped).Type(schema_string, 0));
  if (type.kind() != types::TypeKind::kStruct) return Bad("it is no struct");
  return types::Schema{*type.fields, partition_columns};
}

}  // namespace levee::delta

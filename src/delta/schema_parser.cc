#include <memory>
#include <optional>

#include "delta/actions.h"
#include "delta/json_text.h"

namespace levee::delta {
namespace {

constexpr int kDepthMax = 100;

std::unexpected<Error> Bad(std::string why) { return Fail(ErrorCode::kCorrupt, "schema", std::move(why)); }

// What a type that is no name says of itself, each as it stands; a member that is there twice counts the first time.
struct NestedType {
  std::string kind;
  std::optional<std::vector<types::Field>> read_fields;  // of a struct that told its kind before them
  std::string_view fields, element_type, contains_null, key_type, value_type, value_contains_null, sql_type;

  std::string_view* Find(std::string_view key) {
    if (key == "fields") return &fields;
    if (key == "elementType") return &element_type;
    if (key == "containsNull") return &contains_null;
    if (key == "keyType") return &key_type;
    if (key == "valueType") return &value_type;
    if (key == "valueContainsNull") return &value_contains_null;
    return key == "sqlType" ? &sql_type : nullptr;
  }
};

class SchemaParser {
 public:
  explicit SchemaParser(bool mapped) : mapped_(mapped) {}

  Result<types::DataType> Type(std::string_view json, int depth) const {
    JsonCursor cursor(json);
    LEVEE_ASSIGN(types::DataType type, Type(cursor, depth));
    if (!cursor.AtEnd()) return Bad("a type is neither a name nor an object");
    return type;
  }

 private:
  Result<types::DataType> Type(JsonCursor& cursor, int depth) const {
    if (depth > kDepthMax) return Bad("types nest deeper than " + std::to_string(kDepthMax));
    if (cursor.Next() == '"') {
      std::string scratch;
      const auto name = cursor.Text(scratch);
      if (!name) return Bad("a type is neither a name nor an object");
      return types::DataType{types::ParsePrimitiveType(*name), nullptr};
    }
    LEVEE_ASSIGN(NestedType type, Members(cursor, depth));
    if (type.kind == "struct") return Struct(std::move(type), depth);
    if (type.kind == "array") return Array(type, depth);
    if (type.kind == "map") return Map(type, depth);
    // A user-defined type of Spark is stored as its sqlType.
    if (type.kind == "udt" && !type.sql_type.empty()) return Type(type.sql_type, depth + 1);
    return types::DataType{{types::TypeKind::kUnknown, 0, 0}, nullptr};
  }

  Result<NestedType> Members(JsonCursor& cursor, int depth) const {
    NestedType type;
    std::string scratch;
    Status read;
    const bool valid = cursor.Object([&](std::string_view key) {
      if (key == "type" && type.kind.empty() && cursor.Next() == '"') {
        const auto kind = cursor.Text(scratch);
        if (kind) type.kind = *kind;
        return kind.has_value();
      }
      if (key == "fields" && type.kind == "struct" && !type.read_fields && cursor.Next() == '[') {
        read = Fields(cursor, depth, type.read_fields.emplace());
        return read.has_value();
      }
      std::string_view* const member = type.Find(key);
      const auto value = cursor.Raw();
      if (value && member != nullptr && member->empty()) *member = *value;
      return value.has_value();
    });
    LEVEE_RETURN_IF_ERROR(read);
    if (!valid) return Bad("a type is neither a name nor an object");
    return type;
  }

  static types::DataType Nested(types::TypeKind kind, std::vector<types::Field> fields) {
    return {{kind, 0, 0}, std::make_shared<const std::vector<types::Field>>(std::move(fields))};
  }

  Result<types::DataType> Struct(NestedType type, int depth) const {
    if (!type.read_fields) {
      JsonCursor cursor(type.fields);
      LEVEE_RETURN_IF_ERROR(Fields(cursor, depth, type.read_fields.emplace()));
    }
    return Nested(types::TypeKind::kStruct, std::move(*type.read_fields));
  }

  Status Fields(JsonCursor& cursor, int depth, std::vector<types::Field>& fields) const {
    Status read;
    const bool valid = cursor.Array([&] {
      read = StructField(cursor, depth, fields.emplace_back());
      return read.has_value();
    });
    LEVEE_RETURN_IF_ERROR(read);
    if (!valid) return Bad("a struct has no list of fields");
    return {};
  }

  Status StructField(JsonCursor& cursor, int depth, types::Field& field) const {
    std::string scratch;
    bool named = false, typed = false, nullable_known = false, has_metadata = false;
    Status read;
    const bool valid = cursor.Object([&](std::string_view key) {
      if (key == "name" && !named && cursor.Next() == '"') {
        const auto name = cursor.Text(scratch);
        if (name) field.name = *name;
        return named = name.has_value();
      }
      if (key == "type" && !typed) {
        auto type = Type(cursor, depth + 1);
        if (type) field.type = std::move(*type);
        if (!type) read = std::unexpected(std::move(type.error()));
        return typed = type.has_value();
      }
      const bool is_nullable = key == "nullable", is_metadata = key == "metadata";
      const auto value = cursor.Raw();
      if (!value) return false;
      if (is_nullable && !nullable_known) field.nullable = *value != "false", nullable_known = true;
      if (is_metadata && !has_metadata) has_metadata = ReadMetadata(*value, field);
      return true;
    });
    LEVEE_RETURN_IF_ERROR(read);
    if (!valid) return Bad("a field is no object");
    if (!named) return Bad("a field has no name");
    if (!typed) return Bad("field " + field.name + " has no type");
    if (field.physical_name.empty()) field.physical_name = field.name;
    return {};
  }

  bool ReadMetadata(std::string_view json, types::Field& field) const {
    if (!IsJsonObject(json)) return false;
    field.metadata_json = json;
    JsonCursor cursor(json);
    std::string scratch;
    return cursor.Object([&](std::string_view key) {
      const bool is_id = key == "delta.columnMapping.id", is_changes = key == "delta.typeChanges";
      if (mapped_ && key == "delta.columnMapping.physicalName" && cursor.Next() == '"') {
        const auto name = cursor.Text(scratch);
        if (name && field.physical_name.empty()) field.physical_name = *name;
        return name.has_value();
      }
      const auto value = cursor.Raw();
      if (!value) return false;
      if (is_id && field.column_mapping_id < 0) field.column_mapping_id = JsonInteger(*value).value_or(-1);
      if (is_changes) field.was_float = field.was_float || HasChangeFromFloat(*value);
      return true;
    });
  }

  Result<types::Field> Child(std::string_view type, std::string_view what, std::string name, bool nullable,
                             int depth) const {
    if (type.empty()) return Bad("a type lacks its " + std::string(what));
    types::Field field;
    LEVEE_ASSIGN(field.type, Type(type, depth + 1));
    field.physical_name = name;
    field.name = std::move(name);
    field.nullable = nullable;
    return field;
  }

  // A change inside an array or map counts as well: those have no bounds that it could spoil.
  static bool HasChangeFromFloat(std::string_view type_changes) {
    const auto changes = JsonArrayElements(type_changes).value_or(std::vector<std::string_view>());
    for (const std::string_view change : changes) {
      for (const JsonMember& member : JsonMembersOrNone(change)) {
        if (member.key == "fromType" && JsonString(member.value) == "float") return true;
      }
    }
    return false;
  }

  Result<types::DataType> Array(const NestedType& type, int depth) const {
    LEVEE_ASSIGN(types::Field element,
                 Child(type.element_type, "elementType", "element", type.contains_null == "true", depth));
    return Nested(types::TypeKind::kArray, {std::move(element)});
  }

  Result<types::DataType> Map(const NestedType& type, int depth) const {
    LEVEE_ASSIGN(types::Field key, Child(type.key_type, "keyType", "key", false, depth));
    LEVEE_ASSIGN(types::Field value,
                 Child(type.value_type, "valueType", "value", type.value_contains_null == "true", depth));
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

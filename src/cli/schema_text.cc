#include "cli/schema_text.h"

#include <algorithm>

#include "output/human_text.h"

namespace levee::cli {
namespace {

std::string TypeText(const types::DataType& type) {
  switch (type.kind()) {
    case types::TypeKind::kStruct: return "struct";
    case types::TypeKind::kArray:
      return type.fields && type.fields->size() == 1 ? "array<" + TypeText(type.fields->front().type) + '>' : "array";
    case types::TypeKind::kMap:
      return type.fields && type.fields->size() == 2
                 ? "map<" + TypeText(type.fields->front().type) + ", " + TypeText(type.fields->back().type) + '>'
                 : "map";
    case types::TypeKind::kUnknown: return "unknown";
    default: return types::TypeName(type.primitive);
  }
}

void AppendFields(std::string& out, const std::vector<types::Field>& fields, const types::Schema& schema,
                  std::size_t indent) {
  std::size_t width = 0;
  for (const types::Field& field : fields) width = std::max(width, output::DisplayWidth(field.name));
  for (const types::Field& field : fields) {
    const std::string name = output::Printable(field.name);
    out.append(indent, ' ');
    out += name;
    out.append(width - std::min(width, output::DisplayWidth(name)) + 2, ' ');
    out += TypeText(field.type);
    if (!field.nullable) out += ", not null";
    const auto& partitions = schema.partition_columns;
    if (&fields == &schema.fields && std::find(partitions.begin(), partitions.end(), field.name) != partitions.end()) {
      out += ", partition";
    }
    out += '\n';
    if (field.type.kind() == types::TypeKind::kStruct && field.type.fields) {
      AppendFields(out, *field.type.fields, schema, indent + 2);
    }
  }
}

}  // namespace

std::string SchemaText(const types::Schema& schema) {
  std::string out;
  AppendFields(out, schema.fields, schema, 2);
  return out;
}

}  // namespace levee::cli

#include "catalog/schema_resolver.h"

#include <algorithm>

namespace levee::catalog {
namespace {

// Lower case of ASCII alone: names beyond it bind by their exact spelling.
std::string LowerPath(const std::vector<std::string>& path) {
  std::string lower;
  for (const std::string& name : path) {
    if (!lower.empty()) lower += types::kPathSeparator;
    for (const char c : name) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return lower;
}

std::vector<std::string> SplitAtDots(std::string_view name) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t dot = name.find('.');
    parts.emplace_back(name.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    name.remove_prefix(dot + 1);
  }
}

}  // namespace

SchemaResolver::SchemaResolver(const types::Schema& schema) {
  AddFields(schema.fields, {}, schema);
  for (std::size_t i = 0; i < columns_.size(); ++i) by_lower_path_.emplace(LowerPath(columns_[i].path), i);
}

void SchemaResolver::AddFields(const std::vector<types::Field>& fields, const Column& parent,
                               const types::Schema& schema) {
  const bool top = parent.path.empty();
  for (const types::Field& field : fields) {
    Column column = parent;
    column.path.push_back(field.name);
    expr::ColumnRef& reference = column.reference;
    reference.name += (top ? "" : ".") + field.name;
    if (!top) reference.physical_path += types::kPathSeparator;
    reference.physical_path += field.physical_name.empty() ? field.name : field.physical_name;
    reference.type = field.type.primitive;
    reference.was_float = field.was_float;
    reference.is_partition = top && std::ranges::find(schema.partition_columns, field.name) !=
                                        schema.partition_columns.end();
    columns_.push_back(column);
    if (field.type.kind() == types::TypeKind::kStruct && field.type.fields) {
      AddFields(*field.type.fields, column, schema);
    }
  }
}

std::optional<expr::ColumnRef> SchemaResolver::Resolve(const std::vector<std::string>& path) const {
  const auto [first, last] = by_lower_path_.equal_range(LowerPath(path));
  const Column* found = nullptr;
  for (auto at = first; at != last; ++at) {
    const Column& column = columns_[at->second];
    if (column.path == path) return column.reference;
    // The multimap keeps no order: the first in the schema wins.
    if (found == nullptr || &column < found) found = &column;
  }
  if (found == nullptr) return std::nullopt;
  return found->reference;
}

std::vector<std::string> SchemaResolver::Names() const {
  std::vector<std::string> names;
  names.reserve(columns_.size());
  for (const Column& column : columns_) names.push_back(column.reference.name);
  return names;
}

std::optional<expr::ColumnRef> SchemaResolver::ResolveDotted(std::string_view name) const {
  if (auto whole = Resolve({std::string(name)})) return whole;
  return Resolve(SplitAtDots(name));
}

}  // namespace levee::catalog

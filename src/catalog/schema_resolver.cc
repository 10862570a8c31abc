#include "catalog/schema_resolver.h"

#include <algorithm>
#include <cstddef>

#include "base/hash.h"
#include "types/names.h"

namespace levee::catalog {
namespace {

std::uint64_t LowerHash(std::string_view path, std::string& lower) {
  lower.resize(path.size());
  std::ranges::transform(path, lower.begin(), types::LowerAscii);
  return Hash64(lower);
}

std::string Join(const std::vector<std::string>& path) {
  std::string joined;
  for (const std::string& name : path) {
    if (&name != &path.front()) joined += types::kPathSeparator;
    joined += name;
  }
  return joined;
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
  columns_.reserve(schema.fields.size());
  AddFields(schema.fields, -1, schema);
  std::string lower;
  by_lower_path_ = HashChains(columns_.size(), [&](std::size_t i) { return LowerHash(columns_[i].path, lower); });
}

void SchemaResolver::AddFields(const std::vector<types::Field>& fields, std::ptrdiff_t parent,
                               const types::Schema& schema) {
  for (const types::Field& field : fields) {
    const auto place = static_cast<std::ptrdiff_t>(columns_.size());
    Column& column = parent < 0 ? columns_.emplace_back() : columns_.emplace_back(Column(columns_[parent]));
    expr::ColumnRef& reference = column.reference;
    if (parent >= 0) {
      column.path += types::kPathSeparator;
      reference.name += '.';
      reference.physical_path += types::kPathSeparator;
    }
    column.path += field.name;
    reference.name += field.name;
    reference.physical_path += field.physical_name.empty() ? field.name : field.physical_name;
    reference.type = field.type.primitive;
    reference.was_float = field.was_float;
    reference.is_partition = parent < 0 && std::ranges::find(schema.partition_columns, field.name) !=
                                               schema.partition_columns.end();
    if (field.type.kind() == types::TypeKind::kStruct && field.type.fields) {
      AddFields(*field.type.fields, place, schema);
    }
  }
}

std::optional<expr::ColumnRef> SchemaResolver::Resolve(const std::vector<std::string>& path) const {
  if (path.empty()) return std::nullopt;
  const std::string joined = Join(path);
  std::string lower;
  const Column* exact = nullptr;
  const Column* found = nullptr;
  by_lower_path_.ForEach(LowerHash(joined, lower), [&](std::uint32_t i) {
    const Column& column = columns_[i];
    if (exact == nullptr && column.path == joined) exact = &column;
    // The first in the schema wins.
    if (found == nullptr && types::SameName(column.path, joined)) found = &column;
  });
  if (found == nullptr) return std::nullopt;
  return exact != nullptr ? exact->reference : found->reference;
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

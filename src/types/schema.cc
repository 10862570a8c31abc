#include "types/schema.h"

#include <algorithm>

namespace levee::types {
namespace {

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, [&](char x, char y) { return lower(x) == lower(y); });
}

// The leaves below one top-level field; the path so far is kept here and unwound on the way back.
class LeafCollector {
 public:
  LeafCollector(bool is_partition, std::vector<LeafColumn>& leaves)
      : is_partition_(is_partition), leaves_(leaves) {}

  void Visit(const Field& field, bool nullable_above) {
    const std::size_t physical_size = physical_path_.size();
    if (!logical_path_.empty()) physical_path_ += kPathSeparator;
    physical_path_ += field.physical_name.empty() ? field.name : field.physical_name;
    logical_path_.push_back(field.name);
    const bool nullable = nullable_above || field.nullable;
    if (field.type.kind() != TypeKind::kStruct) {
      leaves_.push_back({logical_path_, physical_path_, field.type.primitive, is_partition_, nullable});
    } else if (field.type.fields != nullptr) {
      for (const Field& child : *field.type.fields) Visit(child, nullable);
    }
    logical_path_.pop_back();
    physical_path_.resize(physical_size);
  }

 private:
  const bool is_partition_;
  std::vector<LeafColumn>& leaves_;
  std::vector<std::string> logical_path_;
  std::string physical_path_;
};

}  // namespace

std::vector<LeafColumn> Schema::Leaves() const {
  std::vector<LeafColumn> leaves;
  leaves.reserve(fields.size());
  for (const Field& field : fields) {
    const bool is_partition = std::ranges::any_of(
        partition_columns, [&](const std::string& name) { return EqualIgnoringCase(name, field.name); });
    LeafCollector(is_partition, leaves).Visit(field, false);
  }
  return leaves;
}

}  // namespace levee::types

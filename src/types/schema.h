// A table's schema at a version, and its leaf columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "types/data_type.h"

namespace levee::types {

// Joins the names of a nested column's path into one key: U+001F never stands in a column name.
inline constexpr char kPathSeparator = '\x1f';

// A leaf that statistics, a partition value or a predicate may name: reached through structs only.
struct LeafColumn {
  std::vector<std::string> logical_path;  // names as the user writes them
  std::string physical_path;              // physical names joined by kPathSeparator
  PrimitiveType type;
  bool is_partition = false;
  bool nullable = true;  // the leaf or a struct above it
};

struct Schema {
  std::vector<Field> fields;
  std::vector<std::string> partition_columns;  // logical names, in the order of the metaData action

  // Every leaf in schema order, partition columns among them; leaves inside arrays and
  // maps are left out, arrays, maps and variants themselves are given with their kind.
  std::vector<LeafColumn> Leaves() const;
};

}  // namespace levee::types

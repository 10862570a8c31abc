// Finds the columns of a table's schema by the names that users write.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash_chains.h"
#include "expr/predicate.h"
#include "types/schema.h"

namespace levee::catalog {

// Binds case-insensitively, as Delta does; of names that differ in case only, the exact one wins.
// Structs, arrays and maps bind with their kind. Immutable, thread-safe.
class SchemaResolver final : public expr::ColumnResolver {
 public:
  explicit SchemaResolver(const types::Schema& schema);

  std::optional<expr::ColumnRef> Resolve(const std::vector<std::string>& path) const override;
  std::vector<std::string> Names() const override;

  // A name with dots, as command lines have it: taken whole first, then split at its dots.
  std::optional<expr::ColumnRef> ResolveDotted(std::string_view name) const;

 private:
  struct Column {
    std::string path;  // names joined by types::kPathSeparator
    expr::ColumnRef reference;
  };

  // Below `parent` (-1: at the top).
  void AddFields(const std::vector<types::Field>& fields, std::ptrdiff_t parent, const types::Schema& schema);

  std::vector<Column> columns_;
  HashChains by_lower_path_;  // to columns_
};

}  // namespace levee::catalog

// What a list of files is sorted by.
#pragma once

#include <expected>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "cli/command.h"

namespace levee::cli {

// `text` is the value of --order-by: fields or partition columns, separated by commas, "asc" (default) or "desc"
// behind each. Unknown fields, and those without an order, are wrong usage; an unknown column behind min., max. or
// nulls. is an error.
std::expected<std::vector<query::SortKey>, Failure> ReadOrder(const catalog::View& view, std::string_view text);

// The column that a field or a partition column of that name has; empty when there is none, or it has several.
std::expected<std::optional<query::SortKey>, Failure> OrderedColumn(const catalog::View& view, std::string_view name);

}  // namespace levee::cli

// What a list of files is sorted by.
#pragma once

#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace levee::api {

// What errors call the order.
inline constexpr std::string_view kFileOrder = "order";

// `text` is the value of --order-by: fields or partition columns, separated by commas, "asc" (default) or "desc"
// behind each. Of unknown fields, and of those without an order, the error's `what` is kFileOrder.
// `listed` as in FileChoice.
Result<std::vector<query::SortKey>> ReadOrder(const catalog::View& view, std::string_view text,
                                       const catalog::ListedFiles* listed);

// Takes " asc" or " desc" off the end of a name; whether it was " desc".
bool TakeDescending(std::string_view& name);

// The column that a field or a partition column of that name has; empty when there is none, or it has several.
Result<std::optional<query::SortKey>> OrderedColumn(const catalog::View& view, std::string_view name);

}  // namespace levee::api

// The rows of a part that a query finds.
#pragma once

#include <span>

#include "base/bitmap.h"
#include "text/query/search.h"

namespace levee::text {

// Without those that are gone; whether they are allowed is not asked.
Result<Bitmap> MatchNode(const Node& node, std::span<const Scorer> scorers, const PartInput& input, std::uint32_t part);

// The rows that any of the scorers has; those that are gone may be among them.
Result<Bitmap> RowsOfAny(std::span<const Scorer* const> scorers, const PartInput& input, std::uint32_t part);

}  // namespace levee::text

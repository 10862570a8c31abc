// Reads the bodies of add and remove actions.
#pragma once

#include <simdjson.h>

#include <string_view>

#include "delta/actions.h"

namespace levee::delta {

// `line` is the text that `body` was parsed from, for what must keep its spelling. kCorrupt when the
// path is missing or a known field is of the wrong type; unknown fields go to residual_json.
Result<AddAction> ParseAdd(const simdjson::dom::element& body, std::string_view line);
Result<RemoveAction> ParseRemove(const simdjson::dom::element& body, std::string_view line);

}  // namespace levee::delta

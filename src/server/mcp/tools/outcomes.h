// What became of writes, as JSON.
#pragma once

#include <string>
#include <vector>

#include "levee/memory.h"

namespace levee::mcp {

// `{"outcomes":[...]}`.
std::string OutcomesJson(const std::vector<Written>& outcomes);

// Whether items came or went.
bool ListChanged(const std::vector<Written>& outcomes);

// "last-write", "merge", "manual"; nothing: none of them.
std::optional<ConflictPolicy> ParsePolicy(std::string_view name);

}  // namespace levee::mcp

// Indexes that users asked for, kept as notes of the store.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "levee/memory_reports.h"

namespace levee::memory {

std::unexpected<Error> IndexFailure(ErrorCode code, std::string_view name, std::string why, std::string hint = {});

// INDEX_ERROR: it has no name, no keys, or a key that is none.
Status CheckIndex(const IndexSpec& index);

// The note of an index, and what stands there: its keys, a line each.
std::string IndexNote(std::string_view name);
std::string IndexText(const IndexSpec& index);
std::vector<std::string> IndexKeysOf(std::string_view text);
// By name.
Result<std::vector<IndexSpec>> IndexesOf(const std::map<std::string, std::string>& notes);

}  // namespace levee::memory

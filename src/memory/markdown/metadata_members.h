// Which metadata may stand in a head member by member, where people can edit it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "memory/json/json_members.h"
#include "memory/markdown/front_matter.h"

namespace levee::memory {

// Its members, when a head of that format gives the same text back byte for byte: it is compact JSON, its keys are plain and
// none of them an item's own, its values can stand on one line. Empty: it has to be kept as one text.
std::optional<std::vector<JsonMember>> PlainMembers(std::string_view metadata, FrontMatterFormat format);

// Puts an object together again: {"key":value,...}.
std::string ObjectJson(const std::vector<JsonMember>& members);

}  // namespace levee::memory

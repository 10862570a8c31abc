// Items, what was found, versions and outcomes as JSON: an object of one line each, without a newline at its end.
#pragma once

#include <string>

#include "levee/memory.h"
#include "memory/json/item_fields.h"

namespace levee::memory {

// Members in the order of kItemFieldNames. Times are RFC 3339 in UTC. ParseItem reads it back the same, but that newlines
// between the tokens of the metadata become blanks, and bytes that are no UTF-8 U+FFFD.
void AppendItemJson(std::string& out, const Item& item, ItemFields fields);
std::string ItemJson(const Item& item, ItemFields fields = ItemFields::All());

// The item and `score`, `snippet`, `why`; the last two where they are not empty.
void AppendFoundJson(std::string& out, const Found& found, ItemFields fields);
// `operation`, `author`, `written`, then the item.
void AppendVersionJson(std::string& out, const ItemVersion& version, ItemFields fields);
// `id`, `outcome` (OutcomeName), `version`.
void AppendWrittenJson(std::string& out, const Written& written);

}  // namespace levee::memory

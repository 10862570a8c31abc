// Items as resources: levee://memory/ID, the id percent-encoded.
#pragma once

#include <string>
#include <string_view>

#include "levee/memory.h"
#include "output/json_writer.h"
#include "server/mcp/message.h"

namespace levee::mcp {

inline constexpr std::string_view kResourcePrefix = "levee://memory/";
inline constexpr std::string_view kResourceTemplate = "levee://memory/{id}{?offset}";

// Each writes members of a result; an error leaves `out` as it may be.

// `resources` and `nextCursor`: newest first, without contents.
Result<void> ListResources(MemoryBank& bank, std::string_view cursor, output::JsonWriter& out);
// `resourceTemplates`.
void ListResourceTemplates(output::JsonWriter& out);
// `contents`: at most `content_bytes` of the item's content, from the URI's offset on; `_meta` says where to go on. Nothing
// is written if there is no such item: ITEM_NOT_FOUND; VALIDATION_ERROR: no URI of ours.
Result<void> ReadResource(MemoryBank& bank, std::string_view uri, std::size_t content_bytes, output::JsonWriter& out);

}  // namespace levee::mcp

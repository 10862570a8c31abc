// What a tool is: one file of tools/ each.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "levee/memory.h"
#include "server/mcp/arguments.h"

namespace levee::mcp {

// One call of a tool, while it runs. Not thread-safe.
struct ToolCall {
  MemoryBank& bank;
  Arguments& arguments;
  std::size_t result_bytes;                                             // how long a result may be, as JSON, about
  std::string author;                                                   // whom writes are told of
  std::function<void(std::int64_t done, std::int64_t total)> progress;  // tells the client, if it asked
  std::function<bool()> cancelled;                                      // whether nobody waits any more
  bool changed = false;                                                 // set by a tool that added items or took some away
};

struct Tool {
  std::string_view name, title, description;
  std::string_view input_schema, output_schema;  // JSON
  bool read_only = false, destructive = false, idempotent = false;
  // The structured content, a JSON object. Errors carry the bank's code.
  Result<std::string> (*run)(ToolCall& call);
};

// In the order in which they are listed.
std::span<const Tool> Tools();

}  // namespace levee::mcp

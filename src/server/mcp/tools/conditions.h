// Arguments of the tools that look for items.
#pragma once

#include "levee/memory.h"
#include "server/mcp/tool.h"

namespace levee::mcp {

struct Question {
  ItemQuery query;
  bool count = false;  // how many match is wanted, too
};

// Reads what LEVEE_MCP_CONDITIONS names; what is wrong stays in `arguments`.
Question ReadQuestion(Arguments& arguments);

}  // namespace levee::mcp

// Pages of items that fit into a result.
#pragma once

#include "server/mcp/tool.h"
#include "server/mcp/tools/conditions.h"

namespace levee::mcp {

// The fields that results have: no embeddings.
std::string FoundJson(const Found& found, bool with_content);

// A page as LEVEE_MCP_PAGE has it: as many items as fit, and the cursor behind the last one of them. Of an item that is too
// long alone, the content's beginning.
Result<std::string> PageJson(ToolCall& call, const Question& question);

// As many items of the query as fit, each as `render` makes it, joined by `joint`; the query's limit and cursor are moved
// so that `page` has those items and no more.
struct Fitting {
  std::string text;
  ItemPage page;
  bool left_out = false;  // items that the limit would have let in
  bool cut = false;       // the only item is longer than the result may be, and not all of it is there
};
Result<Fitting> FindFitting(ToolCall& call, ItemQuery query, char joint,
                            const std::function<std::string(const Found&)>& render);

}  // namespace levee::mcp

#include "base/status.h"
#include "server/mcp/tools/all_tools.h"
#include "server/mcp/tools/item_schema.h"
#include "server/mcp/tools/page.h"

namespace levee::mcp {
namespace {

Result<std::string> Run(ToolCall& call) {
  const Question question = ReadQuestion(call.arguments);
  LEVEE_RETURN_IF_ERROR(call.arguments.Done());
  return PageJson(call, question);
}

}  // namespace

Tool QueryTool() {
  return {
      .name = "memory_query",
      .title = "Look through",
      .description =
          "Items that meet exact conditions (namespaces, categories, tags, metadata, times), newest first or in an "
          "order. Every item that matches is found, page by page. For words use memory_search.",
      .input_schema = R"({"type":"object","properties":{)" LEVEE_MCP_CONDITIONS R"(},"additionalProperties":false})",
      .output_schema = LEVEE_MCP_PAGE,
      .read_only = true,
      .run = Run,
  };
}

}  // namespace levee::mcp

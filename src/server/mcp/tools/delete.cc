#include "base/status.h"
#include "server/mcp/tools/all_tools.h"
#include "server/mcp/tools/item_schema.h"
#include "server/mcp/tools/outcomes.h"

namespace levee::mcp {
namespace {

Result<std::string> Run(ToolCall& call) {
  std::vector<std::string> ids;
  std::optional<std::string> id;
  std::optional<std::int64_t> expected;
  call.arguments.Read("id", id);
  call.arguments.Read("ids", ids);
  call.arguments.Read("expectedVersion", expected);
  if (id.has_value() == !ids.empty()) call.arguments.Refuse("id", "either id or ids must be given");
  if (expected && !id) call.arguments.Refuse("expectedVersion", "it goes with id");
  LEVEE_RETURN_IF_ERROR(call.arguments.Done());
  if (id) ids = {*id};
  std::vector<ItemRemoval> removals;
  for (std::string& one : ids) removals.push_back({std::move(one), expected});
  LEVEE_ASSIGN(const auto outcomes, call.bank.Delete(std::move(removals), {.author = call.author}));
  call.changed = ListChanged(outcomes);
  return OutcomesJson(outcomes);
}

}  // namespace

Tool DeleteTool() {
  return {
      .name = "memory_delete",
      .title = "Forget",
      .description = "Takes items away. Their versions stay in the history as long as retention keeps them.",
      .input_schema =
          R"({"type":"object","properties":{"id":{"type":"string"},"ids":{"type":"array","items":{"type":"string"}},)"
          R"("expectedVersion":{"type":["integer","null"],"minimum":1}},"additionalProperties":false})",
      .output_schema = R"({"type":"object","required":["outcomes"],"properties":{"outcomes":)" LEVEE_MCP_OUTCOMES "}}",
      .destructive = true,
      .idempotent = true,
      .run = Run,
  };
}

}  // namespace levee::mcp

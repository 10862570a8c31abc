#include "base/status.h"
#include "server/mcp/tools/all_tools.h"
#include "server/mcp/tools/item_schema.h"
#include "server/mcp/tools/outcomes.h"

namespace levee::mcp {
namespace {

Result<std::string> Run(ToolCall& call) {
  Arguments& arguments = call.arguments;
  ItemChange change;
  if (!arguments.Has("id")) arguments.Refuse("id", "it must be given");
  arguments.Read("id", change.id);
  arguments.Read("expectedVersion", change.expected_version);
  arguments.Read("namespace", change.name_space);
  arguments.Read("category", change.category);
  arguments.Read("content", change.content);
  if (const auto metadata = arguments.Json("metadata")) {
    if (!metadata->IsObject()) arguments.Refuse("metadata", "it must be an object");
    change.metadata = metadata->text();
  }
  arguments.Read("tags", change.tags);
  arguments.Read("addTags", change.add_tags);
  arguments.Read("removeTags", change.remove_tags);
  arguments.ReadTime("expires", change.expires);
  if (arguments.IsNull("expires")) change.expires = 0;
  LEVEE_RETURN_IF_ERROR(arguments.Done());
  LEVEE_ASSIGN(const auto outcomes, call.bank.Update({std::move(change)}, {.author = call.author}));
  return OutcomesJson(outcomes);
}

}  // namespace

Tool UpdateTool() {
  return {
      .name = "memory_update",
      .title = "Change an item",
      .description =
          "Changes what is named of an item and leaves the rest. With expectedVersion only if nobody else changed it "
          "meanwhile: otherwise the outcome is conflict. The version before is kept.",
      .input_schema =
          R"({"type":"object","required":["id"],"properties":{"id":{"type":"string"},)"
          R"("expectedVersion":{"type":["integer","null"],"minimum":1},"namespace":{"type":"string"},)"
          R"("category":{"type":"string"},"content":{"type":"string"},)"
          R"("metadata":{"type":"object","description":"takes the place of all of it"},)"
          R"("tags":{"type":"array","items":{"type":"string"}},"addTags":{"type":"array","items":{"type":"string"}},)"
          R"("removeTags":{"type":"array","items":{"type":"string"}},)"
          R"("expires":{"type":["string","integer","null"],"description":"null: never"}},"additionalProperties":false})",
      .output_schema = R"({"type":"object","required":["outcomes"],"properties":{"outcomes":)" LEVEE_MCP_OUTCOMES "}}",
      .destructive = true,
      .run = Run,
  };
}

}  // namespace levee::mcp

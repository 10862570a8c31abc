#include "base/status.h"
#include "memory/json/item_parser.h"
#include "memory/model/errors.h"
#include "server/mcp/tools/all_tools.h"
#include "server/mcp/tools/item_schema.h"
#include "server/mcp/tools/outcomes.h"

namespace levee::mcp {
namespace {

// One item by its members, or many as `items`.
Result<std::vector<ItemWrite>> ReadItems(Arguments& arguments, std::string_view whole) {
  std::vector<ItemWrite> writes;
  const auto items = arguments.Json("items");
  if (!items) {
    LEVEE_ASSIGN(writes.emplace_back(), memory::ParseItem(whole));
    return writes;
  }
  LEVEE_RETURN_IF_ERROR(arguments.Done());
  if (items->kind() != JsonKind::kArray) return memory::InvalidItem("argument 'items'", "it must be an array of objects");
  for (const JsonView& item : items->Elements()) {
    auto write = memory::ParseItem(item.text());
    if (!write) {
      return memory::InvalidItem("item " + std::to_string(writes.size()), write.error().what + ": " + write.error().why);
    }
    writes.push_back(std::move(*write));
  }
  return writes;
}

Result<std::string> Run(ToolCall& call) {
  LEVEE_ASSIGN(auto writes, ReadItems(call.arguments, call.arguments.text()));
  LEVEE_ASSIGN(const auto outcomes, call.bank.Store(std::move(writes), {.author = call.author}));
  call.changed = ListChanged(outcomes);
  return OutcomesJson(outcomes);
}

}  // namespace

Tool StoreTool() {
  return {
      .name = "memory_store",
      .title = "Remember",
      .description =
          "Stores one item (category and content are required), or many as items: all of them in one step. What is "
          "told is on the disk. A conflict is an outcome, not an error: nothing of that item was written.",
      .input_schema =
          R"({"type":"object","properties":{)" LEVEE_MCP_ITEM_INPUT
          R"(,"items":{"type":"array","minItems":1,"items":{"type":"object","required":["category","content"],)"
          R"("additionalProperties":false,"properties":{)" LEVEE_MCP_ITEM_INPUT R"(}}}},"additionalProperties":false})",
      .output_schema = R"({"type":"object","required":["outcomes"],"properties":{"outcomes":)" LEVEE_MCP_OUTCOMES "}}",
      .run = Run,
  };
}

}  // namespace levee::mcp

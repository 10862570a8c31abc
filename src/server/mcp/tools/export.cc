#include "base/status.h"
#include "memory/json/item_json.h"
#include "output/json_writer.h"
#include "server/mcp/tools/all_tools.h"
#include "server/mcp/tools/item_schema.h"
#include "server/mcp/tools/page.h"

namespace levee::mcp {
namespace {

constexpr std::int64_t kItemsDefault = 1'000;

Result<std::string> Run(ToolCall& call) {
  Question question = ReadQuestion(call.arguments);
  if (!call.arguments.Has("limit")) question.query.limit = kItemsDefault;
  LEVEE_RETURN_IF_ERROR(call.arguments.Done());
  question.query.with_content = question.query.with_embedding = true;
  if (question.query.order.empty()) question.query.order = "id";
  // A line is never cut: what an import reads must be the item.
  LEVEE_ASSIGN(const Fitting fitting,
               FindFitting(call, question.query, '\n', [](const Found& found) { return memory::ItemJson(found.item); }));
  std::string json;
  output::JsonWriter out(json);
  out.BeginObject().Member("jsonl", fitting.text).Member("items", std::ssize(fitting.page.items));
  if (question.count) {
    LEVEE_ASSIGN(const std::int64_t count, call.bank.Count(question.query));
    out.Member("count", count);
  }
  if (!fitting.page.next.empty()) {
    out.Member("nextCursor", fitting.page.next);
    out.Member("note", "There are more items: go on with nextCursor.");
  }
  out.EndObject();
  return json;
}

}  // namespace

Tool ExportTool() {
  return {
      .name = "memory_export",
      .title = "Export",
      .description = "Items as JSON lines, whole and with embeddings, as memory_import reads them; page by page.",
      .input_schema = R"({"type":"object","properties":{)" LEVEE_MCP_CONDITIONS R"(},"additionalProperties":false})",
      .output_schema = R"({"type":"object","required":["jsonl","items"],"properties":{"jsonl":{"type":"string"},)"
                       R"("items":{"type":"integer"},"count":{"type":"integer"},"nextCursor":{"type":"string"},)"
                       R"("note":{"type":"string"}}})",
      .read_only = true,
      .run = Run,
  };
}

}  // namespace levee::mcp

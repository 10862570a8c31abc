#include "base/status.h"
#include "output/json_writer.h"
#include "server/mcp/tools/all_tools.h"

namespace levee::mcp {
namespace {

Result<std::string> Run(ToolCall& call) {
  std::string after;
  call.arguments.Read("cursor", after);
  LEVEE_RETURN_IF_ERROR(call.arguments.Done());
  LEVEE_ASSIGN(const auto namespaces, call.bank.Namespaces());
  std::string json, last;
  output::JsonWriter out(json);
  out.BeginObject().Key("namespaces").BeginArray();
  bool more = false;
  for (const NamespaceInfo& info : namespaces) {
    if (info.name <= after) continue;  // they come in order of their names
    more = json.size() > call.result_bytes;
    if (more) break;
    out.BeginObject().Member("name", info.name).Member("items", info.items).Member("contentBytes", info.content_bytes);
    if (info.quota.max_items) out.Member("maxItems", *info.quota.max_items);
    if (info.quota.max_bytes) out.Member("maxBytes", *info.quota.max_bytes);
    out.EndObject();
    last = info.name;
  }
  out.EndArray();
  if (more) out.Member("nextCursor", last);
  out.EndObject();
  return json;
}

}  // namespace

Tool NamespacesTool() {
  return {
      .name = "memory_namespaces",
      .title = "List namespaces",
      .description = "Every namespace, with how many items and bytes of content it holds, and its quota if it has one.",
      .input_schema = R"({"type":"object","properties":{"cursor":{"type":"string"}},"additionalProperties":false})",
      .output_schema =
          R"({"type":"object","required":["namespaces"],"properties":{"namespaces":{"type":"array","items":)"
          R"({"type":"object","required":["name","items","contentBytes"],"properties":{"name":{"type":"string"},)"
          R"("items":{"type":"integer"},"contentBytes":{"type":"integer"},"maxItems":{"type":"integer"},)"
          R"("maxBytes":{"type":"integer"}}}},"nextCursor":{"type":"string"}}})",
      .read_only = true,
      .run = Run,
  };
}

}  // namespace levee::mcp

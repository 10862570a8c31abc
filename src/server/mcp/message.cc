#include "server/mcp/message.h"

#include "output/json_writer.h"
#include "server/mcp/protocol.h"

namespace levee::mcp {
namespace {

using output::JsonWriter;

Incoming Wrong(int code, std::string message, std::string_view id = "null") {
  return {.message = {}, .error = ProtocolError{code, std::move(message), {}}, .id = id};
}

}  // namespace

std::optional<JsonView> Message::Meta(std::string_view name) const {
  const auto meta = params ? params->Member("_meta") : std::nullopt;
  return meta ? meta->Member(name) : std::nullopt;
}

Incoming ReadMessage(std::string_view line) {
  if (const Status valid = CheckJson(line); !valid) return Wrong(kParseError, "Parse error: " + valid.error().why);
  const JsonView root(line);
  if (root.kind() == JsonKind::kArray) return Wrong(kInvalidRequest, "Batches are no part of the protocol any more");
  if (!root.IsObject()) return Wrong(kInvalidRequest, "A message is a JSON object");
  Message message;
  if (const auto id = root.Member("id")) {
    const bool whole = id->kind() == JsonKind::kNumber && id->text().find_first_of(".eE") == std::string_view::npos;
    if (id->kind() != JsonKind::kString && !whole) return Wrong(kInvalidRequest, "An id is a string or a whole number");
    message.id = id->text();
  }
  const std::string_view id = message.id.empty() ? "null" : message.id;
  const auto version = root.Member("jsonrpc");
  if (!version || version->String() != "2.0") return Wrong(kInvalidRequest, "\"jsonrpc\" must be \"2.0\"", id);
  const auto method = root.Member("method");
  if (!method && (root.Member("result") || root.Member("error"))) return {};
  if (!method || !method->String()) return Wrong(kInvalidRequest, "\"method\" must be a string", id);
  message.method = *method->String();
  message.params = root.Member("params");
  if (message.params && !message.params->IsObject()) return Wrong(kInvalidParams, "\"params\" must be an object", id);
  return {.message = std::move(message), .error = {}, .id = id};
}

std::string ResultLine(std::string_view id, std::string_view result) {
  std::string line;
  JsonWriter(line).BeginObject().Member("jsonrpc", "2.0").Key("id").Raw(id).Key("result").Raw(result).EndObject();
  return line;
}

std::string ErrorLine(std::string_view id, const ProtocolError& error) {
  std::string line;
  JsonWriter json(line);
  json.BeginObject().Member("jsonrpc", "2.0").Key("id").Raw(id).Key("error").BeginObject();
  json.Member("code", error.code).Member("message", error.message);
  if (!error.data.empty()) json.Key("data").Raw(error.data);
  json.EndObject().EndObject();
  return line;
}

std::string NotificationLine(std::string_view method, std::string_view params) {
  std::string line;
  JsonWriter json(line);
  json.BeginObject().Member("jsonrpc", "2.0").Member("method", method);
  if (!params.empty()) json.Key("params").Raw(params);
  json.EndObject();
  return line;
}

}  // namespace levee::mcp

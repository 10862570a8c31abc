#include "server/mcp/session.h"

#include <algorithm>

#include "output/json_writer.h"
#include "server/mcp/protocol.h"
#include "server/mcp/resources.h"

namespace levee::mcp {
namespace {

using output::JsonWriter;

constexpr std::string_view kInstructions =
    "A durable memory. Search it with memory_search (words) or memory_query (exact conditions) before answering from "
    "memory; "
    "store what is worth keeping with memory_store, one fact an item, with a category, tags and a namespace. Every version "
    "is "
    "kept; expectedVersion keeps two writers from overwriting each other.";
constexpr std::int64_t kStaticMs = 3'600'000;  // how long lists that never change may be kept

std::unexpected<ProtocolError> Refuse(int code, std::string message, std::string data = {}) {
  return std::unexpected(ProtocolError{code, std::move(message), std::move(data)});
}

std::string ErrorText(const Error& error) {
  const std::string code = error.detail.empty() ? ErrorCodeName(error.code) : error.detail;
  return code + ": " + error.what + ": " + error.why + (error.hint.empty() ? "" : " (" + error.hint + ")");
}

void AppendServer(JsonWriter& out, const ServeOptions& options) {
  out.BeginObject().Member("name", "levee").Member("title", "Levee memory").Member("version", options.version).EndObject();
}

void AppendCapabilities(JsonWriter& out) {
  out.Key("capabilities").BeginObject().Key("tools").BeginObject().EndObject();
  out.Key("resources").BeginObject().Member("listChanged", true).EndObject().EndObject();
}

// What each result of 2026-07-28 has: how complete it is, and whose it is.
void AppendStateless(JsonWriter& out, const ServeOptions& options) {
  out.Member("resultType", "complete").Key("_meta").BeginObject().Key(kServerKey);
  AppendServer(out, options);
  out.EndObject();
}

void AppendCaching(JsonWriter& out, bool stateless, std::int64_t ms) {
  if (stateless) out.Member("ttlMs", ms).Member("cacheScope", ms > 0 ? "public" : "private");
}

std::string ToolJson(const Tool& tool) {
  std::string json;
  JsonWriter out(json);
  out.BeginObject().Member("name", tool.name).Member("title", tool.title).Member("description", tool.description);
  out.Key("inputSchema")
      .Raw(tool.input_schema)
      .Key("outputSchema")
      .Raw(tool.output_schema)
      .Key("annotations")
      .BeginObject();
  out.Member("readOnlyHint", tool.read_only).Member("destructiveHint", tool.destructive);
  out.Member("idempotentHint", tool.idempotent || tool.read_only).Member("openWorldHint", false).EndObject().EndObject();
  return json;
}

std::string NameOf(const Message& message, std::string_view member) {
  const auto name = message.params ? message.params->Member(member) : std::nullopt;
  return name ? name->String().value_or("") : "";
}

}  // namespace

Session::Session(MemoryBank& bank, ServeOptions options, Send send)
    : bank_(bank), options_(std::move(options)), send_(std::move(send)) {}

void Session::Answer(const Incoming& incoming, const std::atomic<bool>& cancelled) {
  if (incoming.error) return send_(ErrorLine(incoming.id, *incoming.error));
  if (!incoming.message || !incoming.message->IsRequest() || cancelled) return;
  const Message& message = *incoming.message;
  const Reply reply = Dispatch(message, cancelled);
  if (cancelled || (reply && reply->empty())) return;
  send_(reply ? ResultLine(message.id, *reply) : ErrorLine(message.id, reply.error()));
}

std::expected<bool, ProtocolError> Session::IsStateless(const Message& message) const {
  const auto version = message.Meta(kVersionKey);
  if (!version) {
    if (initialized_ || message.method == "ping") return false;
    return Refuse(kInvalidRequest,
                  "Send initialize first, or say in _meta which version of the protocol the request is of");
  }
  if (version->String() == kSessionVersion && initialized_) return false;
  if (version->String() != kStatelessVersion) {
    std::string data;
    JsonWriter out(data);
    out.BeginObject().Key("supported").BeginArray().String(kStatelessVersion).String(kSessionVersion).EndArray();
    out.Member("requested", version->String().value_or("")).EndObject();
    return Refuse(kUnsupportedVersion, "Unsupported protocol version", data);
  }
  const auto capabilities = message.Meta(kCapabilitiesKey);
  if (!capabilities || !capabilities->IsObject()) {
    return Refuse(kInvalidParams, "_meta needs an object " + std::string(kCapabilitiesKey));
  }
  return true;
}

Session::Reply Session::Dispatch(const Message& message, const std::atomic<bool>& cancelled) {
  const std::string& method = message.method;
  if (method == "initialize") return Initialize(message);
  const auto stateless = IsStateless(message);
  if (!stateless) return std::unexpected(stateless.error());
  const Request request{message, *stateless, cancelled};
  if (method == "tools/list") return ListTools(request);
  if (method == "tools/call") return CallTool(request);
  if (method == "resources/list") return ListResourcePage(request);
  if (method == "resources/templates/list") return ListTemplates(request);
  if (method == "resources/read") return ReadOneResource(request);
  if (method == "ping" && !*stateless) return "{}";
  if (method == "server/discover" && *stateless) return Discover();
  if (method == "subscriptions/listen" && *stateless) return Listen(request);
  return Refuse(kMethodNotFound, "Method not found: " + method);
}

Session::Reply Session::Initialize(const Message& message) {
  if (NameOf(message, "protocolVersion").empty()) return Refuse(kInvalidParams, "protocolVersion must be given");
  initialized_ = true;
  std::string json;
  JsonWriter out(json);
  // Whatever version the client would like: this is the newest with a handshake. It knows whether it speaks that, too.
  out.BeginObject().Member("protocolVersion", kSessionVersion);
  AppendCapabilities(out);
  out.Key("serverInfo");
  AppendServer(out, options_);
  out.Member("instructions", kInstructions).EndObject();
  return json;
}

Session::Reply Session::Discover() const {
  std::string json;
  JsonWriter out(json);
  out.BeginObject().Key("supportedVersions").BeginArray().String(kStatelessVersion).String(kSessionVersion).EndArray();
  AppendCapabilities(out);
  out.Member("instructions", kInstructions);
  AppendCaching(out, true, kStaticMs);
  AppendStateless(out, options_);
  out.EndObject();
  return json;
}

Session::Reply Session::ListTools(const Request& request) const {
  if (!NameOf(request.message, "cursor").empty())
    return Refuse(kInvalidParams, "There is no such cursor: the list is one page");
  std::string json;
  JsonWriter out(json);
  out.BeginObject().Key("tools").BeginArray();
  for (const Tool& tool : Tools()) out.Raw(ToolJson(tool));
  out.EndArray();
  AppendCaching(out, request.stateless, kStaticMs);
  if (request.stateless) AppendStateless(out, options_);
  out.EndObject();
  return json;
}

Session::Reply Session::CallTool(const Request& request) {
  const std::string name = NameOf(request.message, "name");
  const auto tool = std::ranges::find(Tools(), name, &Tool::name);
  if (tool == Tools().end()) return Refuse(kInvalidParams, "Unknown tool: " + name);
  const auto given = request.message.params->Member("arguments");
  if (given && !given->IsObject()) return Refuse(kInvalidParams, "\"arguments\" must be an object");
  Arguments arguments(given);
  ToolCall call{.bank = bank_,
                .arguments = arguments,
                .result_bytes = options_.result_bytes,
                .author = options_.author,
                .progress = [&](std::int64_t done, std::int64_t total) { Progress(request, done, total); },
                .cancelled = [&] { return request.cancelled.load(); }};
  const Result<std::string> result = tool->run(call);
  std::string json;
  JsonWriter out(json);
  out.BeginObject().Key("content").BeginArray().BeginObject().Member("type", "text");
  out.Member("text", result ? *result : ErrorText(result.error())).EndObject().EndArray();
  // A model may mend what it did wrong, if it hears of it: errors of tools are results.
  if (result) out.Key("structuredContent").Raw(*result);
  out.Member("isError", !result);
  if (request.stateless) AppendStateless(out, options_);
  out.EndObject();
  if (call.changed) TellListChanged();
  return json;
}

Session::Reply Session::ListResourcePage(const Request& request) {
  std::string json;
  JsonWriter out(json);
  out.BeginObject();
  if (const auto listed = ListResources(bank_, NameOf(request.message, "cursor"), out); !listed) {
    const bool cursor = listed.error().code == ErrorCode::kInvalidArgument;
    return Refuse(cursor ? kInvalidParams : kInternalError, ErrorText(listed.error()));
  }
  AppendCaching(out, request.stateless, 0);
  if (request.stateless) AppendStateless(out, options_);
  out.EndObject();
  return json;
}

Session::Reply Session::ListTemplates(const Request& request) const {
  std::string json;
  JsonWriter out(json);
  out.BeginObject();
  ListResourceTemplates(out);
  AppendCaching(out, request.stateless, kStaticMs);
  if (request.stateless) AppendStateless(out, options_);
  out.EndObject();
  return json;
}

Session::Reply Session::ReadOneResource(const Request& request) {
  const std::string uri = NameOf(request.message, "uri");
  std::string json;
  JsonWriter out(json);
  out.BeginObject();
  if (const auto read = ReadResource(bank_, uri, options_.result_bytes, out); !read) {
    const Error& error = read.error();
    std::string data;
    JsonWriter(data).BeginObject().Member("uri", uri).EndObject();
    if (error.code == ErrorCode::kInvalidArgument) return Refuse(kInvalidParams, ErrorText(error), data);
    if (error.code != ErrorCode::kNotFound) return Refuse(kInternalError, ErrorText(error));
    return Refuse(request.stateless ? kInvalidParams : kResourceNotFound, "Resource not found", data);
  }
  AppendCaching(out, request.stateless, 0);
  if (request.stateless) AppendStateless(out, options_);
  out.EndObject();
  return json;
}

Session::Reply Session::Listen(const Request& request) {
  const auto wanted = request.message.params->Member("notifications");
  if (!wanted || !wanted->IsObject()) return Refuse(kInvalidParams, "\"notifications\" must be an object");
  const auto list = wanted->Member("resourcesListChanged");
  const bool resources = list && list->Boolean().value_or(false);
  std::string params;
  JsonWriter out(params);
  out.BeginObject().Key("_meta").BeginObject().Key(kSubscriptionKey).Raw(request.message.id).EndObject();
  out.Key("notifications").BeginObject();
  if (resources) out.Member("resourcesListChanged", true);
  out.EndObject().EndObject();
  subscriptions_.push_back({std::string(request.message.id), resources});
  send_(NotificationLine("notifications/subscriptions/acknowledged", params));
  return "";  // the result comes when the stream ends
}

void Session::Progress(const Request& request, std::int64_t done, std::int64_t total) {
  const auto token = request.message.Meta("progressToken");
  if (!token || request.cancelled) return;
  std::string params;
  JsonWriter out(params);
  out.BeginObject().Key("progressToken").Raw(token->text()).Member("progress", done).Member("total", total).EndObject();
  send_(NotificationLine("notifications/progress", params));
}

void Session::TellListChanged() {
  constexpr std::string_view kMethod = "notifications/resources/list_changed";
  if (initialized_) send_(NotificationLine(kMethod, {}));
  for (const auto& [id, resources] : subscriptions_) {
    if (!resources) continue;
    std::string params;
    JsonWriter out(params);
    out.BeginObject().Key("_meta").BeginObject().Key(kSubscriptionKey).Raw(id).EndObject().EndObject();
    send_(NotificationLine(kMethod, params));
  }
}

void Session::Cancel(std::string_view id) {
  std::erase_if(subscriptions_, [&](const Subscription& subscription) { return subscription.id == id; });
}

void Session::Close() {
  for (const auto& [id, resources] : subscriptions_) {
    std::string result;
    JsonWriter out(result);
    out.BeginObject().Member("resultType", "complete").Key("_meta").BeginObject();
    out.Key(kSubscriptionKey).Raw(id).Key(kServerKey);
    AppendServer(out, options_);
    out.EndObject().EndObject();
    send_(ResultLine(id, result));
  }
  subscriptions_.clear();
}

}  // namespace levee::mcp

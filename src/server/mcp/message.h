// JSON-RPC 2.0: what a line says, and the lines that answer it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/mcp/json_view.h"

namespace levee::mcp {

// What goes wrong with a request itself; of a tool's own errors its result tells.
struct ProtocolError {
  int code = 0;
  std::string message;
  std::string data;  // JSON; empty: none
};

// A request (with an id) or a notification. Views of the line that it was read from.
struct Message {
  std::string_view id;  // JSON: a string or a number; empty: a notification
  std::string method;
  std::optional<JsonView> params;

  bool IsRequest() const { return !id.empty(); }
  // The request's `_meta` member of that name.
  std::optional<JsonView> Meta(std::string_view name) const;
};

struct Incoming {
  std::optional<Message> message;  // nothing: an answer to a request of ours, of which there is none, or an error
  std::optional<ProtocolError> error;
  std::string_view id = "null";  // whose error it is
};
// `line` must outlive what is returned.
Incoming ReadMessage(std::string_view line);

// Lines, without a newline at their end. `result`, `params` and `id` are JSON.
std::string ResultLine(std::string_view id, std::string_view result);
std::string ErrorLine(std::string_view id, const ProtocolError& error);
std::string NotificationLine(std::string_view method, std::string_view params);

}  // namespace levee::mcp

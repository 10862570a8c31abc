// What one client is answered, message by message.
#pragma once

#include <atomic>
#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "server/mcp/message.h"
#include "server/mcp/serve.h"
#include "server/mcp/tool.h"

namespace levee::mcp {

// Speaks both eras at once: what carries a version in its `_meta` is of 2026-07-28 and depends on nothing before it; the
// rest follows the handshake of 2025-11-25. Not thread-safe.
class Session {
 public:
  using Send = std::function<void(const std::string& line)>;
  Session(MemoryBank& bank, ServeOptions options, Send send);

  // Sends the answer, and what else there is to tell. Once `cancelled` is set nobody waits for the answer, and none is
  // sent.
  void Answer(const Incoming& incoming, const std::atomic<bool>& cancelled);
  // The client takes back a request that is not running: a subscription ends.
  void Cancel(std::string_view id);
  // Ends subscriptions as they should end.
  void Close();

 private:
  // A request, with what it needs to be answered.
  struct Request {
    const Message& message;
    bool stateless;
    const std::atomic<bool>& cancelled;
  };
  struct Subscription {
    std::string id;          // JSON
    bool resources = false;  // whether it wants to hear that the list of resources changed
  };
  // A result, or what is wrong; empty: no answer yet.
  using Reply = std::expected<std::string, ProtocolError>;

  Reply Dispatch(const Message& message, const std::atomic<bool>& cancelled);
  std::expected<bool, ProtocolError> IsStateless(const Message& message) const;
  Reply Initialize(const Message& message);
  Reply Discover() const;
  Reply ListTools(const Request& request) const;
  Reply CallTool(const Request& request);
  Reply ListResourcePage(const Request& request);
  Reply ListTemplates(const Request& request) const;
  Reply ReadOneResource(const Request& request);
  // Sends what begins the stream; its result comes when it ends.
  Reply Listen(const Request& request);

  void Progress(const Request& request, std::int64_t done, std::int64_t total);
  void TellListChanged();

  MemoryBank& bank_;
  const ServeOptions options_;
  const Send send_;
  bool initialized_ = false;  // by the handshake
  std::vector<Subscription> subscriptions_;
};

}  // namespace levee::mcp

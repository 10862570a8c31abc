// Names and numbers of the Model Context Protocol, revisions 2025-11-25 (a session with a handshake) and 2026-07-28 (every
// request says which version it is of). modelcontextprotocol.io/specification has them.
#pragma once

#include <string_view>

namespace levee::mcp {

inline constexpr std::string_view kSessionVersion = "2025-11-25", kStatelessVersion = "2026-07-28";

inline constexpr std::string_view kVersionKey = "io.modelcontextprotocol/protocolVersion",
                                  kCapabilitiesKey = "io.modelcontextprotocol/clientCapabilities",
                                  kServerKey = "io.modelcontextprotocol/serverInfo",
                                  kSubscriptionKey = "io.modelcontextprotocol/subscriptionId";

inline constexpr int kParseError = -32700, kInvalidRequest = -32600, kMethodNotFound = -32601, kInvalidParams = -32602,
                     kInternalError = -32603;
inline constexpr int kResourceNotFound = -32002;  // before 2026-07-28, which has kInvalidParams for it
inline constexpr int kUnsupportedVersion = -32022;

}  // namespace levee::mcp

// Tokens that stand in an Authorization header, as OAuth 2.0 servers hand them out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "objectstore/http/credential_chain.h"
#include "objectstore/http/retry.h"

namespace levee::objectstore {

struct BearerToken {
  std::string text;
  std::optional<std::int64_t> expires_ms;  // since the epoch
};

using BearerTokenSource = CredentialSource<BearerToken>;
using BearerTokens = CredentialChain<BearerToken>;

// Sends a request for a token and reads {"access_token":..,"expires_in":seconds}. `what` names the server in errors, which
// have its own reason.
Result<BearerToken> AskForToken(const RetryContext& context, const std::string& what, const RequestMaker& make);

// A token that somebody else fetched.
std::unique_ptr<BearerTokenSource> MakeGivenToken(std::string token, std::string variable);

}  // namespace levee::objectstore

// Tokens for Google Cloud Storage, and who hands them out: one place a file.
#pragma once

#include <memory>
#include <string>

#include "objectstore/http/bearer_token.h"
#include "settings/settings_file.h"

namespace levee::objectstore {

// A file of credentials, or its text: a service account's key (RFC 7523) or a user's own (RFC 6749, section 6), as
// "type" says. kUnsupported for other types, by name.
std::unique_ptr<BearerTokenSource> MakeCredentialsFileToken(const RetryContext& context,
                                                            const settings::EnvironmentLookup& environment);

// The machine's own, by its metadata server: GCE_METADATA_HOST, else metadata.google.internal.
std::unique_ptr<BearerTokenSource> MakeGoogleMachineToken(const RetryContext& context,
                                                          const settings::EnvironmentLookup& environment);

// Both, in this order, shared by all object stores with equal inputs.
std::shared_ptr<BearerTokens> SharedGcsTokens(const RetryContext& context,
                                              const settings::EnvironmentLookup& environment);

}  // namespace levee::objectstore

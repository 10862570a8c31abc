// Signing with a Google service account's key, by libcrypto, which is opened on first need.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace levee::objectstore {

// RSASSA-PKCS1-v1_5 with SHA-256 of `message`, with the private key of a PEM text. kUnsupported without libcrypto,
// kInvalidArgument for what is no such key; no part of the key stands in an error.
Result<std::string> SignRs256(std::string_view pem, std::string_view message);

}  // namespace levee::objectstore

// Azure's signature with an account's key:
// https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
#pragma once

#include <string>
#include <string_view>

#include "objectstore/http/http_message.h"

namespace levee::objectstore {

// Adds Authorization. The request has x-ms-date and x-ms-version; `key` is decoded.
void SignSharedKey(HttpRequest& request, const std::string& account, std::string_view key);

}  // namespace levee::objectstore

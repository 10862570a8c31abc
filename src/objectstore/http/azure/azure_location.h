// Where a container is, as the URI and the environment say it.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "objectstore/http/cloud_uri.h"
#include "objectstore/http/url.h"
#include "settings/settings_file.h"

namespace levee::objectstore {

struct AzureLocation {
  std::string account;
  std::string container;
  Endpoint endpoint;  // of the account's blobs
  bool emulator = false;
};

// "container@account.dfs.core.windows.net" (also blob.core.windows.net, and the endings of other clouds), or "container"
// with AZURE_STORAGE_ACCOUNT_NAME. AZURE_STORAGE_ENDPOINT names another server, AZURE_STORAGE_USE_EMULATOR=true the
// emulator at AZURITE_BLOB_STORAGE_URL or http://127.0.0.1:10000, AZURE_ALLOW_HTTP allows http:// beyond this machine.
Result<AzureLocation> ReadAzureLocation(const CloudUri& uri, const settings::EnvironmentLookup& environment);

// "abfss://container@account.dfs.core.windows.net/path" for every way to write it, "abfss://container/path" as long as
// the URI names no account.
Result<std::string> CanonicalAzureUri(const CloudUri& uri);

}  // namespace levee::objectstore

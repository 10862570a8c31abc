#include "objectstore/http/azure/azure_location.h"

#include "objectstore/http/variables.h"

namespace levee::objectstore {
namespace {

constexpr char kEmulatorAccount[] = "devstoreaccount1";

struct Authority {
  std::string container;
  std::string host;  // "account.dfs.core.windows.net"; empty: the environment says the account
};

Result<Authority> ReadAuthority(const CloudUri& uri) {
  const std::size_t at = uri.authority.find('@');
  Authority authority{.container = uri.authority.substr(0, at)};
  LEVEE_RETURN_IF_ERROR(CheckBucketName(authority.container, uri.scheme));
  if (at == std::string::npos) return authority;
  authority.host = uri.authority.substr(at + 1);
  LEVEE_RETURN_IF_ERROR(CheckBucketName(authority.host, uri.scheme));
  const bool known = authority.host.find(".dfs.") != std::string::npos || authority.host.find(".blob.") != std::string::npos;
  if (authority.container.empty() || !known) {
    return Fail(ErrorCode::kInvalidArgument, uri.scheme + " URI", "what follows its '@' is no account's address",
                "write abfss://container@account.dfs.core.windows.net/path");
  }
  return authority;
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

Result<AzureLocation> AtEmulator(AzureLocation location, const settings::EnvironmentLookup& environment) {
  std::string url = environment("AZURITE_BLOB_STORAGE_URL").value_or("");
  if (url.empty()) url = "http://127.0.0.1:10000";
  LEVEE_ASSIGN(location.endpoint, ParseEndpoint(url, "AZURITE_BLOB_STORAGE_URL", true, ""));
  location.emulator = true;
  if (location.account.empty()) location.account = kEmulatorAccount;
  location.endpoint.path += "/" + location.account;
  return location;
}

}  // namespace

Result<AzureLocation> ReadAzureLocation(const CloudUri& uri, const settings::EnvironmentLookup& environment) {
  LEVEE_ASSIGN(const Authority authority, ReadAuthority(uri));
  AzureLocation location{.account = authority.host.substr(0, authority.host.find('.')), .container = authority.container};
  if (location.account.empty()) {
    location.account = FirstOf(environment, {"AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_ACCOUNT"});
  }
  LEVEE_ASSIGN(const bool emulator, SwitchOf(environment, "AZURE_STORAGE_USE_EMULATOR", false));
  if (emulator) return AtEmulator(std::move(location), environment);
  if (location.account.empty()) {
    return Fail(ErrorCode::kInvalidArgument, uri.Text(uri.scheme), "no storage account is named",
                "write abfss://container@account.dfs.core.windows.net/path, or set AZURE_STORAGE_ACCOUNT_NAME");
  }
  LEVEE_ASSIGN(const bool allow_http, SwitchOf(environment, "AZURE_ALLOW_HTTP", false));
  if (const std::string url = FirstOf(environment, {"AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"}); !url.empty()) {
    LEVEE_ASSIGN(location.endpoint, ParseEndpoint(url, "AZURE_STORAGE_ENDPOINT", allow_http, "AZURE_ALLOW_HTTP"));
    return location;
  }
  location.endpoint = {.scheme = "https",
                       .authority = authority.host.empty() ? location.account + ".blob.core.windows.net"
                                                           : Replaced(authority.host, ".dfs.", ".blob."),
                       .path = {}};
  return location;
}

Result<std::string> CanonicalAzureUri(const CloudUri& uri) {
  LEVEE_ASSIGN(const Authority authority, ReadAuthority(uri));
  CloudUri canonical = uri;
  canonical.authority = authority.container;
  if (!authority.host.empty()) canonical.authority += "@" + Replaced(authority.host, ".blob.", ".dfs.");
  return canonical.Text("abfss");
}

}  // namespace levee::objectstore

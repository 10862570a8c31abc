#include "objectstore/http/found_credentials.h"

#include <filesystem>
#include <system_error>

#include "objectstore/http/curl_library.h"
#include "objectstore/http/s3/aws_profile.h"
#include "objectstore/http/variables.h"

namespace levee::objectstore {
namespace {

constexpr char kNone[] = "none but the machine's own, if it has any";

bool Has(const settings::EnvironmentLookup& environment, std::initializer_list<const char*> names) {
  return !FirstOf(environment, names).empty();
}

bool IsOn(const settings::EnvironmentLookup& environment, const std::string& name) {
  return SwitchOf(environment, name, false).value_or(false);
}

bool IsFile(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error);
}

std::string OfS3(const settings::EnvironmentLookup& environment) {
  if (IsOn(environment, "AWS_SKIP_SIGNATURE")) return "none, as AWS_SKIP_SIGNATURE says";
  if (Has(environment, {"AWS_ACCESS_KEY_ID"})) return "AWS_ACCESS_KEY_ID";
  if (Has(environment, {"AWS_WEB_IDENTITY_TOKEN_FILE"})) return "AWS_WEB_IDENTITY_TOKEN_FILE";
  const auto profile = ReadAwsProfile(environment);
  if (!profile) return profile.error().ToString();
  if (profile->exists) return "the profile '" + profile->name + "'";
  if (profile->chosen) return "AWS_PROFILE, but there is no profile '" + profile->name + "'";
  if (Has(environment, {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"})) {
    return "the container's agent";
  }
  return kNone;
}

std::string OfGoogle(const settings::EnvironmentLookup& environment) {
  if (Has(environment, {"STORAGE_EMULATOR_HOST"})) return "none, as STORAGE_EMULATOR_HOST is set";
  if (IsOn(environment, "GOOGLE_SKIP_SIGNATURE")) return "none, as GOOGLE_SKIP_SIGNATURE says";
  if (Has(environment, {"GOOGLE_SERVICE_ACCOUNT_KEY"})) return "GOOGLE_SERVICE_ACCOUNT_KEY";
  std::string path =
      FirstOf(environment, {"GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_SERVICE_ACCOUNT", "GOOGLE_SERVICE_ACCOUNT_PATH"});
  if (!path.empty()) return IsFile(path) ? path : path + ", which is not there";
  path = FirstOf(environment, {"CLOUDSDK_CONFIG"});
  if (path.empty()) path = environment("HOME").value_or("") + "/.config/gcloud";
  path += "/application_default_credentials.json";
  return IsFile(path) ? path : kNone;
}

std::string OfAzure(const settings::EnvironmentLookup& environment) {
  if (IsOn(environment, "AZURE_SKIP_SIGNATURE")) return "none, as AZURE_SKIP_SIGNATURE says";
  for (const char* const name : {"AZURE_STORAGE_ACCOUNT_KEY", "AZURE_STORAGE_ACCESS_KEY", "AZURE_STORAGE_MASTER_KEY",
                                 "AZURE_STORAGE_SAS_KEY", "AZURE_STORAGE_SAS_TOKEN", "AZURE_STORAGE_TOKEN"}) {
    if (Has(environment, {name})) return name;
  }
  const bool client = Has(environment, {"AZURE_STORAGE_CLIENT_ID", "AZURE_CLIENT_ID"});
  if (client && Has(environment, {"AZURE_STORAGE_CLIENT_SECRET", "AZURE_CLIENT_SECRET"})) return "AZURE_CLIENT_SECRET";
  if (client && Has(environment, {"AZURE_FEDERATED_TOKEN_FILE"})) return "AZURE_FEDERATED_TOKEN_FILE";
  if (IsOn(environment, "AZURE_STORAGE_USE_EMULATOR")) return "the emulator's";
  return kNone;
}

}  // namespace

Result<std::string> CurlVersion() {
  LEVEE_ASSIGN(const CurlLibrary* const curl, LoadCurl());
  const std::string all = curl->version();
  // "libcurl/7.88.1 OpenSSL/3.0.19 zlib/1.2.13 ...".
  return all.substr(0, all.find(' ', all.find(' ') + 1));
}

std::string FoundCredentials(const settings::EnvironmentLookup& environment) {
  return "S3: " + OfS3(environment) + "; Google: " + OfGoogle(environment) + "; Azure: " + OfAzure(environment);
}

}  // namespace levee::objectstore

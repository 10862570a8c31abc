#include "objectstore/http/open_cloud.h"

#include <utility>

#include "objectstore/file_uri.h"
#include "objectstore/http/azure/azure_dialect.h"
#include "objectstore/http/cloud_object_store.h"
#include "objectstore/http/cloud_uri.h"
#include "objectstore/http/gcs/gcs_dialect.h"
#include "objectstore/http/http_client.h"
#include "objectstore/http/s3/s3_dialect.h"
#include "settings/settings.h"

namespace levee::objectstore {
namespace {

enum class Cloud : std::uint8_t { kNone, kS3, kGcs, kAzure };

Cloud CloudOf(std::string_view scheme) {
  for (const std::string_view s3 : {"s3", "s3a", "s3n"}) {
    if (scheme == s3) return Cloud::kS3;
  }
  for (const std::string_view gcs : {"gs", "gcs"}) {
    if (scheme == gcs) return Cloud::kGcs;
  }
  for (const std::string_view azure : {"abfss", "abfs", "wasbs", "wasb", "az", "azure"}) {
    if (scheme == azure) return Cloud::kAzure;
  }
  return Cloud::kNone;
}

Result<std::unique_ptr<CloudDialect>> MakeDialect(const CloudUri& uri, const RetryContext& context) {
  const settings::EnvironmentLookup environment = settings::ProcessEnvironment;
  switch (CloudOf(uri.scheme)) {
    case Cloud::kS3: {
      LEVEE_ASSIGN(S3Location location, ReadS3Location(uri.authority, environment));
      return MakeS3Dialect(std::move(location), context, environment);
    }
    case Cloud::kGcs: return MakeGcsDialect(uri.authority, context, environment);
    case Cloud::kAzure: {
      LEVEE_ASSIGN(AzureLocation location, ReadAzureLocation(uri, environment));
      return MakeAzureDialect(std::move(location), context, environment);
    }
    case Cloud::kNone: break;
  }
  return Fail(ErrorCode::kUnsupported, uri.scheme + "://", "it is no cloud's");
}

Result<std::string> Canonical(const CloudUri& uri) {
  if (CloudOf(uri.scheme) == Cloud::kAzure) return CanonicalAzureUri(uri);
  LEVEE_RETURN_IF_ERROR(CheckBucketName(uri.authority, uri.scheme));
  return uri.Text(CloudOf(uri.scheme) == Cloud::kS3 ? "s3" : "gs");
}

}  // namespace

bool IsCloudScheme(std::string_view scheme) { return CloudOf(scheme) != Cloud::kNone; }

Result<std::unique_ptr<ObjectStore>> OpenCloudStore(std::string_view uri) {
  LEVEE_ASSIGN(const CloudUri parsed, ParseCloudUri(uri));
  LEVEE_ASSIGN(std::string canonical, Canonical(parsed));
  LEVEE_ASSIGN(HttpTransport* const transport, CurlTransport::Process());
  const RetryContext context = ProcessRetryContext(*transport, CurrentHttpOptions());
  LEVEE_ASSIGN(auto dialect, MakeDialect(parsed, context));
  return std::make_unique<CloudObjectStore>(context, std::move(dialect), parsed.key, std::move(canonical));
}

Result<std::string> CanonicalCloudUri(std::string_view uri) {
  LEVEE_ASSIGN(const CloudUri parsed, ParseCloudUri(uri));
  return Canonical(parsed);
}

}  // namespace levee::objectstore

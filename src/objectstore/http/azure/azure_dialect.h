// Azure Blob Storage, and Data Lake by its blobs: https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api
#pragma once

#include <memory>

#include "base/status.h"
#include "objectstore/http/azure/azure_location.h"
#include "objectstore/http/cloud_dialect.h"
#include "objectstore/http/retry.h"
#include "settings/settings_file.h"

namespace levee::objectstore {

Result<std::unique_ptr<CloudDialect>> MakeAzureDialect(AzureLocation location, const RetryContext& context,
                                                       const settings::EnvironmentLookup& environment);

}  // namespace levee::objectstore

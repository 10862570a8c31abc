// Google Cloud Storage by its JSON interface: https://cloud.google.com/storage/docs/json_api
#pragma once

#include <memory>
#include <string_view>

#include "base/status.h"
#include "objectstore/http/cloud_dialect.h"
#include "objectstore/http/retry.h"
#include "settings/settings_file.h"

namespace levee::objectstore {

// STORAGE_EMULATOR_HOST names another server, which is asked without credentials; GOOGLE_SKIP_SIGNATURE=true leaves them
// out too. kInvalidArgument for a bucket that is none, or a wrong setting.
Result<std::unique_ptr<CloudDialect>> MakeGcsDialect(std::string_view bucket, const RetryContext& context,
                                                     const settings::EnvironmentLookup& environment);

}  // namespace levee::objectstore

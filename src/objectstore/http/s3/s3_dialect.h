// S3 and what is compatible with it: https://docs.aws.amazon.com/AmazonS3/latest/API
#pragma once

#include <memory>

#include "objectstore/http/cloud_dialect.h"
#include "objectstore/http/retry.h"
#include "objectstore/http/s3/s3_location.h"
#include "settings/settings_file.h"

namespace levee::objectstore {

std::unique_ptr<CloudDialect> MakeS3Dialect(S3Location location, const RetryContext& context,
                                            const settings::EnvironmentLookup& environment);

}  // namespace levee::objectstore

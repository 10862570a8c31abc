// Keys for AWS as the services of a machine or a container answer with them.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "objectstore/http/s3/aws_credentials.h"

namespace levee::objectstore {

// {"AccessKeyId":..,"SecretAccessKey":..,"Token":..,"Expiration":..}. `what` names the service in errors.
Result<AwsKeys> ReadJsonKeys(std::string_view body, const std::string& what);

}  // namespace levee::objectstore

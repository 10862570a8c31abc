// What `doctor` tells of clouds.
#pragma once

#include <string>

#include "base/status.h"
#include "settings/settings_file.h"

namespace levee::objectstore {

// "libcurl/7.88.1 OpenSSL/3.0.19"; kUnsupported without libcurl.
Result<std::string> CurlVersion();

// "S3: the environment; Google: none; Azure: none": where credentials are found without asking anybody, never a secret.
// What is there but wrong is said with its reason.
std::string FoundCredentials(const settings::EnvironmentLookup& environment);

}  // namespace levee::objectstore

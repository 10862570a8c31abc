// Object stores in clouds, by their URIs' schemes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"
#include "objectstore/object_store.h"

namespace levee::objectstore {

// Whether a scheme (in lower case) is a cloud's: s3, s3a, gs, abfss and so on, see docs/clouds.md.
bool IsCloudScheme(std::string_view scheme);

// No request is sent. kInvalidArgument for a wrong URI or setting, kUnsupported without libcurl.
Result<std::unique_ptr<ObjectStore>> OpenCloudStore(std::string_view uri);

// One text for all ways to write a table's URI; asks for nothing.
Result<std::string> CanonicalCloudUri(std::string_view uri);

}  // namespace levee::objectstore

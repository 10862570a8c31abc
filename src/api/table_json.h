// A table at a version, without its files, for programs.
#pragma once

#include <string>

#include "catalog/catalog.h"

namespace levee::api {

// {"uri", "name", "version", "timestamp", "id", "protocol", "schema", "partitionColumns", "configuration", "numFiles",
// "sizeInBytes", "numRecords", "txns", "domains"}.
std::string TableJson(const catalog::TableState& state);

}  // namespace levee::api

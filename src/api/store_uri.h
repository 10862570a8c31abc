// Store URIs as users write them.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "settings/settings_file.h"

namespace levee::api {

// A store, and the table of it that a URI names.
struct StoreUri {
  std::string store;  // as --store takes it
  std::string table;  // empty: none is named
};

// "deltasql://sqlite/PATH#TABLE": a relative path, or an absolute one behind a second slash; "deltasql://postgresql/REST"
// stands for "postgresql://REST", "deltasql://duckdb/PATH" for "duckdb:PATH". "${NAME}" anywhere is the environment's value,
// kInvalidArgument where it has none; errors show the URI as it was written, so that no secret is told. What is no such URI
// is the store itself.
Result<StoreUri> ParseStoreUri(std::string_view uri, const settings::EnvironmentLookup& environment);

// True for what ParseStoreUri takes apart.
bool IsDeltaSqlUri(std::string_view uri);

}  // namespace levee::api

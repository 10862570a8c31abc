// Turns SQLite's result codes into errors that say what to do.
#pragma once

#include <string>

#include "base/status.h"

namespace levee::store {

struct SqliteProblem {
  int code = 0;           // extended result code
  int system_error = 0;   // errno behind it; 0: unknown
  std::string detail;     // SQLite's own words
};

// `path` is the store's file. Looks at the file system where that tells more than the code does.
std::unexpected<Error> SqliteFailure(const SqliteProblem& problem, const std::string& path);

}  // namespace levee::store

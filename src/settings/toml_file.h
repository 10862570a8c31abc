// The part of TOML that levee.toml needs: `key = value` lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace levee::settings {

struct TomlEntry {
  std::string key;
  std::string value;  // strings without quotes, escapes undone; numbers and booleans as they stand
  int line = 0;       // from 1
};

// Comments, blank lines, bare keys, "basic" and 'literal' strings, integers and booleans. kInvalidArgument
// names the line of anything else, tables and arrays among them, and of a key that comes twice.
Result<std::vector<TomlEntry>> ParseToml(std::string_view text);

}  // namespace levee::settings

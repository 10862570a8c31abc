// The part of TOML that levee.toml needs: `key = value` lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace levee::settings {

struct TomlEntry {
  std::string key;
  std::string value;             // strings without quotes, escapes undone; numbers and booleans as they stand
  int line = 0;                  // from 1
  std::size_t value_offset = 0;  // where the value stands in the text, quotes included
  std::size_t value_size = 0;
};

// A line that is neither a comment nor a setting, or sets a key again.
struct TomlProblem {
  int line = 0;
  std::string why;  // names keys, never values
};

struct TomlContent {
  std::vector<TomlEntry> entries;
  std::vector<TomlProblem> problems;  // by line
};

// Comments, blank lines, bare keys, "basic" and 'literal' strings, integers and booleans. Anything else is a
// problem, tables and arrays among them.
TomlContent ReadToml(std::string_view text);

// Likewise; kInvalidArgument names the line of the first problem.
Result<std::vector<TomlEntry>> ParseToml(std::string_view text);

// The text with `key = value` in it: its line keeps its place and its comment; a new one comes last.
// kInvalidArgument as ParseToml.
Result<std::string> SetTomlValue(std::string_view text, std::string_view key, std::string_view value);

}  // namespace levee::settings

// The head of a Markdown file: its members, whatever it is written in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "levee/status.h"

namespace levee::memory {

enum class FrontMatterFormat : std::uint8_t { kYaml, kJson, kToml, kNone };
// "yaml", "json", "toml", "none".
const char* FrontMatterFormatName(FrontMatterFormat format);

struct FrontMember {
  std::string key;
  std::string json;      // the value as JSON; of what was JSON already byte for byte as written
  std::string plain;     // of an unquoted YAML scalar its text ("007", "2024"), which may be meant as one
  std::int64_t line = 0; // in the file, from 1
};
using FrontMembers = std::vector<FrontMember>;

struct SplitFile {
  FrontMatterFormat format = FrontMatterFormat::kNone;
  std::string_view front;       // between the fences, without them
  std::string_view body;        // all behind the closing fence's line; without a head the whole file
};

// A head is opened by a first line "---", "---json" or "+++" (TOML) and closed by "---" or "+++" on a line of its own; lines end
// with "\n" or "\r\n", blanks may follow. What opens none, or is never closed, is all body. A byte order mark is skipped.
SplitFile SplitFront(std::string_view file);

// Reads the members of a head, in their order. VALIDATION_ERROR with `line L, column C` of the file for what is not of its
// format, a key that is there twice, or nesting and aliases without end. `text` starts in line 2.
Result<FrontMembers> ReadYaml(std::string_view text);
Result<FrontMembers> ReadJsonHead(std::string_view text);
// The part of TOML 1.0 that heads are written in: no tables with a line of their own, no strings over several lines.
Result<FrontMembers> ReadToml(std::string_view text);
Result<FrontMembers> ReadFront(const SplitFile& file);

// Who reads all of YAML, for what is no `key: value` a line; null: nobody, and such heads are refused. Of the whole process.
using YamlReader = Result<FrontMembers> (*)(std::string_view text);
void SetYamlReader(YamlReader reader);

// ReadYaml without its short cut through lines of the plainest form: the same members, for its test.
Result<FrontMembers> ReadAnyYaml(std::string_view text);

}  // namespace levee::memory

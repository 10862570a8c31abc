// The JSON of clouds' answers and credential files, as far as they are read: objects of texts, objects and lists of
// objects.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace levee::objectstore {

struct JsonAnswer {
  // Strings without their escapes; numbers, true and false as they are written. Nulls and lists of anything but objects
  // are left out.
  std::map<std::string, std::string, std::less<>> texts;
  std::map<std::string, JsonAnswer, std::less<>> objects;
  std::map<std::string, std::vector<JsonAnswer>, std::less<>> lists;

  // Empty without one.
  std::string_view Text(std::string_view name) const;
};

// kCorrupt, without a word of the text, for what is no JSON object.
Result<JsonAnswer> ParseJsonAnswer(std::string_view text);

}  // namespace levee::objectstore

// JSON read plainly, for the oracle of the memory bank.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace levee::fakes {

struct Json {
  enum class Kind { kNull, kBoolean, kNumber, kString, kArray, kObject } kind = Kind::kNull;
  bool boolean = false;
  long double number = 0;                             // holds every 64-bit integer and every double as it is
  std::string text;                                   // of a string
  std::vector<std::pair<std::string, Json>> members;  // of an object; of an array with empty keys
  std::string written;                                // as the document has it
};

// A whole document; nothing where it is none, or nested over 512 levels.
std::optional<Json> ParseJson(std::string_view text);

// The value at "a.b"; null where there is none. Keys that hold a dot cannot be reached.
const Json* JsonAt(const Json& document, const std::vector<std::string>& path);

bool IsUtf8(std::string_view text);

}  // namespace levee::fakes

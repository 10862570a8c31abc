// A JSON object as its members, each as it is spelled.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace levee::memory {

struct JsonMember {
  std::string key;      // without escapes
  std::string raw_key;  // as it stands between its quotes
  std::string value;    // as it stands, without blanks around it
};

// In their order, duplicates kept; empty: `text` is no valid JSON object.
std::optional<std::vector<JsonMember>> JsonMembers(std::string_view text);
// Likewise the elements of an array.
std::optional<std::vector<std::string>> JsonElements(std::string_view text);

bool IsJson(std::string_view text);
// Of a JSON string the text it stands for; empty: it is none.
std::optional<std::string> JsonText(std::string_view json);
// Whether it is a number by JSON's grammar.
bool IsJsonNumber(std::string_view text);

}  // namespace levee::memory

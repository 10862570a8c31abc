// JSON (RFC 8259) as text: splitting an object or array into its members without giving up their
// spelling. For what is small or rare; what is long is read by a cursor, and the hot paths have parsers of their own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delta/json_cursor.h"

namespace levee::delta {

struct JsonMember {
  std::string key;         // without escapes
  std::string_view value;  // as it stands, without blanks around it
};

// The members of the object that is the whole of `text`, in their order, duplicates kept. Empty when
// `text` is no valid JSON object.
std::optional<std::vector<JsonMember>> JsonObjectMembers(std::string_view text);

// The same, where what is no object has no members; for a range-based for, which keeps no temporary
// alive but the last.
std::vector<JsonMember> JsonMembersOrNone(std::string_view text);

// Likewise the elements of an array.
std::optional<std::vector<std::string_view>> JsonArrayElements(std::string_view text);

// The text of a JSON string, escapes undone. Empty when `token` is none.
std::optional<std::string> JsonString(std::string_view token);

// A JSON number without fraction and exponent that fits.
std::optional<std::int64_t> JsonInteger(std::string_view token);

// Whether `token` is a valid JSON number.
bool IsJsonNumber(std::string_view token);

inline bool IsJsonObject(std::string_view value) { return !value.empty() && value.front() == '{'; }

// Appends `text` as a JSON string, with its quotes. Bytes that are not ASCII stay as they are.
void AppendJsonString(std::string& json, std::string_view text);

// Appends `"key":` to an object's text, with a comma before it unless it is the first.
void AppendJsonKey(std::string& json, std::string_view key);

}  // namespace levee::delta

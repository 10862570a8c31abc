#include "delta/json_text.h"

#include <charconv>

#include "base/hex.h"

namespace levee::delta {

std::optional<std::vector<JsonMember>> JsonObjectMembers(std::string_view text) {
  JsonCursor cursor(text);
  std::vector<JsonMember> members;
  const bool valid = cursor.Object([&](std::string_view key) {
    members.push_back({std::string(key), {}});
    const auto value = cursor.Raw();
    if (value) members.back().value = *value;
    return value.has_value();
  });
  if (!valid || !cursor.AtEnd()) return std::nullopt;
  return members;
}

std::vector<JsonMember> JsonMembersOrNone(std::string_view text) {
  auto members = JsonObjectMembers(text);
  return members ? std::move(*members) : std::vector<JsonMember>();
}

std::optional<std::vector<std::string_view>> JsonArrayElements(std::string_view text) {
  JsonCursor cursor(text);
  std::vector<std::string_view> elements;
  const bool valid = cursor.Array([&] {
    const auto value = cursor.Raw();
    if (value) elements.push_back(*value);
    return value.has_value();
  });
  if (!valid || !cursor.AtEnd()) return std::nullopt;
  return elements;
}

std::optional<std::string> JsonString(std::string_view token) {
  JsonCursor cursor(token);
  std::string scratch;
  const auto text = cursor.Text(scratch);
  if (!text || !cursor.AtEnd()) return std::nullopt;
  return text->data() == scratch.data() ? std::move(scratch) : std::string(*text);
}

std::optional<std::int64_t> JsonInteger(std::string_view token) {
  if (!IsJsonNumber(token)) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), value);
  if (error != std::errc() || end != token.data() + token.size()) return std::nullopt;
  return value;
}

bool IsJsonNumber(std::string_view token) {
  JsonCursor cursor(token);
  return cursor.SkipNumber() && cursor.AtEnd();
}

void AppendJsonString(std::string& json, std::string_view text) {
  json.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json += {'\\', c};
    } else if (static_cast<unsigned char>(c) >= 0x20) {
      json.push_back(c);
    } else if (c == '\n') {
      json += "\\n";
    } else {
      json += "\\u00";
      AppendHex(json, static_cast<unsigned char>(c));
    }
  }
  json.push_back('"');
}

void AppendJsonKey(std::string& json, std::string_view key) {
  if (json.back() != '{') json.push_back(',');
  AppendJsonString(json, key);
  json.push_back(':');
}

}  // namespace levee::delta

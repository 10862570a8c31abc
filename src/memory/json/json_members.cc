#include "memory/json/json_members.h"

#include <simdjson.h>

namespace levee::memory {
namespace {

namespace ondemand = simdjson::ondemand;

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first);
}

std::size_t SkipDigits(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  return at;
}

}  // namespace

bool IsJson(std::string_view text) {
  static thread_local simdjson::dom::parser parser;
  simdjson::dom::element element;
  return parser.parse(text.data(), text.size()).get(element) == simdjson::SUCCESS;
}

std::optional<std::vector<JsonMember>> JsonMembers(std::string_view text) {
  // On demand alone the insides of the values would go unread.
  if (!IsJson(text)) return {};
  static thread_local ondemand::parser parser;
  const simdjson::padded_string padded(text);
  ondemand::document document;
  ondemand::object object;
  if (parser.iterate(padded).get(document) || document.get_object().get(object)) return {};
  std::vector<JsonMember> members;
  for (auto field : object) {
    JsonMember& member = members.emplace_back();
    std::string_view key;
    std::string_view value;
    if (field.escaped_key().get(key)) return {};
    member.raw_key = key;
    if (field.unescaped_key().get(key)) return {};
    member.key = key;
    if (field.value().raw_json().get(value)) return {};
    member.value = Trimmed(value);
  }
  return members;
}

std::optional<std::vector<std::string>> JsonElements(std::string_view text) {
  if (!IsJson(text)) return {};
  static thread_local ondemand::parser parser;
  const simdjson::padded_string padded(text);
  ondemand::document document;
  ondemand::array array;
  if (parser.iterate(padded).get(document) || document.get_array().get(array)) return {};
  std::vector<std::string> elements;
  for (auto element : array) {
    std::string_view value;
    if (element.raw_json().get(value)) return {};
    elements.emplace_back(Trimmed(value));
  }
  return elements;
}

std::optional<std::string> JsonText(std::string_view json) {
  static thread_local simdjson::dom::parser parser;
  std::string_view text;
  if (parser.parse(json.data(), json.size()).get_string().get(text) != simdjson::SUCCESS) return {};
  return std::string(text);
}

bool IsJsonNumber(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = at;
  at = SkipDigits(text, at);
  if (at == whole || (text[whole] == '0' && at > whole + 1)) return false;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = ++at;
    at = SkipDigits(text, at);
    if (at == fraction) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t exponent = at;
    at = SkipDigits(text, at);
    if (at == exponent) return false;
  }
  return at == text.size();
}

}  // namespace levee::memory

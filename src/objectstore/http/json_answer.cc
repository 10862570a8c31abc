#include "objectstore/http/json_answer.h"

#include <simdjson.h>

#include <utility>

namespace levee::objectstore {
namespace {

JsonAnswer ReadObject(const simdjson::dom::object& object);

void ReadMember(const std::string& name, const simdjson::dom::element& value, JsonAnswer& answer) {
  switch (value.type()) {
    case simdjson::dom::element_type::STRING: answer.texts[name] = std::string_view(value.get_string()); break;
    case simdjson::dom::element_type::OBJECT: answer.objects[name] = ReadObject(value.get_object()); break;
    case simdjson::dom::element_type::ARRAY:
      for (const simdjson::dom::element element : value.get_array()) {
        if (element.is_object()) answer.lists[name].push_back(ReadObject(element.get_object()));
      }
      break;
    case simdjson::dom::element_type::NULL_VALUE: break;
    default: answer.texts[name] = simdjson::minify(value);
  }
}

JsonAnswer ReadObject(const simdjson::dom::object& object) {
  JsonAnswer answer;
  for (const auto& [name, value] : object) ReadMember(std::string(name), value, answer);
  return answer;
}

}  // namespace

std::string_view JsonAnswer::Text(std::string_view name) const {
  const auto found = texts.find(name);
  return found == texts.end() ? std::string_view() : std::string_view(found->second);
}

Result<JsonAnswer> ParseJsonAnswer(std::string_view text) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(text.data(), text.size()).get(object) != simdjson::SUCCESS) {
    return Fail(ErrorCode::kCorrupt, "JSON", "it is no object that can be read");
  }
  return ReadObject(object);
}

}  // namespace levee::objectstore

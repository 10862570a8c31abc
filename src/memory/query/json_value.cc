#include "memory/query/json_value.h"

namespace levee::memory {

int CompareValues(const SortValue& left, const SortValue& right) {
  if (left.kind != right.kind) return left.kind < right.kind ? -1 : 1;
  if (left.number != right.number) return left.number < right.number ? -1 : 1;
  return left.text.compare(right.text);
}

std::optional<simdjson::dom::element> ElementAt(simdjson::dom::element document, std::span<const std::string> path) {
  for (const std::string& key : path) {
    simdjson::dom::object object;
    if (document.get(object) != simdjson::SUCCESS) return std::nullopt;
    if (object.at_key(key).get(document) != simdjson::SUCCESS) return std::nullopt;
  }
  return document;
}

SortValue ValueOf(const std::optional<simdjson::dom::element>& element) {
  SortValue value;
  if (!element) return value;
  switch (element->type()) {
    case simdjson::dom::element_type::BOOL:
      return {ValueKind::kBoolean, element->get_bool().value_unsafe() ? 1.0L : 0.0L, {}};
    case simdjson::dom::element_type::INT64:
      return {ValueKind::kNumber, static_cast<long double>(element->get_int64().value_unsafe()), {}};
    case simdjson::dom::element_type::UINT64:
      return {ValueKind::kNumber, static_cast<long double>(element->get_uint64().value_unsafe()), {}};
    case simdjson::dom::element_type::DOUBLE: return {ValueKind::kNumber, element->get_double().value_unsafe(), {}};
    case simdjson::dom::element_type::STRING:
      return {ValueKind::kText, 0, std::string(element->get_string().value_unsafe())};
    default: return value;
  }
}

bool IsThere(const std::optional<simdjson::dom::element>& element) { return element && !element->is_null(); }

simdjson::dom::element MetadataReader::Read(std::string_view metadata) {
  padded_.assign(metadata);
  padded_.append(simdjson::SIMDJSON_PADDING, '\0');
  simdjson::dom::element element;
  if (parser_.parse(padded_.data(), metadata.size(), false).get(element) == simdjson::SUCCESS) return element;
  static constexpr std::string_view kEmpty = "{}";
  padded_.assign(kEmpty);
  padded_.append(simdjson::SIMDJSON_PADDING, '\0');
  return parser_.parse(padded_.data(), kEmpty.size(), false).value_unsafe();
}

}  // namespace levee::memory

// Values at JSON paths of metadata: what conditions, orders and indexes look at.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <simdjson.h>

namespace levee::memory {

// Kinds in the order in which they sort.
enum class ValueKind : std::uint8_t { kBoolean = 0, kNumber = 1, kText = 2, kNull = 3 };

// Arrays and objects are no values: they are there, but compare with nothing.
struct SortValue {
  ValueKind kind = ValueKind::kNull;
  // Holds whole numbers of 64 bits and doubles exactly, where long double has 64 bits of mantissa as on x86.
  long double number = 0;
  std::string text;

  friend bool operator==(const SortValue&, const SortValue&) = default;
};

// By kind, then by value; below, at or above zero.
int CompareValues(const SortValue& left, const SortValue& right);

// Nothing: no such path.
std::optional<simdjson::dom::element> ElementAt(simdjson::dom::element document, std::span<const std::string> path);
// kNull too for arrays and objects.
SortValue ValueOf(const std::optional<simdjson::dom::element>& element);
// Whether the path leads to something that is not null.
bool IsThere(const std::optional<simdjson::dom::element>& element);

// Parses metadata, one document after the other; what it gives lives until the next. Not thread-safe.
class MetadataReader {
 public:
  // The bank has checked what it stores; what is no JSON reads as an empty object.
  simdjson::dom::element Read(std::string_view metadata);

 private:
  simdjson::dom::parser parser_;
  std::string padded_;
};

}  // namespace levee::memory

// Looks into JSON text without making a tree of it: members and elements are pieces of the text itself, so that what
// clients send (ids, metadata) can be handed on byte for byte.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "levee/status.h"

namespace levee::mcp {

// Whether the text is one JSON value, in UTF-8, nested at most 1,024 levels. kInvalidArgument says what is wrong.
Status CheckJson(std::string_view text);

enum class JsonKind : std::uint8_t { kNull, kBoolean, kNumber, kString, kArray, kObject };

// A value of JSON that CheckJson has passed; it must outlive the view.
class JsonView {
 public:
  explicit JsonView(std::string_view text);

  JsonKind kind() const;
  std::string_view text() const { return text_; }
  bool IsObject() const { return kind() == JsonKind::kObject; }

  // Of an object, in order, keys as they are meant; none of anything else.
  std::vector<std::pair<std::string, JsonView>> Members() const;
  // The last member of that name; nothing: there is none, or this is no object.
  std::optional<JsonView> Member(std::string_view name) const;
  // Of an array; none of anything else.
  std::vector<JsonView> Elements() const;

  // Nothing: it is of another kind, or no whole number of 64 bits.
  std::optional<std::string> String() const;
  std::optional<bool> Boolean() const;
  std::optional<std::int64_t> Whole() const;

 private:
  std::string_view text_;  // without blanks around it
};

}  // namespace levee::mcp

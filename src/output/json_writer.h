// Writes JSON (RFC 8259) straight into a string.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace levee::output {

// Appends a quoted, escaped string. Bytes that are no valid UTF-8 become U+FFFD.
void AppendJsonString(std::string& out, std::string_view text);
void AppendInteger(std::string& out, std::int64_t value);
// The shortest text that reads back as the same number; NaN and infinities as strings, as JSON has none.
void AppendJsonDouble(std::string& out, double value);
// Appends JSON text of elsewhere on one line: newlines between its tokens become blanks.
void AppendJsonOnOneLine(std::string& out, std::string_view json);

// Keeps the commas; the caller keeps the nesting. Not thread-safe.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& BeginObject() { return Open('{'); }
  JsonWriter& EndObject() { return Close('}'); }
  JsonWriter& BeginArray() { return Open('['); }
  JsonWriter& EndArray() { return Close(']'); }
  JsonWriter& Key(std::string_view key);

  JsonWriter& String(std::string_view value);
  JsonWriter& Integer(std::int64_t value);
  JsonWriter& Double(double value);
  JsonWriter& Bool(bool value) { return Raw(value ? "true" : "false"); }
  JsonWriter& Null() { return Raw("null"); }
  // JSON text of elsewhere.
  JsonWriter& Raw(std::string_view json);

  // A member: key and value; an empty optional is null.
  JsonWriter& Member(std::string_view key, std::string_view value) { return Key(key).String(value); }
  JsonWriter& Member(std::string_view key, const char* value) { return Key(key).String(value); }
  template <std::integral T>
  JsonWriter& Member(std::string_view key, T value) {
    if constexpr (std::same_as<T, bool>) return Key(key).Bool(value);
    return Key(key).Integer(static_cast<std::int64_t>(value));
  }
  JsonWriter& Member(std::string_view key, double value) { return Key(key).Double(value); }
  template <typename T>
  JsonWriter& Member(std::string_view key, const std::optional<T>& value) {
    return value ? Member(key, *value) : Key(key).Null();
  }

 private:
  JsonWriter& Open(char bracket);
  JsonWriter& Close(char bracket);
  void Separate();

  std::string& out_;
  bool needs_comma_ = false;
};

}  // namespace levee::output

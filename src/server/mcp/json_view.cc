#include "server/mcp/json_view.h"

#include <simdjson.h>

#include <charconv>
#include <utility>

#include "base/status.h"

namespace levee::mcp {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

// Behind the string that begins at `at`.
std::size_t StringEnd(std::string_view text, std::size_t at) {
  for (++at; text[at] != '"'; ++at) at += text[at] == '\\' ? 1 : 0;
  return at + 1;
}

// Behind the value that begins at `at`. The text is valid, so brackets match.
std::size_t ValueEnd(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = StringEnd(text, at);
      if (depth == 0) return at;
      continue;
    }
    if (depth == 0 && (c == ',' || c == '}' || c == ']')) return at;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return at + 1;
    ++at;
  }
  return at;
}

std::size_t SkipTo(std::string_view text, std::size_t at, std::string_view skipped) {
  while (at < text.size() && (IsBlank(text[at]) || skipped.find(text[at]) != std::string_view::npos)) ++at;
  return at;
}

}  // namespace

Status CheckJson(std::string_view text) {
  simdjson::dom::parser parser;  // not kept: a giant message would leave its buffers behind
  simdjson::dom::element parsed;
  const auto error = parser.parse(text.data(), text.size()).get(parsed);
  if (error == simdjson::SUCCESS) return {};
  std::string_view why = simdjson::error_message(error);
  if (const auto code = why.find(": "); code != std::string_view::npos) why.remove_prefix(code + 2);
  return Fail(ErrorCode::kInvalidArgument, "JSON", std::string(why));
}

JsonView::JsonView(std::string_view text) : text_(Trim(text)) {}

JsonKind JsonView::kind() const {
  switch (text_.empty() ? 'n' : text_.front()) {
    case 'n': return JsonKind::kNull;
    case 't':
    case 'f': return JsonKind::kBoolean;
    case '"': return JsonKind::kString;
    case '[': return JsonKind::kArray;
    case '{': return JsonKind::kObject;
    default: return JsonKind::kNumber;
  }
}

std::vector<std::pair<std::string, JsonView>> JsonView::Members() const {
  std::vector<std::pair<std::string, JsonView>> members;
  if (!IsObject()) return members;
  for (std::size_t at = SkipTo(text_, 1, ","); text_[at] != '}'; at = SkipTo(text_, at, ",")) {
    const std::size_t key_end = StringEnd(text_, at);
    const std::size_t value = SkipTo(text_, key_end, ":"), value_end = ValueEnd(text_, value);
    members.emplace_back(JsonView(text_.substr(at, key_end - at)).String().value_or(""),
                         JsonView(text_.substr(value, value_end - value)));
    at = value_end;
  }
  return members;
}

std::optional<JsonView> JsonView::Member(std::string_view name) const {
  std::optional<JsonView> found;
  for (auto& [key, value] : Members()) {
    if (key == name) found = value;
  }
  return found;
}

std::vector<JsonView> JsonView::Elements() const {
  std::vector<JsonView> elements;
  if (kind() != JsonKind::kArray) return elements;
  for (std::size_t at = SkipTo(text_, 1, ","); text_[at] != ']'; at = SkipTo(text_, at, ",")) {
    const std::size_t end = ValueEnd(text_, at);
    elements.emplace_back(text_.substr(at, end - at));
    at = end;
  }
  return elements;
}

std::optional<std::string> JsonView::String() const {
  if (kind() != JsonKind::kString) return std::nullopt;
  const std::string_view inner = text_.substr(1, text_.size() - 2);
  if (inner.find('\\') == std::string_view::npos) return std::string(inner);
  static thread_local simdjson::dom::parser parser;
  std::string_view plain;
  if (parser.parse(text_.data(), text_.size()).get(plain) != simdjson::SUCCESS) return std::nullopt;
  return std::string(plain);
}

std::optional<bool> JsonView::Boolean() const {
  if (kind() != JsonKind::kBoolean) return std::nullopt;
  return text_ == "true";
}

std::optional<std::int64_t> JsonView::Whole() const {
  std::int64_t number = 0;
  const char* const begin = text_.data();
  const char* const end = begin + text_.size();
  const auto [at, error] = std::from_chars(begin, end, number);
  if (kind() != JsonKind::kNumber || error != std::errc() || at != end) return std::nullopt;
  return number;
}

}  // namespace levee::mcp

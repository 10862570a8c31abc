#include "memory/markdown/yaml_lines.h"

#include <algorithm>

#include "memory/json/json_members.h"
#include "memory/markdown/yaml_scalar.h"

namespace levee::memory {
namespace {

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

bool IsTimeText(std::string_view text) {
  constexpr std::string_view kMarks = "0123456789-:.TZ+";
  // What ends with a colon is a key to YAML.
  return text.size() >= 10 && text.back() != ':' && text[4] == '-' && text[7] == '-' && text.find_first_not_of(kMarks) == std::string_view::npos;
}

// A scalar of one line as JSON; empty: it is none of the plainest.
std::string ScalarJson(std::string_view text) {
  if (text.starts_with('"')) return JsonText(text) ? std::string(text) : std::string();
  if (IsPlainText(text) || IsJsonNumber(text) || text == "true" || text == "false" || text == "null" || IsTimeText(text)) {
    return PlainScalarJson(text);
  }
  return {};
}

// "[a, b c, 7]".
std::string ListJson(std::string_view text) {
  std::string json = "[";
  text = text.substr(1, text.size() - 2);
  while (true) {
    // A quoted element may hold commas and brackets; lists with one are JSON or left to who reads all of YAML, but for texts
    // whose commas are all between elements.
    std::size_t end = text.find(',');
    if (const std::string_view rest = Trimmed(text); rest.starts_with('"')) {
      std::size_t quote = text.find('"') + 1;
      while (quote < text.size() && text[quote] != '"') quote += text[quote] == '\\' ? 2 : 1;
      end = quote < text.size() ? text.find(',', quote) : std::string_view::npos;
    }
    const std::string element = ScalarJson(Trimmed(text.substr(0, end)));
    if (element.empty()) return {};
    json.append(json.size() == 1 ? "" : ",").append(element);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return json + "]";
}

std::string ValueJson(std::string_view value) {
  if (value.starts_with('{')) return JsonMembers(value) ? std::string(value) : std::string();
  if (value.starts_with('[')) {
    if (!value.ends_with(']')) return {};
    if (JsonElements(value)) return std::string(value);
    return ListJson(value);
  }
  return ScalarJson(value);
}

}  // namespace

std::optional<FrontMembers> ReadYamlLines(std::string_view text) {
  FrontMembers members;
  for (std::int64_t number = 2; !text.empty(); ++number) {
    const std::size_t newline = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, newline);
    text.remove_prefix(std::min(newline + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    // Elsewhere it is a line's end to YAML.
    if (line.contains('\r')) return {};
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos || !IsPlainKey(line.substr(0, colon))) return {};
    const std::string_view value = Trimmed(line.substr(colon + 2));
    std::string json = ValueJson(value);
    if (json.empty()) return {};
    const bool plain = value.front() != '"' && value.front() != '[' && value.front() != '{';
    members.push_back({.key = std::string(line.substr(0, colon)), .json = std::move(json),
                       .plain = std::string(plain ? value : std::string_view()), .line = number});
  }
  return members;
}

}  // namespace levee::memory

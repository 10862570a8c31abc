#include <algorithm>
#include <string>

#include "base/status.h"
#include "memory/json/json_members.h"
#include "memory/markdown/front_matter.h"
#include "memory/markdown/yaml_scalar.h"
#include "memory/model/errors.h"
#include "output/json_writer.h"

namespace levee::memory {
namespace {

constexpr int kDepthMax = 64;

bool IsBareKeyByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

class TomlReader {
 public:
  explicit TomlReader(std::string_view text) : text_(text) {}

  Result<FrontMembers> Read() {
    FrontMembers members;
    for (SkipBlanks(true); at_ < text_.size(); SkipBlanks(true)) {
      FrontMember& member = members.emplace_back();
      member.line = Line();
      LEVEE_ASSIGN(member.key, ReadKey());
      LEVEE_RETURN_IF_ERROR(Take('=', "a '=' is missing after the key"));
      LEVEE_RETURN_IF_ERROR(ReadValue(member.json, 0));
      SkipBlanks(false);
      if (at_ < text_.size() && text_[at_] != '\n') return Bad("something follows the value");
    }
    return members;
  }

 private:
  std::int64_t Line() const { return 2 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n'); }

  std::unexpected<Error> Bad(std::string why) const {
    const std::size_t newline = at_ == 0 ? std::string_view::npos : text_.rfind('\n', at_ - 1);
    const std::size_t column = newline == std::string_view::npos ? at_ + 1 : at_ - newline;
    return InvalidItem("front matter, line " + std::to_string(Line()) + ", column " + std::to_string(column), std::move(why));
  }

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  // Comments are blanks.
  void SkipBlanks(bool over_lines) {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == ' ' || c == '\t' || c == '\r' || (over_lines && c == '\n')) {
        ++at_;
      } else {
        return;
      }
    }
  }

  Status Take(char wanted, const char* why) {
    SkipBlanks(false);
    if (Peek() != wanted) return Bad(why);
    ++at_;
    return {};
  }

  Result<std::string> ReadKey() {
    SkipBlanks(false);
    if (Peek() == '"' || Peek() == '\'') {
      std::string json;
      LEVEE_RETURN_IF_ERROR(ReadText(json));
      return *JsonText(json);
    }
    const std::size_t first = at_;
    while (at_ < text_.size() && IsBareKeyByte(text_[at_])) ++at_;
    if (at_ == first) return Bad(Peek() == '[' ? "a table is not read here" : "a key is missing");
    return std::string(text_.substr(first, at_ - first));
  }

  Status ReadValue(std::string& json, int depth) {
    SkipBlanks(false);
    if (depth > kDepthMax) return Bad("it is nested deeper than " + std::to_string(kDepthMax) + " levels");
    switch (Peek()) {
      case '"':
      case '\'': return ReadText(json);
      case '[': return ReadArray(json, depth);
      case '{': return ReadTable(json, depth);
      default: return ReadBare(json);
    }
  }

  // A basic string is a JSON string but for few escapes, and stays as it is written.
  Status ReadText(std::string& json) {
    const char quote = text_[at_];
    const std::size_t first = at_;
    if (text_.substr(at_).starts_with(quote == '"' ? "\"\"\"" : "'''")) return Bad("a string over several lines is not read here");
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') end += quote == '"' && text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size() || text_[end] != quote) return Bad("the string has no end");
    at_ = end + 1;
    const std::string_view inside = text_.substr(first + 1, end - first - 1);
    if (quote == '\'') {
      output::AppendJsonString(json, inside);
      return {};
    }
    const std::string_view token = text_.substr(first, end + 1 - first);
    if (!JsonText(token)) return Bad("the string has an escape that is not read here");
    json += token;
    return {};
  }

  Status ReadArray(std::string& json, int depth) {
    ++at_;
    json += '[';
    for (bool first = true;; first = false) {
      SkipBlanks(true);
      if (Peek() == ']') break;
      if (!first) json += ',';
      LEVEE_RETURN_IF_ERROR(ReadValue(json, depth + 1));
      SkipBlanks(true);
      if (Peek() == ']') break;
      if (Peek() != ',') return Bad("a ',' or ']' is missing");
      ++at_;
    }
    ++at_;
    json += ']';
    return {};
  }

  Status ReadTable(std::string& json, int depth) {
    ++at_;
    json += '{';
    SkipBlanks(false);
    for (bool first = true; Peek() != '}'; first = false) {
      if (!first) LEVEE_RETURN_IF_ERROR(Take(',', "a ',' or '}' is missing"));
      LEVEE_ASSIGN(const std::string key, ReadKey());
      LEVEE_RETURN_IF_ERROR(Take('=', "a '=' is missing after the key"));
      if (!first) json += ',';
      output::AppendJsonString(json, key);
      json += ':';
      LEVEE_RETURN_IF_ERROR(ReadValue(json, depth + 1));
      SkipBlanks(false);
    }
    ++at_;
    json += '}';
    return {};
  }

  // Numbers, booleans, and times, which JSON has as strings.
  Status ReadBare(std::string& json) {
    const std::size_t end = std::min(text_.find_first_of(" \t\r\n,]}#", at_), text_.size());
    std::string token(text_.substr(at_, end - at_));
    const bool time = token.size() >= 8 && (token[2] == ':' || token[4] == '-');
    if (!time) {
      std::erase(token, '_');
      if (token.starts_with('+')) token.erase(0, 1);
    }
    if (token == "true" || token == "false" || IsJsonNumber(token)) {
      json += token;
    } else if (time) {
      output::AppendJsonString(json, token);
    } else {
      return Bad("there is no value that TOML has");
    }
    at_ = end;
    return {};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<FrontMembers> ReadToml(std::string_view text) { return TomlReader(text).Read(); }

}  // namespace levee::memory

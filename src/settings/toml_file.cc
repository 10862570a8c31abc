#include "settings/toml_file.h"

#include <algorithm>
#include <optional>

namespace levee::settings {
namespace {

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::unexpected<Error> BadLine(int line, std::string why) {
  return Fail(ErrorCode::kInvalidArgument, "line " + std::to_string(line), std::move(why));
}

bool IsBare(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

// Takes a quoted string off the front of `text`. Empty when it is not closed or has an unknown escape.
std::optional<std::string> TakeString(std::string_view& text) {
  const char quote = text.front();
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == quote) {
      text.remove_prefix(i + 1);
      return value;
    }
    if (text[i] != '\\' || quote == '\'') {
      value += text[i];
      continue;
    }
    if (++i == text.size()) return std::nullopt;
    constexpr std::string_view kEscapes = "\"\\ntr", kMeanings = "\"\\\n\t\r";
    const std::size_t escape = kEscapes.find(text[i]);
    if (escape == std::string_view::npos) return std::nullopt;
    value += kMeanings[escape];
  }
  return std::nullopt;
}

std::optional<std::string> TakeValue(std::string_view& text) {
  if (text.starts_with('"') || text.starts_with('\'')) return TakeString(text);
  const std::string_view bare = Trimmed(text.substr(0, text.find('#')));
  text.remove_prefix(std::min(text.size(), text.find('#')));
  if (!IsBare(bare)) return std::nullopt;
  return std::string(bare);
}

}  // namespace

Result<std::vector<TomlEntry>> ParseToml(std::string_view text) {
  std::vector<TomlEntry> entries;
  for (int number = 1; !text.empty(); ++number) {
    std::string_view line = Trimmed(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.size(), text.find('\n') == text.npos ? text.size() : text.find('\n') + 1));
    if (line.empty() || line.front() == '#') continue;
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return BadLine(number, "it has no '='; write key = value");
    const std::string key(Trimmed(line.substr(0, equals)));
    if (!IsBare(key)) return BadLine(number, "'" + key + "' is no plain key");
    if (std::ranges::find(entries, key, &TomlEntry::key) != entries.end()) {
      return BadLine(number, "'" + key + "' comes a second time");
    }
    std::string_view rest = Trimmed(line.substr(equals + 1));
    auto value = TakeValue(rest);
    rest = Trimmed(rest);
    if (!value || (!rest.empty() && rest.front() != '#')) {
      return BadLine(number, "the value of '" + key + "' is no string, number or boolean");
    }
    entries.push_back({key, std::move(*value), number});
  }
  return entries;
}

}  // namespace levee::settings

#include "settings/toml_file.h"

#include <algorithm>
#include <expected>
#include <optional>

namespace levee::settings {
namespace {

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
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

// One line, without its end and the blanks around it; `offset` is where it starts in the text.
struct Line {
  std::string_view text;
  std::size_t offset = 0;
  int number = 0;
};

// The line's setting, or what is wrong with it.
std::expected<TomlEntry, std::string> ReadSetting(const Line& line) {
  const std::size_t equals = line.text.find('=');
  if (equals == std::string_view::npos) return std::unexpected("it has no '='; write key = value");
  const std::string key(Trimmed(line.text.substr(0, equals)));
  if (!IsBare(key)) {
    // What stands there may be part of a secret that lacks its '=' before it: its first word is shown alone.
    const std::string word = key.substr(0, key.find_first_of(" \t"));
    return std::unexpected(IsBare(word) ? "'" + word + "' and what follows is no plain key"
                                        : "it has no plain key");
  }
  std::string_view rest = Trimmed(line.text.substr(equals + 1));
  const auto value_offset = line.offset + static_cast<std::size_t>(rest.data() - line.text.data());
  const std::string_view before = rest;
  auto value = TakeValue(rest);
  const std::size_t value_size = Trimmed(before.substr(0, before.size() - rest.size())).size();
  rest = Trimmed(rest);
  if (!value || (!rest.empty() && rest.front() != '#')) {
    return std::unexpected("the value of '" + key + "' is no string, number or boolean");
  }
  return TomlEntry{key, std::move(*value), line.number, value_offset, value_size};
}

// Strings in quotes, what is a number or a word that TOML has as it is.
std::string Quoted(std::string_view value) {
  const bool number =
      !value.empty() && std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
  if (number) return std::string(value);
  std::string quoted = "\"";
  for (const char c : value) {
    constexpr std::string_view kMeant = "\"\\\n\t\r", kWritten = "\"\\ntr";
    const std::size_t escape = kMeant.find(c);
    if (escape == std::string_view::npos) {
      quoted += c;
    } else {
      quoted += '\\';
      quoted += kWritten[escape];
    }
  }
  return quoted + '"';
}

}  // namespace

TomlContent ReadToml(std::string_view text) {
  TomlContent content;
  std::size_t at = 0;
  for (int number = 1; at < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = Trimmed(text.substr(at, end - at));
    at = end + 1;
    if (line.empty() || line.front() == '#') continue;
    auto entry = ReadSetting({line, static_cast<std::size_t>(line.data() - text.data()), number});
    if (!entry) {
      content.problems.push_back({number, std::move(entry).error()});
    } else if (std::ranges::find(content.entries, entry->key, &TomlEntry::key) != content.entries.end()) {
      content.problems.push_back({number, "'" + entry->key + "' comes a second time"});
    } else {
      content.entries.push_back(std::move(*entry));
    }
  }
  return content;
}

Result<std::vector<TomlEntry>> ParseToml(std::string_view text) {
  TomlContent content = ReadToml(text);
  if (content.problems.empty()) return std::move(content.entries);
  const TomlProblem& first = content.problems.front();
  return Fail(ErrorCode::kInvalidArgument, "line " + std::to_string(first.line), first.why);
}

Result<std::string> SetTomlValue(std::string_view text, std::string_view key, std::string_view value) {
  LEVEE_ASSIGN(const std::vector<TomlEntry> entries, ParseToml(text));
  std::string changed(text);
  for (const TomlEntry& entry : entries) {
    if (entry.key != key) continue;
    changed.replace(entry.value_offset, entry.value_size, Quoted(value));
    return changed;
  }
  const std::string_view line_end = text.find("\r\n") == std::string_view::npos ? "\n" : "\r\n";
  if (!changed.empty() && !changed.ends_with('\n')) changed += line_end;
  return changed + std::string(key) + " = " + Quoted(value) + std::string(line_end);
}

}  // namespace levee::settings

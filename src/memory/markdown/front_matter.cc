#include "memory/markdown/front_matter.h"

#include <optional>
#include <set>

#include "base/status.h"
#include "memory/json/json_members.h"
#include "memory/model/errors.h"

namespace levee::memory {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// Takes a line off, and gives it without its end and the blanks before that.
std::string_view TakeLine(std::string_view& text) {
  const std::size_t newline = text.find('\n');
  std::string_view line = text.substr(0, newline);
  text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
  return line.substr(0, line.find_last_not_of(" \t\r") + 1);
}

std::optional<FrontMatterFormat> OpenedBy(std::string_view line) {
  if (line == "---") return FrontMatterFormat::kYaml;
  if (line == "---json") return FrontMatterFormat::kJson;
  if (line == "+++") return FrontMatterFormat::kToml;
  return {};
}

}  // namespace

const char* FrontMatterFormatName(FrontMatterFormat format) {
  switch (format) {
    case FrontMatterFormat::kYaml: return "yaml";
    case FrontMatterFormat::kJson: return "json";
    case FrontMatterFormat::kToml: return "toml";
    case FrontMatterFormat::kNone: return "none";
  }
  return "";
}

SplitFile SplitFront(std::string_view file) {
  if (file.starts_with(kByteOrderMark)) file.remove_prefix(kByteOrderMark.size());
  std::string_view rest = file;
  const auto format = OpenedBy(TakeLine(rest));
  if (!format) return {.body = file};
  const std::string_view fence = *format == FrontMatterFormat::kToml ? "+++" : "---";
  const char* const front = rest.data();
  while (!rest.empty()) {
    const char* const line = rest.data();
    if (TakeLine(rest) == fence) {
      return {.format = *format, .front = {front, static_cast<std::size_t>(line - front)}, .body = rest};
    }
  }
  return {.body = file};
}

Result<FrontMembers> ReadJsonHead(std::string_view text) {
  const auto members = JsonMembers(text);
  if (!members) return InvalidItem("front matter, line 2", "it is no valid JSON object");
  FrontMembers read;
  for (const JsonMember& member : *members) read.push_back({.key = member.key, .json = member.value, .line = 2});
  return read;
}

Result<FrontMembers> ReadFront(const SplitFile& file) {
  if (file.format == FrontMatterFormat::kNone) return FrontMembers();
  auto members = file.format == FrontMatterFormat::kYaml   ? ReadYaml(file.front)
                 : file.format == FrontMatterFormat::kJson ? ReadJsonHead(file.front)
                                                           : ReadToml(file.front);
  if (!members) return members;
  std::set<std::string_view> keys;
  for (const FrontMember& member : *members) {
    if (keys.insert(member.key).second) continue;
    return InvalidItem("front matter, line " + std::to_string(member.line), "'" + member.key + "' is there twice");
  }
  return members;
}

}  // namespace levee::memory

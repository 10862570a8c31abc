#include "memory/markdown/table_of_contents.h"

#include <algorithm>
#include <map>

namespace levee::memory {
namespace {

bool IsFence(std::string_view line) { return line.starts_with("```") || line.starts_with("~~~"); }

// "Two words!" -> "two-words"; bytes beyond ASCII stay.
std::string Anchor(std::string_view heading) {
  std::string anchor;
  for (const char c : heading) {
    if (c >= 'A' && c <= 'Z') {
      anchor += static_cast<char>(c + 32);
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || static_cast<unsigned char>(c) >= 0x80) {
      anchor += c;
    } else if (c == ' ') {
      anchor += '-';
    }
  }
  return anchor;
}

// The heading's text without what would end the link's; no newline is in it.
std::string LinkText(std::string_view heading) {
  std::string text;
  for (const char c : heading) {
    if (c == '[' || c == ']' || c == '\\') text += '\\';
    text += c;
  }
  return text;
}

}  // namespace

std::string TableOfContents(std::string_view content) {
  std::string contents(kContentsBegin);
  std::map<std::string, int> anchors;
  bool fenced = false;
  while (!content.empty()) {
    std::string_view line = content.substr(0, content.find('\n'));
    content.remove_prefix(std::min(line.size() + 1, content.size()));
    if (IsFence(line)) fenced = !fenced;
    const std::size_t level = std::min(line.find_first_not_of('#'), line.size());
    if (fenced || level < 1 || level > 6 || level >= line.size() || line[level] != ' ') continue;
    line.remove_prefix(std::min(line.find_first_not_of("# "), line.size()));
    line = line.substr(0, line.find_last_not_of("# \t\r") + 1);
    if (line.empty()) continue;
    std::string anchor = Anchor(line);
    if (const int before = anchors[anchor]++; before > 0) anchor += "-" + std::to_string(before);
    contents.append((level - 1) * 2, ' ').append("- [").append(LinkText(line)).append("](#").append(anchor).append(")\n");
  }
  return contents.append(kContentsEnd);
}

std::string_view WithoutTableOfContents(std::string_view body) {
  if (!body.starts_with(kContentsBegin)) return body;
  const std::size_t end = body.find(kContentsEnd, kContentsBegin.size());
  // The marker stands on a line of its own.
  if (end == std::string_view::npos || body[end - 1] != '\n') return body;
  return body.substr(end + kContentsEnd.size());
}

}  // namespace levee::memory

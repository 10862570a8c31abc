#include "memory/markdown/inline_tags.h"

#include <algorithm>

namespace levee::memory {
namespace {

bool IsTagByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '/' ||
         static_cast<unsigned char>(c) >= 0x80;
}

void TakeTags(std::string_view line, std::vector<std::string>& tags) {
  bool code = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '`') code = !code;
    if (code || line[at] != '#' || (at > 0 && line[at - 1] != ' ' && line[at - 1] != '\t')) continue;
    const auto first = line.begin() + static_cast<std::ptrdiff_t>(at) + 1;
    std::string tag(first, std::find_if_not(first, line.end(), IsTagByte));
    while (tag.ends_with('/')) tag.pop_back();
    if (tag.find_first_not_of("0123456789") == std::string::npos) continue;
    if (std::ranges::find(tags, tag) == tags.end()) tags.push_back(std::move(tag));
  }
}

}  // namespace

std::vector<std::string> InlineTags(std::string_view content) {
  std::vector<std::string> tags;
  bool fenced = false;
  while (!content.empty()) {
    const std::string_view line = content.substr(0, content.find('\n'));
    content.remove_prefix(std::min(line.size() + 1, content.size()));
    if (line.starts_with("```") || line.starts_with("~~~")) {
      fenced = !fenced;
    } else if (!fenced) {
      TakeTags(line, tags);
    }
  }
  return tags;
}

}  // namespace levee::memory

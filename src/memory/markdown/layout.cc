#include "memory/markdown/layout.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/status.h"
#include "memory/json/json_members.h"
#include "memory/markdown/safe_name.h"
#include "memory/model/errors.h"
#include "memory/model/times.h"

namespace levee::memory {
namespace {

constexpr std::string_view kEnding = ".md";
constexpr std::array<std::string_view, 5> kLevelNames = {"namespace", "category", "year", "month", "day"};
constexpr std::array<std::string_view, 10> kNameFields = {"id",   "id8",   "slug", "date",     "time",
                                                          "year", "month", "day",  "category", "namespace"};

// The title, or the first line that has words.
std::string TitleOf(const Item& item) {
  if (item.metadata.find("\"title\"") != std::string::npos) {
    for (const JsonMember& member : JsonMembers(item.metadata).value_or(std::vector<JsonMember>())) {
      if (member.key == "title") return JsonText(member.value).value_or("");
    }
  }
  const std::size_t first = std::min(item.content.find_first_not_of(" \t\r\n#>-*"), item.content.size());
  const std::size_t end = std::min(item.content.find('\n', first), item.content.size());
  return item.content.substr(first, end - first);
}

std::string LastLettersAndDigits(std::string_view id) {
  std::string last;
  for (auto c = id.rbegin(); c != id.rend() && last.size() < 8; ++c) {
    if ((*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z')) last += *c;
  }
  std::ranges::reverse(last);
  return last.empty() ? "item" : last;
}

// A field's value; the slug, which gives way to the others, comes in by itself.
std::string FieldValue(std::string_view field, const Item& item, const std::string& slug) {
  const std::string time = TimeText(item.created);
  std::string date = time.substr(0, time.find('T'));
  if (field == "id") return item.id;
  if (field == "id8") return LastLettersAndDigits(item.id);
  if (field == "slug") return slug;
  if (field == "date") return date;
  if (field == "time") {
    std::string digits;
    std::ranges::copy_if(time.substr(date.size()), std::back_inserter(digits), [](char c) { return c >= '0' && c <= '9'; });
    return digits;
  }
  if (field == "day") return date.substr(date.size() - 2);
  if (field == "month") return date.substr(date.size() - 5, 2);
  if (field == "year") return date.substr(0, date.size() - 6);
  return field == "category" ? item.category : item.name_space;
}

std::string Expanded(const Item& item, const Layout& layout, const std::string& slug) {
  std::string name;
  for (std::string_view rest = layout.name; !rest.empty();) {
    const std::size_t open = std::min(rest.find('{'), rest.size());
    name += rest.substr(0, open);
    rest.remove_prefix(open);
    if (rest.empty()) break;
    const std::size_t close = rest.find('}');
    name += FieldValue(rest.substr(1, close - 1), item, slug);
    rest.remove_prefix(close + 1);
  }
  return name;
}

std::string FileName(const Item& item, const Layout& layout) {
  std::string slug;
  if (layout.name.find("{slug}") != std::string::npos) {
    const std::size_t others = Expanded(item, layout, "").size();
    slug = Slug(TitleOf(item), others < layout.name_limit_bytes ? layout.name_limit_bytes - others : 0);
    if (slug.empty()) slug = "item";
  }
  return SafeName(Expanded(item, layout, slug), layout.name_limit_bytes);
}

void AddLevel(std::vector<std::string>& folders, FolderLevel level, const Item& item, const Layout& layout) {
  if (level != FolderLevel::kNamespace) {
    folders.push_back(SafeName(FieldValue(kLevelNames[static_cast<std::size_t>(level)], item, ""), layout.name_limit_bytes));
    return;
  }
  for (std::size_t at = 0; at <= item.name_space.size();) {
    const std::size_t end = std::min(item.name_space.find('/', at), item.name_space.size());
    if (end > at) folders.push_back(SafeName(std::string_view(item.name_space).substr(at, end - at), layout.name_limit_bytes));
    at = end + 1;
  }
}

}  // namespace

Result<std::vector<FolderLevel>> ParseFolderLevels(std::string_view text) {
  std::vector<FolderLevel> levels;
  if (text == "none") return levels;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string_view name = text.substr(at, end - at);
    const auto known = std::ranges::find(kLevelNames, name);
    if (known == kLevelNames.end()) {
      return InvalidItem("folder level '" + std::string(name) + "'", "there is no such level",
                         "namespace, category, year, month or day, with commas between them");
    }
    levels.push_back(static_cast<FolderLevel>(known - kLevelNames.begin()));
    at = end + 1;
  }
  return levels;
}

Result<std::string> ParseNaming(std::string_view text) {
  if (text == "id") return std::string("{id}");
  if (text == "timestamp") return std::string("{date}-{time}");
  if (text == "slug") return std::string("{slug}");
  const auto bad = [&](std::string why) {
    return InvalidItem("file naming '" + std::string(text) + "'", std::move(why),
                       "id, timestamp, slug, or a template such as {date}-{slug}-{id8}");
  };
  bool any = false;
  for (std::size_t at = text.find_first_of("{}/\\"); at != std::string_view::npos; at = text.find_first_of("{}/\\", at + 1)) {
    if (text[at] != '{') return bad(text[at] == '}' ? "a '}' has no '{'" : "a name has no '/'");
    const std::size_t close = text.find('}', at);
    if (close == std::string_view::npos) return bad("a '{' has no '}'");
    const std::string_view field = text.substr(at + 1, close - at - 1);
    if (std::ranges::find(kNameFields, field) == kNameFields.end()) return bad("there is no field '" + std::string(field) + "'");
    any = true;
    at = close;
  }
  if (!any) return bad("it has no field");
  return std::string(text);
}

std::string ItemPath(const Item& item, const Layout& layout) {
  std::vector<std::string> folders;
  for (const FolderLevel level : layout.folders) AddLevel(folders, level, item, layout);
  if (folders.size() > static_cast<std::size_t>(layout.depth_limit)) folders.resize(static_cast<std::size_t>(layout.depth_limit));
  std::string path;
  for (const std::string& folder : folders) path.append(folder).append("/");
  return path.append(FileName(item, layout)).append(kEnding);
}

std::string NumberedPath(std::string_view path, int number, const Layout& layout) {
  const std::size_t name = path.rfind('/') + 1;
  const std::string suffix = "-" + std::to_string(number);
  const std::string_view stem = path.substr(name, path.size() - name - kEnding.size());
  std::string numbered(path.substr(0, name));
  return numbered.append(CutBytes(stem, layout.name_limit_bytes - suffix.size())).append(suffix).append(kEnding);
}

std::string ConflictPath(std::string_view path, std::int64_t at_micros) {
  std::string time = TimeText(at_micros);
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  std::string_view stem = path;
  if (stem.ends_with(kEnding)) stem.remove_suffix(kEnding.size());
  return std::string(stem) + ".conflict-" + time + std::string(kEnding);
}

bool IsItemFileName(std::string_view name) {
  return name.size() > kEnding.size() && name.ends_with(kEnding) && !name.starts_with('.') &&
         name.find(".conflict-") == std::string_view::npos;
}

FileDefaults DefaultsOfPath(std::string_view path, std::int64_t time_micros) {
  const std::size_t slash = path.rfind('/');
  if (path.ends_with(kEnding)) path.remove_suffix(kEnding.size());
  FileDefaults defaults{.id = std::string(path), .created = time_micros, .updated = time_micros};
  if (slash != std::string_view::npos) defaults.name_space = path.substr(0, slash);
  return defaults;
}

}  // namespace levee::memory

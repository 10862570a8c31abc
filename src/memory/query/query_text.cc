#include "memory/query/query_text.h"

#include <optional>

#include "memory/model/times.h"

namespace levee::memory {

std::string QueryText(const ItemQuery& query) {
  std::string text = query.words;
  const auto add = [&](const char* name, const std::string& value) { text += (text.empty() ? "" : " ") + std::string(name) + value; };
  const auto add_all = [&](const char* name, const std::vector<std::string>& values) {
    for (const std::string& value : values) add(name, value);
  };
  const auto add_time = [&](const char* name, const std::optional<std::int64_t>& time) {
    if (time) add(name, TimeText(*time));
  };
  add_all("id:", query.ids);
  add_all("namespace:", query.namespaces);
  add_all("category:", query.categories);
  add_all("tag:", query.tags);
  add_all("any-tag:", query.any_tags);
  add_all("no-tag:", query.no_tags);
  if (!query.metadata.empty()) add("metadata:", query.metadata);
  add_time("since:", query.since);
  add_time("until:", query.until);
  add_time("created-since:", query.created_since);
  add_time("created-until:", query.created_until);
  add_time("as-of:", query.as_of);
  return text;
}

}  // namespace levee::memory

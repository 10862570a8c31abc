#include <atomic>

#include "memory/markdown/front_matter.h"
#include "memory/markdown/yaml_lines.h"
#include "memory/model/errors.h"

namespace levee::memory {
namespace {

std::atomic<YamlReader> all_of_yaml = nullptr;

}  // namespace

void SetYamlReader(YamlReader reader) { all_of_yaml = reader; }

Result<FrontMembers> ReadAnyYaml(std::string_view text) {
  if (const YamlReader reader = all_of_yaml) return reader(text);
  return InvalidItem("front matter, line 2, column 1", "this library reads YAML of one `key: value` a line alone",
                     "use the levee program, or a simpler head");
}

Result<FrontMembers> ReadYaml(std::string_view text) {
  if (auto members = ReadYamlLines(text)) return std::move(*members);
  return ReadAnyYaml(text);
}

}  // namespace levee::memory

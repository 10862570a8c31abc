#include "server/mcp/tools/outcomes.h"

#include <algorithm>

#include "memory/json/item_json.h"

namespace levee::mcp {

std::string OutcomesJson(const std::vector<Written>& outcomes) {
  std::string json = "{\"outcomes\":[";
  for (const Written& written : outcomes) {
    if (json.back() != '[') json += ',';
    memory::AppendWrittenJson(json, written);
  }
  return json + "]}";
}

bool ListChanged(const std::vector<Written>& outcomes) {
  return std::ranges::any_of(outcomes, [](const Written& written) {
    return written.outcome == Written::Outcome::kStored || written.outcome == Written::Outcome::kDeleted;
  });
}

std::optional<ConflictPolicy> ParsePolicy(std::string_view name) {
  if (name == "last-write") return ConflictPolicy::kLastWrite;
  if (name == "merge") return ConflictPolicy::kMerge;
  if (name == "manual") return ConflictPolicy::kManual;
  return std::nullopt;
}

}  // namespace levee::mcp

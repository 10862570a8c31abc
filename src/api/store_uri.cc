#include "api/store_uri.h"

#include <algorithm>
#include <optional>

namespace levee::api {
namespace {

constexpr std::string_view kScheme = "deltasql://";

// The URI without what may be a user and a password.
std::string Shown(std::string_view uri) {
  const std::size_t at = uri.rfind('@');
  if (at == std::string_view::npos) return std::string(uri);
  const std::size_t begin = std::min(uri.find('/', kScheme.size()), at);
  return std::string(uri.substr(0, begin)) + "/***" + std::string(uri.substr(at));
}

std::unexpected<Error> Wrong(std::string_view uri, std::string why, std::string hint = {}) {
  return Fail(ErrorCode::kInvalidArgument, Shown(uri), std::move(why), std::move(hint));
}

Result<std::string> Expand(std::string_view uri, const settings::EnvironmentLookup& environment) {
  std::string expanded;
  for (std::string_view rest = uri; !rest.empty();) {
    const std::size_t begin = rest.find("${");
    expanded += rest.substr(0, begin);
    if (begin == std::string_view::npos) break;
    const std::size_t end = rest.find('}', begin);
    if (end == std::string_view::npos) return Wrong(uri, "'${' is not closed");
    const std::string name(rest.substr(begin + 2, end - begin - 2));
    const std::optional<std::string> value = environment ? environment(name) : std::nullopt;
    if (!value) return Wrong(uri, "the environment has no " + name, "export " + name + "=...");
    expanded += *value;
    rest.remove_prefix(end + 1);
  }
  return expanded;
}

}  // namespace

bool IsDeltaSqlUri(std::string_view uri) { return uri.starts_with(kScheme); }

Result<StoreUri> ParseStoreUri(std::string_view uri, const settings::EnvironmentLookup& environment) {
  if (!IsDeltaSqlUri(uri)) return StoreUri{std::string(uri), {}};
  LEVEE_ASSIGN(const std::string expanded, Expand(uri.substr(kScheme.size()), environment));
  std::string_view rest = expanded;
  StoreUri parsed;
  if (const std::size_t hash = rest.rfind('#'); hash != std::string_view::npos) {
    parsed.table = rest.substr(hash + 1);
    rest = rest.substr(0, hash);
  }
  const std::size_t slash = rest.find('/');
  const std::string_view database = rest.substr(0, slash);
  const std::string_view place = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  if (place.empty()) return Wrong(uri, "it names no database", "deltasql://sqlite/PATH, or deltasql://sqlite/PATH#TABLE");
  if (database == "sqlite" || database == "duckdb") {
    parsed.store = std::string(database) + ':' + std::string(place);
  } else if (database == "postgresql") {
    parsed.store = "postgresql://" + std::string(place);
  } else {
    return Wrong(uri, "'" + std::string(database) + "' is no database that Levee knows", "sqlite, postgresql or duckdb");
  }
  return parsed;
}

}  // namespace levee::api

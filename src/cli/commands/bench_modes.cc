#include "cli/commands/bench_modes.h"

#include <algorithm>
#include <string>

#include "api/nearest_name.h"
#include "cli/global_options.h"

namespace levee::cli {

std::expected<void, UsageError> AllowOnly(const ParsedLine& line, std::string_view mode,
                                          std::span<const std::string_view> names) {
  const std::span<const OptionSpec> global = GlobalOptionSpecs();
  for (const auto& [option, value] : line.options) {
    const std::string_view name = option;
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const auto is_it = [&](const OptionSpec& spec) { return spec.name == name; };
    if (std::any_of(global.begin(), global.end(), is_it)) continue;
    return std::unexpected(UsageError{"option --" + std::string(name),
                                      "levee " + std::string(mode) + " has no such option",
                                      api::NearestHint(name, names, "levee bench --help lists them", "--")});
  }
  return {};
}

}  // namespace levee::cli

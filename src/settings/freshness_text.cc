#include "settings/freshness_text.h"

#include <string>

#include "settings/duration.h"

namespace levee::settings {

Result<FreshnessText> ParseFreshness(std::string_view text) {
  constexpr std::string_view kBoundedPrefix = "bounded:";
  if (text == "fresh") return FreshnessText{.mode = FreshnessText::Mode::kFresh};
  if (text == "cached") return FreshnessText{.mode = FreshnessText::Mode::kCached};
  if (text.starts_with(kBoundedPrefix)) {
    LEVEE_ASSIGN(const std::int64_t bound_ms, ParseDuration(text.substr(kBoundedPrefix.size())));
    return FreshnessText{.mode = FreshnessText::Mode::kBounded, .bound_ms = bound_ms};
  }
  return Fail(ErrorCode::kInvalidArgument, "freshness '" + std::string(text) + "'",
              "it is none of fresh, bounded:DURATION and cached", "for example bounded:5s");
}

}  // namespace levee::settings

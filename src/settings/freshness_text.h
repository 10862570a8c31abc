// The freshness that a reader demands, as users write it.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/status.h"

namespace levee::settings {

struct FreshnessText {
  enum class Mode : std::uint8_t { kFresh, kBounded, kCached } mode = Mode::kFresh;
  std::int64_t bound_ms = 0;  // kBounded
};

// "fresh", "cached" or "bounded:5s".
Result<FreshnessText> ParseFreshness(std::string_view text);

}  // namespace levee::settings

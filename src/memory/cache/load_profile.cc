#include "memory/cache/load_profile.h"

#include <algorithm>

namespace levee::memory {
namespace {

constexpr std::size_t kMegabyte = 1u << 20;

constexpr RecordCacheOptions Records(std::size_t megabytes, cache::PolicyKind policy, std::size_t compress_above_bytes) {
  return {.size_bytes = megabytes * kMegabyte, .policy = policy, .tuning = {}, .life_ns = 0,
          .compress_above_bytes = compress_above_bytes};
}

}  // namespace

std::optional<LoadProfile> LoadProfileOfName(std::string_view name) {
  const auto at = std::find(kLoadProfileNames.begin(), kLoadProfileNames.end(), name);
  if (at == kLoadProfileNames.end()) return std::nullopt;
  return static_cast<LoadProfile>(at - kLoadProfileNames.begin());
}

const CacheDefaults& DefaultsOf(LoadProfile load) {
  using cache::PolicyKind;
  // Who mostly writes reads back what is new, which `lru` follows without counting uses. Where memory is scarce, twice as
  // many items fit when they are compressed, and unpacking one costs a tenth of reading it.
  static constexpr std::array<CacheDefaults, kLoadProfileNames.size()> kDefaults{{
      {.records = Records(32, PolicyKind::kAdaptive, 0), .page_bytes = 64 * kMegabyte, .warm_items = 0},
      {.records = Records(128, PolicyKind::kAdaptive, 0), .page_bytes = 128 * kMegabyte, .warm_items = 1'000},
      {.records = Records(8, PolicyKind::kLru, 0), .page_bytes = 64 * kMegabyte, .warm_items = 0},
      {.records = Records(4, PolicyKind::kAdaptive, 512), .page_bytes = 8 * kMegabyte, .warm_items = 0},
  }};
  return kDefaults[static_cast<std::size_t>(load)];
}

}  // namespace levee::memory

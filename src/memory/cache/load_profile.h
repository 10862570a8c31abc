// What a bank keeps in memory, by what is mostly done with it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "memory/cache/record_cache.h"

namespace levee::memory {

enum class LoadProfile : std::uint8_t { kBalanced, kReadHeavy, kWriteHeavy, kLowMemory };
// In the order of LoadProfile.
inline constexpr std::array<std::string_view, 4> kLoadProfileNames{"balanced", "read-heavy", "write-heavy", "low-memory"};
// Empty when there is no profile of that name.
std::optional<LoadProfile> LoadProfileOfName(std::string_view name);

struct CacheDefaults {
  RecordCacheOptions records;
  std::size_t page_bytes = 0;       // of pages and posting lists, as they are stored
  std::int64_t warm_items = 0;
};
const CacheDefaults& DefaultsOf(LoadProfile load);

}  // namespace levee::memory

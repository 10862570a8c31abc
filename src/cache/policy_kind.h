// The names of the policies.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace levee::cache {

enum class PolicyKind : std::uint8_t { kLru, kLfu, kFifo, kTtl, kAdaptive };

// In the order of PolicyKind.
inline constexpr std::array<std::string_view, 5> kPolicyNames{"lru", "lfu", "fifo", "ttl", "adaptive"};

// Empty when there is no policy of that name.
std::optional<PolicyKind> PolicyOfName(std::string_view name);

}  // namespace levee::cache

#include "memory/cache/tuned_policy.h"

#include <array>

namespace levee::memory {
namespace {

struct Tuning {
  std::string_view key;
  cache::PolicyKind policy;
};
constexpr std::array<Tuning, 4> kTunings{{
    {"memory_cache_lfu_window", cache::PolicyKind::kLfu},
    {"memory_cache_lfu_decay", cache::PolicyKind::kLfu},
    {"memory_cache_learning_rate", cache::PolicyKind::kAdaptive},
    {"memory_cache_performance_threshold", cache::PolicyKind::kAdaptive},
}};

std::string NameOf(cache::PolicyKind kind) { return std::string(cache::kPolicyNames[static_cast<std::size_t>(kind)]); }

}  // namespace

std::optional<cache::PolicyKind> PolicyTunedBy(std::string_view key) {
  for (const Tuning& tuning : kTunings) {
    if (tuning.key == key) return tuning.policy;
  }
  return std::nullopt;
}

Error TunesAnotherPolicy(std::string_view key, cache::PolicyKind tuned, cache::PolicyKind policy) {
  return {ErrorCode::kInvalidArgument, std::string(key),
          "it tunes the policy " + NameOf(tuned) + ", and the policy is " + NameOf(policy),
          "set memory_cache_policy to " + NameOf(tuned) + ", or leave it out"};
}

}  // namespace levee::memory

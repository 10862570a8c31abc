#include "memory/cache/tuned_policy.h"

#include <array>
#include <string>

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

Status CheckTuning(cache::PolicyKind policy, const std::function<bool(std::string_view key)>& is_given) {
  for (const Tuning& tuning : kTunings) {
    if (tuning.policy == policy || !is_given(tuning.key)) continue;
    return Fail(ErrorCode::kInvalidArgument, std::string(tuning.key),
                "it tunes the policy " + NameOf(tuning.policy) + ", and the policy is " + NameOf(policy),
                "set memory_cache_policy to " + NameOf(tuning.policy) + ", or leave it out");
  }
  return {};
}

}  // namespace levee::memory

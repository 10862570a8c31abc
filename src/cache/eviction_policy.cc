#include "cache/eviction_policy.h"

#include <algorithm>

#include "base/check.h"

namespace levee::cache {

std::optional<PolicyKind> PolicyOfName(std::string_view name) {
  const auto found = std::find(kPolicyNames.begin(), kPolicyNames.end(), name);
  if (found == kPolicyNames.end()) return std::nullopt;
  return static_cast<PolicyKind>(found - kPolicyNames.begin());
}

std::unique_ptr<EvictionPolicy> MakePolicy(PolicyKind kind, const EntryColumns& columns,
                                           const PolicyTuning& tuning) {
  switch (kind) {
    case PolicyKind::kLru: return MakeLruPolicy();
    case PolicyKind::kLfu: return MakeLfuPolicy(tuning);
    case PolicyKind::kFifo: return MakeFifoPolicy();
    case PolicyKind::kTtl: return MakeTtlPolicy(columns);
    case PolicyKind::kAdaptive: return MakeAdaptivePolicy(columns, tuning);
  }
  LEVEE_CHECK(false);
}

}  // namespace levee::cache

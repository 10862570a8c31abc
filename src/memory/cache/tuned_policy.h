// Which policy of a cache a setting tunes.
#pragma once

#include <functional>
#include <string_view>

#include "base/status.h"
#include "cache/policy_kind.h"

namespace levee::memory {

// What tunes one policy means nothing to a cache that has another: kInvalidArgument names the first of such settings of
// `memory_cache_*` that is given.
Status CheckTuning(cache::PolicyKind policy, const std::function<bool(std::string_view key)>& is_given);

}  // namespace levee::memory

// Which policy of a cache a setting tunes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "cache/policy_kind.h"

namespace levee::memory {

// Nothing: it is none of `memory_cache_*` that tunes one.
std::optional<cache::PolicyKind> PolicyTunedBy(std::string_view key);

// Why a setting that tunes one policy means nothing to a cache that has another. kInvalidArgument.
Error TunesAnotherPolicy(std::string_view key, cache::PolicyKind tuned, cache::PolicyKind policy);

}  // namespace levee::memory

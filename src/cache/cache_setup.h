// How the caches of a process are set up: what settings say, for every layer that keeps something.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cache/policy_kind.h"

namespace levee::cache {

class Governor;

struct CacheSetup {
  Governor* governor = nullptr;          // shares one budget out; outlives the caches. Null: each keeps its own
  bool results = true;                   // keep answers
  bool single_flight = true;             // equal questions, and equal loads, at once run once
  PolicyKind policy = PolicyKind::kLru;  // of every level that keeps single values
  std::int64_t life_ns = 0;              // of their entries; 0: unlimited
  std::size_t compress_above_bytes = 0;  // larger answers and columns are kept compressed; 0: none
};

}  // namespace levee::cache

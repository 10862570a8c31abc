// From the setup of a process's caches to the options of one of them.
#pragma once

#include <cstdint>

#include "cache/cache_setup.h"
#include "cache/governor.h"
#include "cache/sharded_cache.h"

namespace levee::cache {

// Without a governor the level has `alone_bytes`. `codec` (null: the level never compresses) outlives the cache.
CacheOptions OptionsOf(const CacheSetup& setup, LevelKind kind, std::uint64_t alone_bytes,
                       const ValueCodec* codec = nullptr);

// A level's place among those of a governor, which may be null. Declare it after the level.
class Membership {
 public:
  Membership(Governor* governor, LevelKind kind, Level& level) : governor_(governor), level_(level) {
    if (governor_ != nullptr) governor_->Add(kind, level);
  }
  ~Membership() {
    if (governor_ != nullptr) governor_->Remove(level_);
  }
  Membership(const Membership&) = delete;
  Membership& operator=(const Membership&) = delete;

 private:
  Governor* const governor_;
  Level& level_;
};

}  // namespace levee::cache

// What a shard evicted of late, by hash alone: a miss that is found here would have hit with more room.
#pragma once

#include <cstdint>
#include <memory>

namespace levee::cache {

// A table of places that the hash chooses; what is there already is overwritten. So it forgets some, all the
// more the more entries the window holds: a sample, which is enough to compare levels. The shard's lock guards it.
class EvictedKeys {
 public:
  // Keys count until so many bytes were evicted after them; 0: nothing is remembered.
  void SetWindow(std::uint64_t bytes) { window_bytes_ = bytes; }

  void Add(std::uint64_t hash, std::uint64_t charge) {
    if (window_bytes_ == 0) return;
    // Only now: most processes are short and evict nothing.
    if (places_ == nullptr) places_ = std::make_unique<Place[]>(kPlaces);
    evicted_bytes_ += charge;
    places_[PlaceOf(hash)] = {.hash = hash, .at_bytes = evicted_bytes_};
  }

  bool Contains(std::uint64_t hash) const {
    if (window_bytes_ == 0 || places_ == nullptr) return false;
    const Place& place = places_[PlaceOf(hash)];
    return place.at_bytes != 0 && place.hash == hash && evicted_bytes_ - place.at_bytes <= window_bytes_;
  }

  // It is in the cache again.
  void Remove(std::uint64_t hash) {
    if (places_ == nullptr) return;
    Place& place = places_[PlaceOf(hash)];
    if (place.hash == hash) place = {};
  }

 private:
  struct Place {
    std::uint64_t hash = 0;
    std::uint64_t at_bytes = 0;  // what was evicted up to then; 0: empty
  };
  static constexpr std::uint64_t kPlaces = 512;
  // Other bits than those that chose the shard.
  static std::uint64_t PlaceOf(std::uint64_t hash) { return (hash >> 40) & (kPlaces - 1); }

  std::unique_ptr<Place[]> places_;
  std::uint64_t window_bytes_ = 0;
  std::uint64_t evicted_bytes_ = 0;
};

}  // namespace levee::cache

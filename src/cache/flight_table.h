// Loads that are under way, so that equal ones run once.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/status.h"
#include "cache/cache_key.h"
#include "cache/entry_marks.h"

namespace levee::cache {

// Thread-safe. A flight is open, others may join it, until its key is invalidated or it lands; what is
// invalidated while a load runs must not be kept, as the load may have read what was there before.
class FlightTable {
 public:
  using Outcome = Result<std::shared_ptr<const void>>;  // null: known to be absent

  class Flight {
   public:
    struct Landed {
      bool landed = false;             // else the time was up
      std::optional<Outcome> outcome;  // empty: there is none, the pilot threw
    };
    // kCancelled soon after the calling thread is called off, or past its deadline.
    Result<Landed> Await(std::int64_t wait_ns);
    bool IsOfThisThread() const { return pilot_ == std::this_thread::get_id(); }

   private:
    friend class FlightTable;
    const std::thread::id pilot_ = std::this_thread::get_id();
    // Guarded by the table's mutex.
    bool stale_ = false;
    std::vector<Label> invalidated_;  // since it began
    // Guarded by mutex_.
    std::mutex mutex_;
    std::condition_variable landed_;
    Landed end_;
  };

  struct Boarding {
    std::shared_ptr<Flight> flight;
    bool is_pilot = false;  // the caller must load, and land the flight
  };
  Boarding Board(const CacheKey& key);

  // Lands a pilot's flight whatever happens, so that nobody waits for one who threw.
  class Landing {
   public:
    Landing(FlightTable& table, const CacheKey& key, std::shared_ptr<Flight> flight)
        : table_(table), key_(key), flight_(std::move(flight)) {}
    ~Landing() { table_.Land(key_, flight_, std::move(outcome)); }
    Landing(const Landing&) = delete;
    Landing& operator=(const Landing&) = delete;

    std::optional<Outcome> outcome;  // empty: there is nothing that others may have

   private:
    FlightTable& table_;
    const CacheKey key_;
    const std::shared_ptr<Flight> flight_;
  };

  void Land(const CacheKey& key, const std::shared_ptr<Flight>& flight, std::optional<Outcome> outcome);
  // False when something that the loaded value carries was invalidated since the flight began.
  bool MayKeep(const Flight& flight, const Marks& marks) const;

  void Invalidate(const CacheKey& key);
  // `close`: also lets nobody join a flight that began before, as it may turn out to carry the label.
  void InvalidateLabel(const Label& label, bool close);
  // Nobody joins the owner's flights any more; what they load is judged by its version.
  void CloseOwner(std::uint64_t owner);
  void InvalidateAll();

 private:
  std::atomic<std::size_t> flying_count_{0};
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::unordered_map<CacheKey, std::shared_ptr<Flight>, CacheKeyHash> open_;
  std::unordered_map<Flight*, CacheKey> flying_;  // open or closed
};

}  // namespace levee::cache

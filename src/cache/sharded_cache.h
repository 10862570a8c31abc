// A cache of immutable values, bounded by the bytes they hold. docs/cache.md tells what it promises.
//
// The key space is split over shards, each with its own lock, so that threads rarely wait for each other.
// What leaves when a shard is full is an EvictionPolicy's choice; the default is least recently used.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "cache/cache_counters.h"
#include "cache/cache_key.h"
#include "cache/eviction_policy.h"
#include "cache/flight_table.h"
#include "cache/level.h"
#include "cache/shard.h"
#include "cache/value_codec.h"

namespace levee::cache {

enum class Charging : std::uint8_t { kBytes, kEntries };

struct CacheOptions {
  std::string name;                  // of the level, where counters are shown
  bool single_flight = true;         // of LoadMissing; GetOrLoad's loads run once whatever it says
  std::uint64_t budget = 0;          // the sum of the charges held at most
  Charging charging = Charging::kBytes;
  PolicyKind policy = PolicyKind::kLru;
  PolicyTuning tuning;
  std::size_t shards = 8;            // a power of two; each has its part of the budget. 1: policies are exact
  std::int64_t life_ns = 0;          // of entries that have none of their own; 0: unlimited
  std::int64_t negative_life_ns = 1'000'000'000;
  const ValueCodec* codec = nullptr; // must outlive the cache
  std::size_t compress_above_bytes = 0;  // with a codec: values above it are offered
  Clock* clock = nullptr;            // for lives; null: the machine's
};

struct InsertOptions {
  std::int64_t life_ns = 0;               // 0: the cache's
  std::int64_t load_ns = 0;               // what it took to make the value, as far as the caller knows
  std::optional<std::uint64_t> version;   // of the key's owner; see InvalidateOlder
  std::vector<std::uint64_t> tags;
  std::vector<CacheKey> depends_on;       // it goes when one of these is replaced or invalidated
};

// What a loader returns. A null value says that there is none: a negative entry.
template <typename T>
struct Loaded {
  std::shared_ptr<const T> value;
  std::size_t size_bytes = 0;
  InsertOptions options;
};

// Thread-safe. A value stays alive as long as somebody holds it, also after its eviction.
class ShardedCache final : public Level {
 public:
  explicit ShardedCache(std::size_t capacity_bytes) : ShardedCache(CacheOptions{.budget = capacity_bytes}) {}
  explicit ShardedCache(CacheOptions options);

  // Null on a miss, and for a negative entry. T must be the type that was inserted under the key.
  template <typename T>
  std::shared_ptr<const T> Find(const CacheKey& key) {
    return std::static_pointer_cast<const T>(FindAny(key).value);
  }

  // Tells a miss from what is known to be absent.
  Shard::Outcome Probe(const CacheKey& key) { return FindAny(key).outcome; }

  // Whether a value of that charge would be kept under the key without that another had to go, just now.
  bool HasRoom(const CacheKey& key, std::size_t charge);

  // Keeps `value`, charged with `size_bytes`; replaces what the key had. A value above a quarter of a
  // shard is not kept. Returns `value`.
  template <typename T>
  std::shared_ptr<const T> Insert(const CacheKey& key, std::shared_ptr<const T> value, std::size_t size_bytes,
                                  const InsertOptions& options = {}) {
    Keep(key, value, size_bytes, options, nullptr);
    return value;
  }

  // Remembers for `negative_life_ns` that the key has no value.
  void InsertAbsent(const CacheKey& key, const InsertOptions& options = {}) {
    Keep(key, nullptr, 0, options, nullptr);
  }

  // The value, loaded when it is not there; null: there is none. Equal loads at once run once; those who
  // wait get the value or error of the one that runs, or kCancelled after `wait_ns` and when they are called off
  // themselves. Who waits for one that was called off, had no memory left or threw loads by himself. Errors are
  // not kept.
  // `load` runs without any lock and may use the cache, but not load its own key.
  template <typename T>
  Result<std::shared_ptr<const T>> GetOrLoad(const CacheKey& key, const std::function<Result<Loaded<T>>()>& load,
                                             std::int64_t wait_ns = kLongWaitNs) {
    LEVEE_ASSIGN(auto value, GetOrLoadAny(key, [&load] { return Untyped(load()); }, wait_ns));
    return std::static_pointer_cast<const T>(std::move(value));
  }

  // The same for who has just missed with Find: that look is not made and counted again.
  template <typename T, typename Load>
  Result<std::shared_ptr<const T>> LoadMissing(const CacheKey& key, const Load& load) {
    LEVEE_ASSIGN(auto value, LoadMissingAny(key, [&load] { return Untyped<T>(load()); }));
    return std::static_pointer_cast<const T>(std::move(value));
  }

  // Also what depends on the key, whether the key has an entry or not.
  void Invalidate(const CacheKey& key);
  void InvalidateTag(std::uint64_t tag);
  // Drops the owner's entries whose version is below `version`, and refuses such from now on.
  void InvalidateOlder(std::uint64_t owner, std::uint64_t version);
  // Drops what is past its deadline. Such entries are never returned; this only frees their room at once.
  void RemoveExpired();
  void Clear();

  // What may change while others use the cache.
  struct Habits {
    PolicyKind policy = PolicyKind::kLru;
    PolicyTuning tuning;
    std::int64_t life_ns = 0;
    std::size_t compress_above_bytes = 0;
  };
  // Goes on with these as if it were new: nothing is in it. What somebody is just inserting may still have the life and the
  // form of before.
  void BeginAnew(const Habits& habits);

  // Takes effect before it returns, also where entries must go.
  void SetBudget(std::uint64_t budget) override;
  void WatchEvicted(std::uint64_t window_bytes) override;
  std::size_t capacity_bytes() const { return budget_.load(std::memory_order_relaxed); }
  // A value above it is not kept, when bytes are charged.
  std::size_t LargestCharge() const { return capacity_bytes() / options_.shards / 4; }
  const std::string& name() const { return options_.name; }
  // Summed over the shards, not at one instant.
  CacheCounters counters() const override;
  CacheUse UseAs(std::string_view name) const { return {name, capacity_bytes(), counters()}; }

  static constexpr std::int64_t kLongWaitNs = 60'000'000'000;
  // What a negative entry costs of a budget in bytes.
  static constexpr std::uint64_t kNegativeBytes = 64;

 private:
  using AnyLoad = std::function<Result<Loaded<void>>()>;

  template <typename T>
  static Result<Loaded<void>> Untyped(Result<Loaded<T>> loaded) {
    if (!loaded) return std::unexpected(std::move(loaded).error());
    return Loaded<void>{std::move(loaded->value), loaded->size_bytes, std::move(loaded->options)};
  }

  struct Found {
    Shard::Outcome outcome = Shard::Outcome::kMiss;
    std::shared_ptr<const void> value;
  };

  Found FindAny(const CacheKey& key);
  Found Opened(const CacheKey& key, Shard::Found found);
  Result<std::shared_ptr<const void>> Unpack(const CacheKey& key, const std::shared_ptr<const void>& packed);
  void Keep(const CacheKey& key, std::shared_ptr<const void> value, std::size_t size_bytes,
            const InsertOptions& options, const KeepCondition* condition);
  std::int64_t DeadlineOf(std::int64_t life_ns);
  void Compress(NewEntry& entry) const;
  Result<std::shared_ptr<const void>> GetOrLoadAny(const CacheKey& key, const AnyLoad& load, std::int64_t wait_ns);
  Result<std::shared_ptr<const void>> LoadMissingAny(const CacheKey& key, const AnyLoad& load);
  // Loads it, or waits for who does. Empty: the other's load did not end of itself, which says nothing of this one.
  std::optional<FlightTable::Outcome> LoadOnce(const CacheKey& key, const AnyLoad& load, std::int64_t wait_ns);
  // `flight`: null where nobody could have joined.
  FlightTable::Outcome Load(const CacheKey& key, const FlightTable::Flight* flight, const AnyLoad& load);
  // Drops what carries one of the labels, and what depends on that, and so on.
  void EraseLabelled(std::vector<Label> labels);
  void EraseDependents(const std::vector<CacheKey>& keys);
  std::uint64_t ShardBudget(std::uint64_t budget) const { return budget / options_.shards; }
  Shard& ShardOf(std::uint64_t hash) { return *shards_[(hash >> 8) & (options_.shards - 1)]; }

  const CacheOptions options_;
  Clock& clock_;
  std::vector<std::unique_ptr<Shard>> shards_;  // constant after construction
  std::atomic<std::uint64_t> budget_;
  std::atomic<std::int64_t> life_ns_;
  std::atomic<std::size_t> compress_above_bytes_;
  std::atomic<bool> has_dependencies_{false};   // some entry depended on another
  FlightTable flights_;
  std::atomic<std::uint64_t> loads_{0}, load_errors_{0}, load_ns_{0}, shared_loads_{0};
};

}  // namespace levee::cache

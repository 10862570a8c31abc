#include "cache/sharded_cache.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/cancellation.h"
#include "base/check.h"

namespace levee::cache {
namespace {

// Asks the flight under the shard's lock: an invalidation either reached the flight before, and this says no,
// or drops the entry after, since it must wait for the lock.
class NotInvalidatedSince final : public KeepCondition {
 public:
  NotInvalidatedSince(const FlightTable& table, const FlightTable::Flight& flight)
      : table_(table), flight_(flight) {}
  bool Holds(const Marks& marks) const override { return table_.MayKeep(flight_, marks); }

 private:
  const FlightTable& table_;
  const FlightTable::Flight& flight_;
};

Marks MarksOf(const InsertOptions& options) {
  Marks marks{.version = options.version};
  for (const std::uint64_t tag : options.tags) marks.labels.push_back(Label::OfTag(tag));
  for (const CacheKey& key : options.depends_on) marks.labels.push_back(Label::OfDependency(key));
  return marks;
}

}  // namespace

ShardedCache::ShardedCache(CacheOptions options)
    : options_(std::move(options)),
      clock_(options_.clock == nullptr ? SystemClock() : *options_.clock),
      budget_(options_.budget),
      life_ns_(options_.life_ns),
      compress_above_bytes_(options_.compress_above_bytes) {
  LEVEE_CHECK(std::has_single_bit(options_.shards));
  const bool counts_entries = options_.charging == Charging::kEntries;
  ShardOptions shard{.policy = options_.policy,
                     .tuning = options_.tuning,
                     .budget = ShardBudget(options_.budget),
                     .counts_entries = counts_entries,
                     .clock = &clock_};
  constexpr std::uint64_t kMostExpected = 1 << 20;
  if (counts_entries) shard.tuning.expected_entries = std::min(shard.budget, kMostExpected);
  for (std::size_t i = 0; i < options_.shards; ++i) shards_.push_back(std::make_unique<Shard>(shard));
}

bool ShardedCache::HasRoom(const CacheKey& key, std::size_t charge) {
  return ShardOf(HashOf(key)).HasRoom(charge);
}

ShardedCache::Found ShardedCache::FindAny(const CacheKey& key) {
  const std::uint64_t hash = HashOf(key);
  Shard::Found found = ShardOf(hash).Get(key, hash);
  if (!found.packed) return {found.outcome, std::move(found.value)};
  return Opened(key, std::move(found));
}

ShardedCache::Found ShardedCache::Opened(const CacheKey& key, Shard::Found found) {
  if (!found.packed) return {found.outcome, std::move(found.value)};
  auto unpacked = Unpack(key, found.value);
  if (unpacked) return {found.outcome, std::move(*unpacked)};
  ShardOf(HashOf(key)).CountFailedHit();
  Invalidate(key);
  return {};
}

Result<std::shared_ptr<const void>> ShardedCache::Unpack(const CacheKey& key,
                                                         const std::shared_ptr<const void>& packed) {
  return options_.codec->Unpack(key, *std::static_pointer_cast<const Bytes>(packed));
}

void ShardedCache::Keep(const CacheKey& key, std::shared_ptr<const void> value, std::size_t size_bytes,
                        const InsertOptions& options, const KeepCondition* condition) {
  const bool by_bytes = options_.charging == Charging::kBytes;
  const bool negative = value == nullptr;
  NewEntry entry{.key = key,
                 .hash = HashOf(key),
                 .value = std::move(value),
                 .charge = negative ? kNegativeBytes : size_bytes,
                 .negative = negative,
                 .marks = MarksOf(options)};
  const std::int64_t own_life_ns = options.life_ns != 0 ? options.life_ns : life_ns_.load(std::memory_order_relaxed);
  if (options.load_ns > 0) {
    loads_.fetch_add(1, std::memory_order_relaxed);
    load_ns_.fetch_add(static_cast<std::uint64_t>(options.load_ns), std::memory_order_relaxed);
  }
  entry.deadline_ns = DeadlineOf(negative ? options_.negative_life_ns : own_life_ns);
  const std::size_t compress_above = compress_above_bytes_.load(std::memory_order_relaxed);
  if (!negative && options_.codec != nullptr && size_bytes > compress_above) Compress(entry);
  if (!by_bytes) entry.charge = 1;
  // Before the insertion: whoever invalidates once it is visible must look for it.
  if (!options.depends_on.empty()) has_dependencies_.store(true);
  const std::uint64_t hash = entry.hash;
  // What is written by hand is newer than what somebody began to load before.
  if (condition == nullptr) flights_.Invalidate(key);
  Dropped dropped;
  ShardOf(hash).Insert(std::move(entry), condition, dropped);
  if (!dropped.keys.empty()) EraseDependents(dropped.keys);
}

std::int64_t ShardedCache::DeadlineOf(std::int64_t life_ns) {
  return life_ns == 0 ? kNoDeadline : clock_.MonotonicNanos() + life_ns;
}

void ShardedCache::Compress(NewEntry& entry) const {
  std::optional<Bytes> packed = options_.codec->Pack(entry.key, entry.value.get());
  // Unpacking costs every hit, so it must spare something.
  if (!packed || packed->size() > entry.charge / 8 * 7) return;
  packed->shrink_to_fit();
  entry.charge = packed->size() + sizeof(Bytes);
  entry.value = std::make_shared<const Bytes>(std::move(*packed));
  entry.packed = true;
}

Result<std::shared_ptr<const void>> ShardedCache::GetOrLoadAny(const CacheKey& key, const AnyLoad& load,
                                                               std::int64_t wait_ns) {
  while (true) {
    Found found = FindAny(key);
    if (found.outcome != Shard::Outcome::kMiss) return std::move(found.value);
    if (auto outcome = LoadOnce(key, load, wait_ns)) return *std::move(outcome);
  }
}

Result<std::shared_ptr<const void>> ShardedCache::LoadMissingAny(const CacheKey& key, const AnyLoad& load) {
  if (!options_.single_flight) return Load(key, nullptr, load);
  if (auto outcome = LoadOnce(key, load, kLongWaitNs)) return *std::move(outcome);
  return GetOrLoadAny(key, load, kLongWaitNs);
}

std::optional<FlightTable::Outcome> ShardedCache::LoadOnce(const CacheKey& key, const AnyLoad& load,
                                                           std::int64_t wait_ns) {
  const FlightTable::Boarding boarding = flights_.Board(key);
  if (boarding.is_pilot) {
    FlightTable::Landing landing(flights_, key, boarding.flight);
    landing.outcome = Load(key, boarding.flight.get(), load);
    return *landing.outcome;
  }
  if (boarding.flight->IsOfThisThread()) {
    return Fail(ErrorCode::kInternal, "cache", "a load asked for its own key");
  }
  shared_loads_.fetch_add(1, std::memory_order_relaxed);
  auto waited = boarding.flight->Await(wait_ns);
  if (!waited) return std::unexpected(std::move(waited).error());
  if (!waited->landed) {
    return Fail(ErrorCode::kCancelled, "cache", "another's load of the same value outlasted the deadline",
                "try again");
  }
  const std::optional<FlightTable::Outcome>& outcome = waited->outcome;
  if (!outcome) return std::nullopt;
  const bool its_own_end = !*outcome && (outcome->error().code == ErrorCode::kCancelled ||
                                         outcome->error().code == ErrorCode::kResourceExhausted);
  return its_own_end ? std::nullopt : outcome;
}

FlightTable::Outcome ShardedCache::Load(const CacheKey& key, const FlightTable::Flight* flight,
                                        const AnyLoad& load) {
  // Somebody's load may have landed between the look-up and the boarding.
  const std::uint64_t hash = HashOf(key);
  if (flight != nullptr) {
    Found found = Opened(key, ShardOf(hash).Peek(key, hash));
    if (found.outcome != Shard::Outcome::kMiss) return std::move(found.value);
  }
  const std::int64_t began_ns = SystemClock().MonotonicNanos();
  Result<Loaded<void>> loaded = load();
  loads_.fetch_add(1, std::memory_order_relaxed);
  const std::int64_t took_ns = SystemClock().MonotonicNanos() - began_ns;
  load_ns_.fetch_add(static_cast<std::uint64_t>(took_ns), std::memory_order_relaxed);
  if (!loaded) {
    load_errors_.fetch_add(1, std::memory_order_relaxed);
    return std::unexpected(std::move(loaded).error());
  }
  if (flight == nullptr) {
    Keep(key, loaded->value, loaded->size_bytes, loaded->options, nullptr);
  } else {
    const NotInvalidatedSince condition(flights_, *flight);
    Keep(key, loaded->value, loaded->size_bytes, loaded->options, &condition);
  }
  return std::move(loaded->value);
}

void ShardedCache::Invalidate(const CacheKey& key) {
  flights_.Invalidate(key);
  const std::uint64_t hash = HashOf(key);
  {
    Dropped dropped;
    ShardOf(hash).Erase(key, hash, dropped);
  }
  // Also when the key had no entry any more: what was made from it may still be here.
  EraseDependents({key});
}

void ShardedCache::InvalidateTag(std::uint64_t tag) { EraseLabelled({Label::OfTag(tag)}); }

void ShardedCache::InvalidateOlder(std::uint64_t owner, std::uint64_t version) {
  flights_.CloseOwner(owner);
  Dropped dropped;
  for (const auto& shard : shards_) shard->EraseOlder(owner, version, dropped);
  EraseDependents(dropped.keys);
}

void ShardedCache::EraseDependents(const std::vector<CacheKey>& keys) {
  std::vector<Label> labels;
  for (const CacheKey& key : keys) labels.push_back(Label::OfDependency(key));
  // A load under way may be the first that depends on something.
  if (!has_dependencies_.load()) {
    for (const Label& label : labels) flights_.InvalidateLabel(label, false);
  }
  if (has_dependencies_.load()) EraseLabelled(std::move(labels));
}

void ShardedCache::EraseLabelled(std::vector<Label> labels) {
  while (!labels.empty()) {
    const Label label = labels.back();
    labels.pop_back();
    flights_.InvalidateLabel(label, true);
    Dropped dropped;
    for (const auto& shard : shards_) shard->EraseLabelled(label, dropped);
    // A cycle of dependencies ends, since an entry is dropped once.
    for (const CacheKey& key : dropped.keys) labels.push_back(Label::OfDependency(key));
  }
}

void ShardedCache::RemoveExpired() {
  for (const auto& shard : shards_) {
    Dropped dropped;
    shard->EraseExpired(dropped);
  }
}

void ShardedCache::Clear() {
  flights_.InvalidateAll();
  for (const auto& shard : shards_) {
    Dropped dropped;
    shard->Clear(dropped);
  }
}

void ShardedCache::BeginAnew(const Habits& habits) {
  life_ns_.store(habits.life_ns, std::memory_order_relaxed);
  compress_above_bytes_.store(habits.compress_above_bytes, std::memory_order_relaxed);
  flights_.InvalidateAll();
  for (const auto& shard : shards_) {
    Dropped dropped;
    shard->SetPolicy(habits.policy, habits.tuning, dropped);
  }
}

void ShardedCache::SetBudget(std::uint64_t budget) {
  budget_.store(budget, std::memory_order_relaxed);
  for (const auto& shard : shards_) {
    Dropped dropped;
    shard->SetBudget(ShardBudget(budget), dropped);
  }
}

void ShardedCache::WatchEvicted(std::uint64_t window_bytes) {
  for (const auto& shard : shards_) shard->WatchEvicted(ShardBudget(window_bytes));
}

CacheCounters ShardedCache::counters() const {
  CacheCounters sum;
  for (const auto& shard : shards_) {
    const CacheCounters part = shard->counters();
    sum.hits += part.hits;
    sum.misses += part.misses;
    sum.inserts += part.inserts;
    sum.evictions += part.evictions;
    sum.entries += part.entries;
    sum.bytes += part.bytes;
    sum.negative_hits += part.negative_hits;
    sum.refused += part.refused;
    sum.expirations += part.expirations;
    sum.invalidations += part.invalidations;
    sum.packed += part.packed;
    sum.shadow_hits += part.shadow_hits;
  }
  sum.loads = loads_.load(std::memory_order_relaxed);
  sum.load_errors = load_errors_.load(std::memory_order_relaxed);
  sum.load_ns = load_ns_.load(std::memory_order_relaxed);
  sum.shared_loads = shared_loads_.load(std::memory_order_relaxed);
  return sum;
}

}  // namespace levee::cache

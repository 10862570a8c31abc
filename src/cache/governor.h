// Shares one budget of bytes out among the caches of a process, and moves it to where a byte saves most time.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "cache/level.h"

namespace levee::cache {

// The caches that there may be; docs/cache.md tells what each keeps.
enum class LevelKind : std::uint8_t { kPlans, kResults, kColumns, kSnapshots, kLayouts, kPages };

struct LevelSpec {
  LevelKind kind;
  std::string_view name;
  // Of the total, in 64ths: at the start, and at least. Both add up to at most 64 over all levels.
  std::uint32_t share, least;
  std::int64_t assumed_load_ns;  // of a miss, until misses were measured
};
const LevelSpec& SpecOf(LevelKind kind);
std::span<const LevelSpec> LevelSpecs();

struct GovernorOptions {
  std::uint64_t total_bytes = 256 << 20;
  bool fixed = false;  // each level keeps the share that it begins with
  // Asked before bytes that were taken are handed out again; empty: they always may be. Must not call the governor.
  std::function<bool(std::uint64_t bytes)> claim;
};

// Thread-safe. The budgets of the levels never add up to more than the total, not even while one moves: the
// level that gives is cut first. Levels must outlive the governor's last Tick, Step or ReleaseAtLeast; they
// leave by Remove.
class Governor {
 public:
  explicit Governor(GovernorOptions options);

  // The level's share, which it may begin with.
  std::uint64_t ShareOf(LevelKind kind) const;
  // Sets the level's budget to its share. One level of a kind.
  void Add(LevelKind kind, Level& level);
  void Remove(const Level& level);

  // Call now and then, for instance once a question: every 256th call makes a step. Costs an addition else.
  void Tick() {
    if ((ticks_.fetch_add(1, std::memory_order_relaxed) + 1) % kTicksAStep == 0) Step();
  }
  // Compares what a step's worth of bytes would have saved each level of late, and moves as much from the one
  // that would miss it least to the one that gains most; no less than twice as much. First it hands out a step
  // of what ReleaseAtLeast took. Returns whether anything moved.
  bool Step();

  // When memory is short: cuts levels, the one that gains least first, down to their least. Returns how many
  // bytes were let go, at least `bytes` if there were as many; what others still hold counts as let go. Steps
  // hand the room out again, bit by bit.
  std::uint64_t ReleaseAtLeast(std::uint64_t bytes);

  // The same in terms of room, full or not: first what levels do not fill, then what they need least, down to their
  // least, then all but the store's pages. Returns how much was taken.
  std::uint64_t Withhold(std::uint64_t bytes);

  std::uint64_t total_bytes() const { return options_.total_bytes; }
  // What Step moves at a time.
  std::uint64_t step_bytes() const;
  std::uint64_t BudgetOf(LevelKind kind) const;

 private:
  static constexpr std::uint64_t kTicksAStep = 256;

  struct Member {
    LevelKind kind;
    Level* level = nullptr;
    std::uint64_t budget = 0;
    std::uint64_t shadow_hits_before = 0;
    double gain_ns = 0;  // that a step's worth of bytes would have saved; older ones count half each step
    bool idle = false;   // it does not fill its budget
  };

  void Measure(Member& member) const;
  std::uint64_t LeastOf(const Member& member) const;
  // Gives back a step of what was withheld; false: nothing is.
  bool HandBack();
  void SetBudget(Member& member, std::uint64_t bytes) const;
  // Those that gain least from what they have first.
  std::vector<Member*> ByGain();
  // Cuts a level to `kept` at most, but by no more than `wanted`; returns by how much.
  std::uint64_t Cut(Member& member, std::uint64_t kept, std::uint64_t wanted);

  const GovernorOptions options_;
  std::atomic<std::uint64_t> ticks_{0};
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::vector<Member> members_;
  std::uint64_t withheld_bytes_ = 0;  // by ReleaseAtLeast
};

}  // namespace levee::cache

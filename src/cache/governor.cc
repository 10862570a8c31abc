#include "cache/governor.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/check.h"

namespace levee::cache {
namespace {

constexpr std::uint64_t kParts = 64;

// In the order of LevelKind. Loads were measured on tables of 100,000 to 5 million files.
constexpr std::array<LevelSpec, 6> kSpecs{{
    {LevelKind::kPlans, "plans", 2, 1, 20'000},
    {LevelKind::kResults, "results", 4, 1, 20'000},
    {LevelKind::kColumns, "columns", 48, 8, 50'000},
    {LevelKind::kSnapshots, "snapshots", 2, 1, 200'000},
    {LevelKind::kLayouts, "layouts", 6, 2, 2'000'000},
    {LevelKind::kPages, "pages", 2, 1, 5'000},
}};

// Fewer hints than that may be chance.
constexpr double kHintsLeast = 4;

}  // namespace

const LevelSpec& SpecOf(LevelKind kind) { return kSpecs[static_cast<std::size_t>(kind)]; }

std::span<const LevelSpec> LevelSpecs() { return kSpecs; }

Governor::Governor(GovernorOptions options) : options_(std::move(options)) {}

std::uint64_t Governor::ShareOf(LevelKind kind) const { return options_.total_bytes / kParts * SpecOf(kind).share; }

std::uint64_t Governor::step_bytes() const { return options_.total_bytes / kParts; }

std::uint64_t Governor::LeastOf(const Member& member) const {
  return options_.total_bytes / kParts * SpecOf(member.kind).least;
}

void Governor::SetBudget(Member& member, std::uint64_t bytes) const {
  member.budget = bytes;
  member.level->SetBudget(bytes);
}

void Governor::Add(LevelKind kind, Level& level) {
  const std::lock_guard lock(mutex_);
  for (const Member& member : members_) LEVEE_CHECK(member.kind != kind);
  Member member{.kind = kind, .level = &level};
  SetBudget(member, ShareOf(kind));
  if (!options_.fixed) level.WatchEvicted(step_bytes());
  members_.push_back(member);
}

void Governor::Remove(const Level& level) {
  const std::lock_guard lock(mutex_);
  std::erase_if(members_, [&](const Member& member) { return member.level == &level; });
}

std::uint64_t Governor::BudgetOf(LevelKind kind) const {
  const std::lock_guard lock(mutex_);
  for (const Member& member : members_) {
    if (member.kind == kind) return member.budget;
  }
  return 0;
}

void Governor::Measure(Member& member) const {
  const CacheCounters counters = member.level->counters();
  const auto hints = static_cast<double>(counters.shadow_hits - member.shadow_hits_before);
  member.shadow_hits_before = counters.shadow_hits;
  const double load_ns = counters.loads == 0 ? static_cast<double>(SpecOf(member.kind).assumed_load_ns)
                                             : static_cast<double>(counters.load_ns) / static_cast<double>(counters.loads);
  member.gain_ns = member.gain_ns / 2 + (hints < kHintsLeast ? 0 : hints * load_ns);
  member.idle = counters.bytes + step_bytes() <= member.budget;
}

bool Governor::HandBack() {
  if (withheld_bytes_ == 0) return false;
  const auto missing = [this](const Member& member) {
    return static_cast<std::int64_t>(ShareOf(member.kind)) - static_cast<std::int64_t>(member.budget);
  };
  // To whom it was taken from, or is most lacking since.
  Member& poorest = *std::ranges::max_element(members_, {}, missing);
  const std::uint64_t bytes = std::min(withheld_bytes_, step_bytes());
  if (options_.claim && !options_.claim(bytes)) return false;
  withheld_bytes_ -= bytes;
  SetBudget(poorest, poorest.budget + bytes);
  return true;
}

bool Governor::Step() {
  // Who finds another at it need not wait.
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock() || members_.empty()) return false;
  if (HandBack()) return true;
  if (options_.fixed) return false;
  for (Member& member : members_) Measure(member);
  Member& best = *std::ranges::max_element(members_, {}, [](const Member& member) { return member.gain_ns; });
  Member* donor = nullptr;
  for (Member& member : members_) {
    if (&member == &best || member.budget < LeastOf(member) + step_bytes()) continue;
    // Among those that would miss nothing the one that does not even fill what it has.
    if (donor == nullptr || member.gain_ns < donor->gain_ns ||
        (member.gain_ns == donor->gain_ns && member.idle && !donor->idle)) {
      donor = &member;
    }
  }
  if (donor == nullptr || best.gain_ns <= 2 * donor->gain_ns || best.gain_ns == 0) return false;
  SetBudget(*donor, donor->budget - step_bytes());
  SetBudget(best, best.budget + step_bytes());
  return true;
}

std::vector<Governor::Member*> Governor::ByGain() {
  std::vector<Member*> order;
  order.reserve(members_.size());
  for (Member& member : members_) order.push_back(&member);
  std::ranges::stable_sort(order, {}, [](const Member* member) { return member->gain_ns; });
  return order;
}

std::uint64_t Governor::Cut(Member& member, std::uint64_t kept, std::uint64_t wanted) {
  if (kept >= member.budget || wanted == 0) return 0;
  const std::uint64_t taken = std::min(member.budget - kept, wanted);
  SetBudget(member, member.budget - taken);
  withheld_bytes_ += taken;
  return taken;
}

std::uint64_t Governor::Withhold(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  std::uint64_t taken = 0;
  const auto cut = [&](const auto& kept) {
    for (Member* member : ByGain()) taken += Cut(*member, kept(*member), bytes - taken);
  };
  cut([&](const Member& member) { return std::max(LeastOf(member), member.level->counters().bytes); });
  cut([&](const Member& member) { return LeastOf(member); });
  cut([](const Member& member) { return member.kind == LevelKind::kPages ? member.budget : 0; });
  return taken;
}

std::uint64_t Governor::ReleaseAtLeast(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  std::uint64_t released = 0;
  for (Member* member : ByGain()) {
    if (released >= bytes) break;
    const std::uint64_t held = member->level->counters().bytes;
    const std::uint64_t wanted = bytes - released;
    const std::uint64_t kept = std::max(LeastOf(*member), held - std::min(held, wanted));
    if (kept >= held || kept >= member->budget) continue;
    withheld_bytes_ += member->budget - kept;
    SetBudget(*member, kept);
    const std::uint64_t left = member->level->counters().bytes;
    released += held - std::min(held, left);
  }
  return released;
}

}  // namespace levee::cache

// `adaptive`: W-TinyLFU (Einziger, Eytan, Friedman and Manes, 2018) whose window finds its own size.
//
// Newcomers enter a window, ordered by last use. What leaves it is the candidate for the main part, a
// segmented LRU, and must have been used more often of late than the main part's next victim; the loser
// leaves the cache.
#include <algorithm>
#include <array>

#include "cache/eviction_policy.h"
#include "cache/policies/far_sight.h"
#include "cache/policies/frequency_sketch.h"
#include "cache/policies/window_climber.h"
#include "cache/slot_list.h"

namespace levee::cache {
namespace {

class AdaptivePolicy final : public EvictionPolicy {
 public:
  AdaptivePolicy(const EntryColumns& columns, const PolicyTuning& tuning)
      : columns_(columns), climber_(sketch_, tuning) {
    sketch_.EnsureCapacity(tuning.expected_entries);
  }

  void SetBudget(std::uint64_t budget) override {
    // The window keeps its part of the whole.
    const double part = budget_ == 0 ? kFirstWindow : window_goal_ / static_cast<double>(budget_);
    budget_ = budget;
    MoveWindow(part * static_cast<double>(budget));
    Rebalance();
  }

  void Inserted(Slot slot) override {
    nodes_.GrowTo(slot + 1);
    ++held_;
    sketch_.EnsureCapacity(held_);
    const std::uint64_t hash = HashOfSlot(slot);
    sketch_.Increment(hash);
    const std::uint32_t charge = ChargeOf(slot);
    const double step = climber_.HintOf(hash, charge, held_, budget_);
    const double leap = far_sight_.Miss(hash, held_, {window_goal_, static_cast<double>(budget_)});
    if (step != 0 || leap != 0) {
      MoveWindow(window_goal_ + step + leap);
      Rebalance();
    }
    Enter(slot, kWindow);
    // Before the cache is full nothing has to leave it, and the main part takes what the window cannot hold.
    while (charges_[kWindow] > WindowMax() && lists_[kWindow].back() != slot) {
      Move(lists_[kWindow].back(), kProbation);
    }
  }

  void Touched(std::span<const Slot> slots) override {
    // The sketch's lines are on their way while the first hits are dealt with.
    for (const Slot slot : slots) sketch_.Prefetch(HashOfSlot(slot));
    for (const Slot slot : slots) {
      sketch_.Increment(HashOfSlot(slot));
      Node& node = nodes_[slot];
      far_sight_.Hit(node.segment != kWindow);
      if (node.segment == kProbation) {
        Move(slot, kProtected);
        TrimProtected();
      } else if (node.moved_in != (epoch_ & kEpochMask)) {
        lists_[node.segment].MoveToFront(nodes_, slot);
        CountMove(node);
      }
    }
  }

  void Removed(Slot slot) override {
    Leave(slot);
    --held_;
  }

  Slot Victim(std::uint32_t incoming_charge) override {
    const bool main_is_empty = lists_[kProbation].empty() && lists_[kProtected].empty();
    if (main_is_empty) return lists_[kWindow].back();
    const Slot victim = lists_[kProbation].empty() ? lists_[kProtected].back() : lists_[kProbation].back();
    if (lists_[kWindow].empty() || charges_[kWindow] + incoming_charge <= WindowMax()) return victim;
    const Slot candidate = lists_[kWindow].back();
    const bool wins = Wins(candidate, victim);
    const Slot loser = wins ? victim : candidate;
    climber_.Lost(HashOfSlot(loser), !wins, held_);
    if (!wins) far_sight_.Left(HashOfSlot(loser), held_);
    if (wins) Move(candidate, kProbation);
    return loser;
  }

 private:
  enum Segment : std::uint32_t { kWindow, kProbation, kProtected };
  struct Node {
    std::uint32_t prev : 24 = kNoSlot;
    std::uint32_t segment : 8 = kWindow;
    std::uint32_t next : 24 = kNoSlot;
    std::uint32_t moved_in : 8 = 0;  // the low bits of the epoch when it came to the front
  };
  // What came to the front so lately, as a part of the entries, is still near it: moving it again would change
  // next to nothing, and costs the cache lines of two neighbours.
  static constexpr std::uint64_t kEpochsARound = 32;
  static constexpr double kFirstWindow = 0.01, kLeastWindow = 0.01, kMostWindow = 0.99, kProtectedPart = 0.8;
  // A candidate used this often that loses is let in once in 128 times, so that nobody can keep the main part
  // full of keys that were once frequent.
  static constexpr std::uint32_t kWarm = 6;
  static constexpr std::uint32_t kEpochMask = 0xff;

  std::uint64_t HashOfSlot(Slot slot) const { return HashOf(columns_.entries[slot].key); }
  std::uint32_t ChargeOf(Slot slot) const { return columns_.entries[slot].charge; }
  std::uint64_t WindowMax() const { return static_cast<std::uint64_t>(window_goal_); }
  std::uint64_t MainMax() const { return budget_ - std::min(budget_, WindowMax()); }

  bool Wins(Slot candidate, Slot victim) {
    const std::uint32_t candidate_frequency = sketch_.Frequency(HashOfSlot(candidate));
    if (candidate_frequency > sketch_.Frequency(HashOfSlot(victim))) return true;
    if (candidate_frequency < kWarm) return false;
    // Reproducible on purpose: the same accesses give the same hits.
    random_ = random_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return random_ >> 57 == 0;
  }

  // An epoch ends once a 32nd of the entries came to the front.
  void CountMove(Node& node) {
    node.moved_in = epoch_ & kEpochMask;
    if (++moves_ * kEpochsARound < held_) return;
    moves_ = 0;
    ++epoch_;
  }

  void Enter(Slot slot, Segment segment) {
    CountMove(nodes_[slot]);
    nodes_[slot].segment = segment;
    lists_[segment].PushFront(nodes_, slot);
    charges_[segment] += ChargeOf(slot);
  }

  void Leave(Slot slot) {
    const std::uint32_t segment = nodes_[slot].segment;
    lists_[segment].Remove(nodes_, slot);
    charges_[segment] -= ChargeOf(slot);
  }

  void Move(Slot slot, Segment segment) {
    Leave(slot);
    Enter(slot, segment);
  }

  void TrimProtected() {
    const auto most = static_cast<std::uint64_t>(static_cast<double>(MainMax()) * kProtectedPart);
    while (charges_[kProtected] > most) Move(lists_[kProtected].back(), kProbation);
  }

  void MoveWindow(double goal) {
    const auto whole = static_cast<double>(budget_);
    window_goal_ = std::clamp(goal, std::max(1.0, whole * kLeastWindow), std::max(1.0, whole * kMostWindow));
  }

  // Lets the parts follow the border: what is next to leave one becomes what is next to leave the other.
  void Rebalance() {
    while (charges_[kWindow] > WindowMax()) Move(lists_[kWindow].back(), kProbation);
    TrimProtected();
    while (charges_[kProbation] + charges_[kProtected] > MainMax()) {
      const Slot slot = lists_[kProbation].empty() ? lists_[kProtected].back() : lists_[kProbation].back();
      if (charges_[kWindow] + ChargeOf(slot) > WindowMax()) return;
      Leave(slot);
      nodes_[slot].segment = kWindow;
      lists_[kWindow].PushBack(nodes_, slot);
      charges_[kWindow] += ChargeOf(slot);
    }
  }

  const EntryColumns& columns_;
  FrequencySketch sketch_;
  WindowClimber climber_;
  FarSight far_sight_;
  SlotArray<Node> nodes_;
  std::array<SlotList<Node>, 3> lists_;
  std::array<std::uint64_t, 3> charges_{};
  std::uint64_t budget_ = 0;
  double window_goal_ = 0;
  std::uint64_t held_ = 0;
  std::uint64_t random_ = 1;
  std::uint32_t epoch_ = 1;
  std::uint64_t moves_ = 0;  // in this epoch
};

}  // namespace

std::unique_ptr<EvictionPolicy> MakeAdaptivePolicy(const EntryColumns& columns, const PolicyTuning& tuning) {
  return std::make_unique<AdaptivePolicy>(columns, tuning);
}

}  // namespace levee::cache

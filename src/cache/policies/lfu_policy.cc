// `lfu`: gives up the value that was used least often of late, and among equals the one used longest ago.
#include <algorithm>
#include <cmath>
#include <vector>

#include "cache/eviction_policy.h"
#include "cache/slot_list.h"

namespace levee::cache {
namespace {

// A list for each count that occurs, each ordered by last use: an entry enters a list by being used, so it
// belongs at the front. The lists are chained by ascending count, so that a use moves its entry to the next link
// or makes one, without a search (Shah, Mitra and Matani, 2010). Only decay merges lists, and then the last uses
// tell the order.
class LfuPolicy final : public EvictionPolicy {
 public:
  explicit LfuPolicy(const PolicyTuning& tuning)
      : fixed_window_(std::min<std::uint64_t>(tuning.lfu_window, kLongestWindow)),
        decay_(std::clamp(tuning.lfu_decay, 0.0, 1.0)) {}

  void Inserted(Slot slot) override {
    nodes_.GrowTo(slot + 1);
    // After decay there may be counts of 0.
    const Link after = first_ != kNoLink && links_[first_].count == 0 ? first_ : kNoLink;
    Enter(slot, LinkAfter(after, 1));
    ++held_;
    CountAccess();
  }

  void Touched(std::span<const Slot> slots) override {
    for (const Slot slot : slots) {
      Use(slot);
      CountAccess();
    }
  }

  void Removed(Slot slot) override {
    Leave(slot);
    --held_;
  }

  Slot Victim(std::uint32_t /*incoming_charge*/) override { return links_[first_].slots.back(); }

 private:
  using Link = std::uint32_t;
  static constexpr Link kNoLink = 0xffffffff;
  struct Node {
    Slot prev = kNoSlot;
    Slot next = kNoSlot;
    Link link = kNoLink;
    std::uint32_t last_use = 0;  // numbered anew by each decay
  };
  struct Counted {
    std::uint32_t count = 0;
    Link prev = kNoLink, next = kNoLink;
    SlotList<Node> slots;
  };
  static constexpr std::uint64_t kLongestWindow = 1ULL << 31;
  static constexpr std::uint64_t kLeastWindow = 1000;

  void Use(Slot slot) {
    Counted& link = links_[nodes_[slot].link];
    const std::uint32_t count = link.count + 1;
    const bool alone = link.slots.front() == link.slots.back();
    const bool gap = link.next == kNoLink || links_[link.next].count > count;
    if (alone && gap) {
      // Mostly so for what is used most.
      link.count = count;
      nodes_[slot].last_use = next_use_++;
      return;
    }
    const Link to = LinkAfter(nodes_[slot].link, count);
    Leave(slot);
    Enter(slot, to);
  }

  // The link of that count, made behind `before` (kNoLink: at the beginning) when it is not the next.
  Link LinkAfter(Link before, std::uint32_t count) {
    const Link next = before == kNoLink ? first_ : links_[before].next;
    if (next != kNoLink && links_[next].count == count) return next;
    Link made = free_;
    if (made == kNoLink) {
      made = static_cast<Link>(links_.size());
      links_.emplace_back();
    } else {
      free_ = links_[made].next;
    }
    links_[made] = {.count = count, .prev = before, .next = next, .slots = {}};
    (before == kNoLink ? first_ : links_[before].next) = made;
    if (next != kNoLink) links_[next].prev = made;
    return made;
  }

  void Enter(Slot slot, Link link) {
    nodes_[slot].link = link;
    nodes_[slot].last_use = next_use_++;
    links_[link].slots.PushFront(nodes_, slot);
  }

  void Leave(Slot slot) {
    const Link at = nodes_[slot].link;
    Counted& link = links_[at];
    link.slots.Remove(nodes_, slot);
    if (!link.slots.empty()) return;
    (link.prev == kNoLink ? first_ : links_[link.prev].next) = link.next;
    if (link.next != kNoLink) links_[link.next].prev = link.prev;
    link.next = free_;
    free_ = at;
  }

  void CountAccess() {
    if (accesses_ == 0) window_ = fixed_window_ != 0 ? fixed_window_ : std::max(kLeastWindow, 10 * held_);
    if (++accesses_ < window_) return;
    accesses_ = 0;
    Decay();
  }

  void Decay() {
    struct Decayed {
      Slot slot;
      std::uint32_t count;
    };
    std::vector<Decayed> entries;
    entries.reserve(held_);
    for (Link link = first_; link != kNoLink; link = links_[link].next) {
      const auto count = static_cast<std::uint32_t>(std::floor(links_[link].count * decay_));
      for (Slot slot = links_[link].slots.front(); slot != kNoSlot; slot = nodes_[slot].next) {
        entries.push_back({slot, count});
      }
    }
    std::ranges::sort(entries, {}, [this](const Decayed& entry) { return nodes_[entry.slot].last_use; });
    next_use_ = 0;
    for (const Decayed& entry : entries) nodes_[entry.slot].last_use = next_use_++;
    // Of one count the oldest first, as each enters at the front.
    std::ranges::stable_sort(entries, {}, &Decayed::count);
    links_.clear();
    first_ = free_ = kNoLink;
    Link last = kNoLink;
    for (const Decayed& entry : entries) {
      if (last == kNoLink || links_[last].count != entry.count) last = LinkAfter(last, entry.count);
      nodes_[entry.slot].link = last;
      links_[last].slots.PushFront(nodes_, entry.slot);
    }
  }

  const std::uint64_t fixed_window_;
  const double decay_;
  SlotArray<Node> nodes_;
  std::vector<Counted> links_;
  Link first_ = kNoLink;  // of the least count
  Link free_ = kNoLink;   // chained by `next`
  std::uint64_t held_ = 0;
  std::uint64_t window_ = 0;
  std::uint64_t accesses_ = 0;  // in this window
  std::uint32_t next_use_ = 0;
};

}  // namespace

std::unique_ptr<EvictionPolicy> MakeLfuPolicy(const PolicyTuning& tuning) {
  return std::make_unique<LfuPolicy>(tuning);
}

}  // namespace levee::cache

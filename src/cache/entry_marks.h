// By what entries can be invalidated beyond their key: version, tags, dependencies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "cache/cache_key.h"
#include "cache/slot_array.h"

namespace levee::cache {

// A reason for which several entries may have to go at once.
struct Label {
  enum class Kind : std::uint8_t { kTag, kDependency };
  Kind kind = Kind::kTag;
  CacheKey name;  // the key depended on; a tag stands in `part`

  static Label OfTag(std::uint64_t tag) { return {Kind::kTag, {0, tag}}; }
  static Label OfDependency(const CacheKey& key) { return {Kind::kDependency, key}; }
  friend bool operator==(const Label&, const Label&) = default;
};

struct Marks {
  std::optional<std::uint64_t> version;  // of the entry's owner
  std::vector<Label> labels;

  bool empty() const { return !version && labels.empty(); }
};

// The marks of one shard's entries, of the few that have any; the shard's lock guards it.
class MarkIndex {
 public:
  void Add(Slot slot, Marks marks) {
    for (const Label& label : marks.labels) by_label_[label].insert(slot);
    by_slot_[slot] = std::move(marks);
  }

  void Remove(Slot slot) {
    const auto marks = by_slot_.find(slot);
    for (const Label& label : marks->second.labels) {
      const auto slots = by_label_.find(label);
      if (slots == by_label_.end()) continue;  // named twice
      slots->second.erase(slot);
      if (slots->second.empty()) by_label_.erase(slots);
    }
    by_slot_.erase(marks);
  }

  std::vector<Slot> SlotsOf(const Label& label) const {
    const auto slots = by_label_.find(label);
    if (slots == by_label_.end()) return {};
    return {slots->second.begin(), slots->second.end()};
  }

  // All that carry a version below `version`, whoever owns them.
  std::vector<Slot> SlotsBelow(std::uint64_t version) const {
    std::vector<Slot> slots;
    for (const auto& [slot, marks] : by_slot_) {
      if (marks.version && *marks.version < version) slots.push_back(slot);
    }
    return slots;
  }

 private:
  struct LabelHash {
    std::size_t operator()(const Label& label) const {
      return HashOf(label.name) * 2 + static_cast<std::size_t>(label.kind);
    }
  };
  std::unordered_map<Slot, Marks> by_slot_;
  std::unordered_map<Label, std::unordered_set<Slot>, LabelHash> by_label_;
};

}  // namespace levee::cache

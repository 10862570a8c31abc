// Where each value of a statistics object goes: the slots of numRecords, tightBounds and, for every
// leaf column, its minimum, maximum and count of nulls.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "columnar/column_key.h"
#include "delta/row_columns.h"
#include "types/schema.h"

namespace levee::delta {

inline constexpr int kNoSlot = -1;
inline constexpr int kNumRecordsSlot = 0;
inline constexpr int kTightBoundsSlot = 1;

// A node of the schema's tree of physical names: a struct or a leaf.
struct StatsNode {
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
  };
  std::unordered_map<std::string, StatsNode, NameHash, std::equal_to<>> children;
  int min_slot = kNoSlot;  // the first of a leaf's three slots, in the order of StatsSection
  bool is_leaf() const { return min_slot != kNoSlot; }
  const StatsNode* Find(std::string_view name) const {
    const auto found = children.find(name);
    return found == children.end() ? nullptr : &found->second;
  }
};

enum class StatsSection : std::uint8_t { kMin = 0, kMax = 1, kNullCount = 2 };
// "minValues", "maxValues", "nullCount".
std::string_view SectionName(StatsSection section);

// Not thread-safe.
class StatsSlots {
 public:
  // `columns` outlives this object. Columns are made when a value first comes for them.
  StatsSlots(const types::Schema& schema, RowColumns& columns);

  const StatsNode& root() const { return root_; }
  static int SlotOf(const StatsNode& leaf, StatsSection section) {
    return leaf.min_slot + static_cast<int>(section);
  }
  const types::PrimitiveType& type(int slot) const { return keys_[static_cast<std::size_t>(slot)].type; }
  RowColumn& column(int slot) {
    RowColumn*& column = made_[static_cast<std::size_t>(slot)];
    return column != nullptr ? *column : Make(slot);
  }

 private:
  RowColumn& Make(int slot);

  RowColumns& columns_;
  StatsNode root_;
  std::vector<columnar::ColumnKey> keys_;  // by slot
  std::vector<RowColumn*> made_;           // by slot; null: not yet
};

}  // namespace levee::delta

#include "delta/stats_slots.h"

namespace levee::delta {
namespace {

using columnar::ColumnRole;

constexpr types::PrimitiveType kLong{types::TypeKind::kLong, 0, 0};

StatsNode& NodeOf(StatsNode& root, std::string_view physical_path) {
  StatsNode* node = &root;
  for (std::size_t begin = 0; begin <= physical_path.size();) {
    const std::size_t end = std::min(physical_path.find(types::kPathSeparator, begin), physical_path.size());
    node = &node->children[std::string(physical_path.substr(begin, end - begin))];
    begin = end + 1;
  }
  return *node;
}

}  // namespace

std::string_view SectionName(StatsSection section) {
  static constexpr std::string_view kNames[] = {"minValues", "maxValues", "nullCount"};
  return kNames[static_cast<std::size_t>(section)];
}

StatsSlots::StatsSlots(const types::Schema& schema, RowColumns& columns) : columns_(columns) {
  keys_.push_back(columnar::PlainKey(ColumnRole::kNumRecords));
  keys_.push_back(columnar::PlainKey(ColumnRole::kTightBounds));
  for (const types::LeafColumn& leaf : schema.Leaves()) {
    StatsNode& node = NodeOf(root_, leaf.physical_path);
    if (node.is_leaf() || !node.children.empty()) continue;  // two columns of one physical name: the first
    node.min_slot = static_cast<int>(keys_.size());
    keys_.push_back({ColumnRole::kMin, leaf.physical_path, leaf.type});
    keys_.push_back({ColumnRole::kMax, leaf.physical_path, leaf.type});
    keys_.push_back({ColumnRole::kNullCount, leaf.physical_path, kLong});
  }
  made_.resize(keys_.size());
}

RowColumn& StatsSlots::Make(int slot) {
  RowColumn*& column = made_[static_cast<std::size_t>(slot)];
  const columnar::ColumnKey& key = keys_[static_cast<std::size_t>(slot)];
  column = key.path.empty() && slot <= kTightBoundsSlot ? &columns_.Plain(key.role) : &columns_.Add(key);
  return *column;
}

}  // namespace levee::delta

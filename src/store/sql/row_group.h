// Building the in-memory groups of small segments' entries.
#pragma once

#include <vector>

#include "store/sql/layout.h"

namespace levee::store {

std::shared_ptr<RowGroup> MakeRowGroup(const SegmentInfo& info, columnar::Batch entries);

// The groups of a layout while it is built.
class GroupBuilder {
 public:
  GroupBuilder(std::vector<std::shared_ptr<const RowGroup>> groups,
               std::vector<std::shared_ptr<const RemovalList>> removals)
      : groups_(std::move(groups)), removals_(std::move(removals)) {}

  // Adds a group without removals. Groups of like size are merged, so that there are few, and each row is
  // copied a logarithmic number of times only.
  void Add(std::shared_ptr<const RowGroup> group);

  std::vector<std::shared_ptr<const RowGroup>>& groups() { return groups_; }
  std::vector<std::shared_ptr<const RemovalList>>& removals() { return removals_; }

 private:
  std::vector<std::shared_ptr<const RowGroup>> groups_;
  std::vector<std::shared_ptr<const RemovalList>> removals_;  // by group; null: none
};

}  // namespace levee::store

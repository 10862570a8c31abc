// Statistics that a checkpoint keeps as a struct (`stats_parsed`), to typed columns.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "delta/arrow_view.h"
#include "delta/row_columns.h"
#include "delta/stats_slots.h"

namespace levee::delta {

// Bound once for each Arrow batch. Not thread-safe.
class StatsStruct {
 public:
  // `stats` is a struct column; the other two outlive this object.
  StatsStruct(const ArrowColumn& stats, StatsSlots& slots, RowColumns& columns);

  // Sets the statistics columns of `row` from `arrow_row`, where the struct is not null.
  void Append(std::size_t row, std::int64_t arrow_row);

 private:
  struct Member {
    ArrowColumn column;
    int slot = kNoSlot;       // a leaf with a place
    bool is_section = false;  // minValues, maxValues, nullCount or a struct in one
    std::vector<Member> members;
  };

  Member BindSection(const ArrowColumn& column, StatsSection section, const StatsNode& node) const;
  void AppendMembers(const std::vector<Member>& members, std::size_t row, std::int64_t arrow_row,
                     std::string& residual);
  // False when the value is none of the slot's type.
  bool SetSlot(int slot, std::size_t row, const ArrowColumn& column, std::int64_t arrow_row);

  StatsSlots& slots_;
  RowColumn& form_;
  RowColumn& residual_;
  std::vector<Member> members_;
};

}  // namespace levee::delta

#include "memory/query/ordered_walk.h"

#include <algorithm>

namespace levee::memory {
namespace {

// Groups of rows with an equal first key, as the order has them: what has no value comes last whichever way it goes.
class Groups {
 public:
  Groups(const PartIndex& index, bool descending)
      : index_(index), descending_(descending), rows_(static_cast<std::uint32_t>(index.rows().size())),
        valued_(rows_ - index.missing()), at_(descending ? valued_ : 0) {}

  // Leaves out the groups before a value's own.
  void SkipTo(const SortValue& value) {
    if (value.kind == ValueKind::kNull) {
      at_ = descending_ ? 0 : valued_;
      return;
    }
    const std::uint32_t place = index_.LowerBound(value);
    if (!descending_) {
      at_ = place;
      return;
    }
    // The group behind `place` is the value's own, or one that is greater.
    const bool own = place < valued_ && CompareValues(index_.FirstKeyAt(place), value) == 0;
    at_ = own ? index_.GroupEnd(place, 1) : place;
  }

  bool Next(PartIndex::Span& group) {
    if (ended_) return false;
    const bool missing_next = descending_ ? at_ == 0 : at_ >= valued_;
    if (missing_next) {
      ended_ = true;
      group = {valued_, rows_};
      return valued_ < rows_;
    }
    group = descending_ ? PartIndex::Span{index_.GroupBegin(at_ - 1, 1), at_} : PartIndex::Span{at_, index_.GroupEnd(at_, 1)};
    at_ = descending_ ? group.begin : group.end;
    return true;
  }

 private:
  const PartIndex& index_;
  const bool descending_;
  const std::uint32_t rows_, valued_;
  std::uint32_t at_;
  bool ended_ = false;  // the group without values was given
};

}  // namespace

Status WalkInOrder(Part& part, const Conditions& conditions, const PartWay& way, const Wanted& wanted,
                   const std::optional<Place>& after, ScanCount& count,
                   const std::function<void(std::uint32_t row)>& visit) {
  Groups groups(*way.index, wanted.order->keys().front().descending);
  // Of the group where the page before ended, any number may have been on it.
  bool counts = !after;
  if (after) groups.SkipTo(after->values.front());
  std::size_t enough = 0;
  for (PartIndex::Span group; enough < wanted.first && groups.Next(group); counts = true) {
    PartWay own;
    own.access = RowAccess::kIndex;
    own.first = way.first;
    own.last = way.last;
    const auto rows = way.index->rows().subspan(group.begin, group.end - group.begin);
    own.found.assign(rows.begin(), rows.end());
    std::sort(own.found.begin(), own.found.end());  // further keys had put them into another order
    LEVEE_RETURN_IF_ERROR(ScanRows(part, conditions, own, count, [&](std::uint32_t row) {
      enough += counts ? 1 : 0;
      visit(row);
      return true;
    }));
  }
  return {};
}

}  // namespace levee::memory

// Bounds of whole segments, folded from their blocks' zone maps: what lets a scan of thousands of blocks look at a few.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>

#include "columnar/skipping_evaluator.h"
#include "store/sql/bounds.h"
#include "store/sql/layout.h"

namespace levee::store {

// A row stands for a segment of the set. A segment with a block of unknown bounds has unknown bounds.
class SegmentBounds final : public columnar::BoundsSource {
 public:
  // `blocks` tells the bounds of the set's blocks; both outlive this.
  SegmentBounds(const SegmentSet& set, columnar::BoundsSource& blocks) : set_(set), blocks_(blocks) {}

  std::size_t rows() const override { return set_.items.size(); }
  Result<const columnar::ColumnVector*> Lower(const expr::ColumnRef& column) override;
  Result<const columnar::ColumnVector*> Upper(const expr::ColumnRef& column) override;
  Result<const Bitmap*> MayBeNull(const expr::ColumnRef& column) override;
  Result<const Bitmap*> MayBeNonNull(const expr::ColumnRef& column) override;

 private:
  // What was folded before, else what `fold` makes. `part` tells the sides of a column apart.
  Result<const ZoneColumn*> Kept(char part, const expr::ColumnRef& column,
                                 const std::function<Status(ZoneColumn&)>& fold);
  Result<const columnar::ColumnVector*> Bound(bool upper, const expr::ColumnRef& column);
  Result<const Bitmap*> MayBe(bool null, const expr::ColumnRef& column);

  const SegmentSet& set_;
  columnar::BoundsSource& blocks_;
  std::list<std::shared_ptr<const ZoneColumn>> held_;  // what returned pointers point to
};

}  // namespace levee::store

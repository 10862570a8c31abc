// Parts of a predicate that zone maps have settled: every entry of a block passes, so that none need be looked at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "base/bitmap.h"
#include "base/status.h"
#include "columnar/skipping_evaluator.h"
#include "expr/skipping.h"

namespace levee::store {

// Tables are clustered by their partition values, so that most blocks hold one value of them: there the parts of a
// conjunction on partition columns are TRUE in each entry or in none. Not thread-safe; copies are for other threads.
class SettledParts {
 public:
  SettledParts() = default;
  // `zones` tells the bounds of blocks, `blocks` those to look at. The predicate outlives this.
  static Result<SettledParts> Find(const expr::SkippingNode& predicate, columnar::BoundsSource& zones,
                                   const Bitmap& blocks);

  // What is left to evaluate on the entries of the blocks [first, first + count), each of which was looked at; null:
  // every entry passes. Valid as long as this.
  const expr::SkippingNode* Rest(std::size_t first, std::size_t count);

 private:
  struct Part {
    std::size_t child = 0;  // of the conjunction
    Bitmap blocks;          // in which it is settled
  };

  const expr::SkippingNode* predicate_ = nullptr;
  std::vector<Part> parts_;
  // By which parts are settled, a bit each; null: nothing is left.
  std::map<std::uint64_t, std::shared_ptr<const expr::SkippingNode>> rests_;
};

}  // namespace levee::store

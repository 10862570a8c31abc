// A leaf over bounds that stay encoded: block by block, in the encoding's own terms where it has some, else decoded
// into a buffer of one block.
#pragma once

#include <optional>
#include <vector>

#include "columnar/skipping/leaves.h"
#include "columnar/skipping_evaluator.h"

namespace levee::columnar::skipping {

// A part of a leaf, as all of which it is TRUE.
struct EncodedStep {
  Sides sides;                   // that it looks at
  std::optional<Limits> limits;  // of numbers on one side, else
  expr::SkippingNode leaf;       // what is to hold
};

// How a leaf whose literals are of its column's physical type becomes steps, which together keep the same rows; nothing:
// it is better left to who has the bounds decoded.
std::optional<std::vector<EncodedStep>> EncodedSteps(const expr::SkippingNode& leaf, Sides sides);

// Narrows `candidates`. `unknown` loses the rows that have a bound on a side that was looked at, as far as they are
// candidates.
Status FilterEncoded(const std::vector<EncodedStep>& steps, const EncodedBounds& bounds, Bitmap& candidates,
                     Bitmap& unknown);

}  // namespace levee::columnar::skipping

#include "text/query/list_cursor.h"

#include <algorithm>
#include <cstring>

namespace levee::text {
namespace {

double BestOf(std::span<const PostingBound> bounds, const Formula& formula) {
  double best = 0;
  for (const PostingBound& bound : bounds) {
    // Where any count is possible the score is below its limit.
    best = std::max(best, bound.count == kCountUnknown ? formula.scale : formula(bound.count, bound.length));
  }
  return best;
}

typedef std::uint16_t Lanes __attribute__((vector_size(16)));

// How many of a whole block's rows are below `row`. All are compared: that costs less than one wrong guess of a branch.
std::uint32_t CountBelow(const std::uint16_t* rows, std::uint16_t row) {
  Lanes count{};
  for (std::uint32_t i = 0; i < kBlock; i += 8) {
    Lanes eight;
    std::memcpy(&eight, rows + i, sizeof(eight));
    count -= reinterpret_cast<Lanes>(eight < Lanes{} + row);
  }
  std::uint32_t sum = 0;
  for (int lane = 0; lane < 8; ++lane) sum += count[lane];
  return sum;
}

}  // namespace

ListCursor::ListCursor(const LeafList& list, const Formula& formula, Lengths lengths)
    : list_(&list), formula_(formula), lengths_(lengths),
      blocks_(list.blocks ? list.blocks->blocks() : (list.size() + kBlock - 1) / kBlock) {}

double ListCursor::Bound() {
  if (list_->blocks) return BestOf(list_->blocks->bounds(), formula_);
  double bound = 0;
  for (std::uint32_t block = 0; block < blocks_; ++block) bound = std::max(bound, BlockBound(block));
  return bound;
}

std::uint32_t ListCursor::LastRow(std::uint32_t block) const {
  if (list_->blocks) return list_->blocks->last_row(block);
  return list_->rows[std::min<std::size_t>(std::size_t{block} * kBlock + kBlock, list_->rows.size()) - 1];
}

// The first block not before `from` whose last row is not below `row`; blocks(): there is none.
std::uint32_t ListCursor::FindBlock(std::uint32_t from, std::uint32_t row) const {
  // What is looked for is near most of the time.
  std::uint32_t step = 1, low = from;
  while (low < blocks_ && LastRow(low) < row) {
    if (low + step >= blocks_ || LastRow(low + step) >= row) {
      std::uint32_t first = low + 1, last = std::min(low + step, blocks_);
      while (first < last) {
        const std::uint32_t middle = (first + last) / 2;
        if (LastRow(middle) < row) {
          first = middle + 1;
        } else {
          last = middle;
        }
      }
      return first;
    }
    low += step;
    step *= 2;
  }
  return low;
}

double ListCursor::BlockBound(std::uint32_t block) {
  if (block_bounds_.empty()) block_bounds_.resize(blocks_, -1);
  double& bound = block_bounds_[block];
  if (bound >= 0) return bound;
  if (list_->blocks) return bound = BestOf(list_->blocks->bounds(block), formula_);
  const auto first = list_->scores.begin() + static_cast<std::ptrdiff_t>(std::size_t{block} * kBlock);
  const auto size = std::min<std::ptrdiff_t>(kBlock, list_->scores.end() - first);
  return bound = *std::max_element(first, first + size);
}

double ListCursor::BoundWithin(std::uint32_t first, std::uint32_t end) {
  double bound = 0;
  for (std::uint32_t block = FindBlock(block_, first); block < blocks_; ++block) {
    bound = std::max(bound, BlockBound(block));
    if (LastRow(block) + 1 >= end) break;
  }
  return bound;
}

std::uint32_t ListCursor::BlockEnd(std::uint32_t row) const {
  const std::uint32_t block = FindBlock(block_, row);
  return block < blocks_ ? LastRow(block) : kNoRow;
}

void ListCursor::EndCorrupt() {
  is_corrupt_ = true;
  block_ = blocks_;
  row_ = kNoRow;
}

bool ListCursor::LoadBlock(std::uint32_t block) {
  block_ = block;
  at_ = 0;
  is_loaded_ = true;
  has_counts_ = has_scores_ = has_rough_scores_ = false;
  if (list_->blocks) {
    size_ = list_->blocks->size(block);
    if (!list_->blocks->ReadRows(block, unpacked_)) {
      EndCorrupt();
      return false;
    }
  } else {
    const std::size_t first = std::size_t{block} * kBlock;
    size_ = static_cast<std::uint32_t>(std::min<std::size_t>(kBlock, list_->rows.size() - first));
    plain_rows_ = list_->rows.data() + first;
    if (size_ < kBlock) {
      std::copy_n(plain_rows_, size_, unpacked_);
      plain_rows_ = nullptr;
    }
  }
  // Beyond the end stands what is below nothing.
  std::fill(unpacked_ + (plain_rows_ == nullptr ? size_ : kBlock), unpacked_ + kBlock, std::uint16_t{0xffff});
  return true;
}

void ListCursor::LoadCounts() {
  has_counts_ = true;
  if (list_->blocks) list_->blocks->ReadCounts(block_, counts_);
}

std::uint32_t ListCursor::Seek(std::uint32_t target) {
  if (is_loaded_ && row_ >= target) return row_;
  // The next row is what is asked for most.
  if (is_loaded_ && at_ + 1 < size_ && rows()[at_ + 1] >= target && block_ < blocks_) return row_ = rows()[++at_];
  const std::uint32_t block = FindBlock(block_, target);
  if (block >= blocks_) {
    block_ = blocks_;
    is_loaded_ = true;
    return row_ = kNoRow;
  }
  if ((!is_loaded_ || block != block_) && !LoadBlock(block)) return kNoRow;
  at_ = CountBelow(rows(), static_cast<std::uint16_t>(target));
  return row_ = rows()[at_];
}

double ListCursor::ScoreAt(std::uint32_t index) {
  if (!list_->blocks) return list_->scores[std::size_t{block_} * kBlock + index];
  return formula_(counts_[index], lengths_[rows()[index]]);
}

double ListCursor::Score() {
  if (!has_counts_) LoadCounts();
  return ScoreAt(at_);
}

// Of a whole block at once: divisions of neighbours go side by side.
void ListCursor::ScoreBlock() {
  if (!has_counts_) LoadCounts();
  has_scores_ = true;
  double lengths[kBlock];
  for (std::uint32_t i = 0; i < size_; ++i) lengths[i] = lengths_[unpacked_[i]];
  for (std::uint32_t i = 0; i < size_; ++i) scores_[i] = formula_(counts_[i], lengths[i]);
}

namespace {

// With a count that the compiler knows, it becomes vector instructions.
inline __attribute__((always_inline)) void ScoreRoughly(const Formula& formula, const std::uint32_t* counts,
                                                        const float* lengths, std::uint32_t size, float* scores) {
  const auto scale = static_cast<float>(formula.scale), fixed = static_cast<float>(formula.fixed);
  const auto by_length = static_cast<float>(formula.by_length);
  for (std::uint32_t i = 0; i < size; ++i) {
    const auto count = static_cast<float>(static_cast<std::int32_t>(counts[i]));
    scores[i] = scale * count / (count + fixed + by_length * lengths[i]);
  }
}

}  // namespace

void ListCursor::ScoreBlockRoughly() {
  has_rough_scores_ = true;
  if (!list_->blocks) {
    const double* const scores = list_->scores.data() + std::size_t{block_} * kBlock;
    std::copy_n(scores, size_, rough_scores_);
    return;
  }
  if (!has_counts_) LoadCounts();
  float lengths[kBlock];
  for (std::uint32_t i = 0; i < size_; ++i) {
    lengths[i] = static_cast<float>(static_cast<std::int32_t>(lengths_[unpacked_[i]]));
  }
  if (size_ == kBlock) {
    ScoreRoughly(formula_, counts_, lengths, kBlock, rough_scores_);
  } else {
    ScoreRoughly(formula_, counts_, lengths, size_, rough_scores_);
  }
}

// Calls add(row, index) for each row below `end`.
template <typename Add>
void ListCursor::TakeUntil(std::uint32_t end, std::uint32_t index, Add&& add) {
  const std::uint16_t* const all = rows();
  for (; index < size_ && all[index] < end; ++index) add(all[index], index);
  if (index < size_) {
    at_ = index;
    row_ = all[index];
  } else {
    Seek(all[size_ - 1] + 1U);
  }
}

void ListCursor::AddUntil(std::uint32_t begin, std::uint32_t end, double* sums, std::uint64_t* found) {
  while (row_ < end) {
    if (list_->blocks && !has_scores_) ScoreBlock();
    const double* const scores = list_->blocks ? scores_ : list_->scores.data() + std::size_t{block_} * kBlock;
    TakeUntil(end, at_, [&](std::uint32_t row, std::uint32_t index) {
      const std::uint32_t place = row - begin;
      sums[place] += scores[index];
      found[place / 64] |= std::uint64_t{1} << place % 64;
    });
  }
}

void ListCursor::AddRoughlyUntil(std::uint32_t begin, std::uint32_t end, float* sums, std::uint64_t* found) {
  while (row_ < end) {
    if (!has_rough_scores_) ScoreBlockRoughly();
    TakeUntil(end, at_, [&](std::uint32_t row, std::uint32_t index) {
      const std::uint32_t place = row - begin;
      sums[place] += rough_scores_[index];
      found[place / 64] |= std::uint64_t{1} << place % 64;
    });
  }
}

}  // namespace levee::text

// Walks the postings of a leaf in a part, block by block.
#pragma once

#include <cstdint>
#include <vector>

#include "text/query/scorer.h"

namespace levee::text {

inline constexpr std::uint32_t kNoRow = kPartRowsMax;  // past all rows

// For one thread; what it is made of outlives it. A copy goes on from the same place. Making one costs nothing: bounds are
// computed, and blocks unpacked, when they are asked for.
class ListCursor {
 public:
  ListCursor(const LeafList& list, const Formula& formula, Lengths lengths);

  // Goes on to the first row that is not below `target`, and returns it; kNoRow: there is none. Never goes back.
  std::uint32_t Seek(std::uint32_t target);
  // What the last Seek returned; one comes first.
  std::uint32_t row() const { return row_; }
  // Of row().
  double Score();

  std::uint32_t size() const { return list_->size(); }
  // The best score of all postings.
  double Bound();
  // The best score of those in [first, end), or more. Neither moves nor unpacks.
  double BoundWithin(std::uint32_t first, std::uint32_t end);
  // The last row of the block that the first row not below `row` is in; kNoRow: there is none.
  std::uint32_t BlockEnd(std::uint32_t row) const;

  // Adds the scores of all rows below `end` to `sums[row - begin]` and marks them in `found`; row() is then at least `end`.
  void AddUntil(std::uint32_t begin, std::uint32_t end, double* sums, std::uint64_t* found);

  // The same in single precision: each score is off by a millionth of it at most. Several times as fast.
  void AddRoughlyUntil(std::uint32_t begin, std::uint32_t end, float* sums, std::uint64_t* found);

  // A block's bytes were none: the cursor has ended before its time.
  bool is_corrupt() const { return is_corrupt_; }

 private:
  const std::uint16_t* rows() const { return plain_rows_ != nullptr ? plain_rows_ : unpacked_; }
  std::uint32_t LastRow(std::uint32_t block) const;
  std::uint32_t FindBlock(std::uint32_t from, std::uint32_t row) const;
  double BlockBound(std::uint32_t block);
  bool LoadBlock(std::uint32_t block);
  void LoadCounts();
  double ScoreAt(std::uint32_t index);
  void ScoreBlock();
  void ScoreBlockRoughly();
  template <typename Add>
  void TakeUntil(std::uint32_t end, std::uint32_t index, Add&& add);
  void EndCorrupt();

  const LeafList* list_;
  Formula formula_;
  Lengths lengths_;
  std::uint32_t blocks_;
  std::vector<double> block_bounds_;  // negative: not computed yet

  std::uint32_t block_ = 0;           // that is loaded, if is_loaded_
  bool is_loaded_ = false, has_counts_ = false, has_scores_ = false, has_rough_scores_ = false;
  bool is_corrupt_ = false;
  std::uint32_t size_ = 0, at_ = 0;   // of the block
  std::uint32_t row_ = 0;
  const std::uint16_t* plain_rows_ = nullptr;  // of a whole block of a list that is read; null: unpacked_
  std::uint16_t unpacked_[kBlock];
  std::uint32_t counts_[kBlock];
  double scores_[kBlock];             // of a list in blocks, if has_scores_
  float rough_scores_[kBlock];        // if has_rough_scores_
};

}  // namespace levee::text

// What a stream has handed out, so that it can go on in another layout of the same version.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "columnar/batch.h"

namespace levee::store {

// A number for each row: equal for equal rows, whatever segment they come from. With `by_key` of path and
// deletion vector, which no two entries of a version share, when the batch has them; else of every column.
std::vector<std::uint64_t> RowHashes(const columnar::Batch& batch, bool by_key);

// Remembers rows by their hashes, 8 bytes each. A version's answer is a multiset of rows: where two are equal
// in all that was asked for, it does not matter which of them comes first. Not thread-safe.
class EmittedRows {
 public:
  void Add(const std::vector<std::uint64_t>& hashes) {
    hashes_.insert(hashes_.end(), hashes.begin(), hashes.end());
  }

  // The answer begins again: every row that was added will come once more.
  void StartAgain();
  // How many of them are still to come.
  std::size_t to_come() const { return to_come_; }
  // The rows that come for the first time, ascending.
  std::vector<std::uint32_t> FindNew(const std::vector<std::uint64_t>& hashes);

 private:
  // No vector: one that grows takes up to three times its size. Sorted below left_.size()
  std::deque<std::uint64_t> hashes_;
  std::vector<std::uint32_t> left_;    // where a run of equal hashes starts: how many of it are still to come
  std::size_t to_come_ = 0;
};

}  // namespace levee::store

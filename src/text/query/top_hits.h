// The best hits so far.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "text/query/search.h"

namespace levee::text {

class TopHits {
 public:
  TopHits(std::size_t limit, std::span<const PartInput> parts, const HitOrder& order)
      : limit_(limit), parts_(parts), order_(order) {}

  // Whether a hit of that score at this row or a later one of the part could be among the best. With a bound for a score
  // and the first row of a range, it decides for all of the range.
  bool MayEnter(const Hit& hit) const {
    if (hits_.size() < limit_) return true;
    if (limit_ == 0) return false;
    // Among equal scores of rows in no order a later row may come first.
    if (hit.score == hits_.front().score && !parts_[hit.part].rows_in_order) return true;
    return IsBefore(hit, hits_.front());
  }
  // Below this nothing enters; what equals it may.
  double threshold() const { return hits_.size() < limit_ ? 0 : hits_.front().score; }
  bool is_full() const { return hits_.size() >= limit_; }

  // MayEnter has said yes.
  void Add(const Hit& hit) {
    const auto before = [this](const Hit& a, const Hit& b) { return IsBefore(a, b); };
    if (hits_.size() == limit_) {
      if (!IsBefore(hit, hits_.front())) return;
      std::ranges::pop_heap(hits_, before);
      hits_.back() = hit;
    } else {
      hits_.push_back(hit);
    }
    std::ranges::push_heap(hits_, before);
  }

  std::vector<Hit> Take() {
    std::ranges::sort(hits_, [this](const Hit& a, const Hit& b) { return IsBefore(a, b); });
    return std::move(hits_);
  }

 private:
  bool IsBefore(const Hit& a, const Hit& b) const {
    if (a.score != b.score) return a.score > b.score;
    if (a.part == b.part && (!order_ || parts_[a.part].rows_in_order)) return a.row < b.row;
    return order_ ? order_(a, b) : a.part < b.part;
  }

  const std::size_t limit_;
  const std::span<const PartInput> parts_;
  const HitOrder& order_;
  std::vector<Hit> hits_;  // a heap, the worst in front
};

}  // namespace levee::text

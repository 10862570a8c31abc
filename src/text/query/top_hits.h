// The best hits so far.
#pragma once

#include <algorithm>
#include <vector>

#include "text/query/search.h"

namespace levee::text {

class TopHits {
 public:
  TopHits(std::size_t limit, const HitOrder& order) : limit_(limit), order_(order) {}

  // Whether a hit of that score at this row or a later one of the part could be among the best. With a bound for a score
  // and the first row of a range, it decides for all of the range.
  bool MayEnter(const Hit& hit) const { return hits_.size() < limit_ || (limit_ > 0 && IsBefore(hit, hits_.front())); }
  // Below this nothing enters; what equals it may.
  double threshold() const { return hits_.size() < limit_ ? 0 : hits_.front().score; }
  bool is_full() const { return hits_.size() >= limit_; }

  // MayEnter has said yes.
  void Add(const Hit& hit) {
    const auto before = [this](const Hit& a, const Hit& b) { return IsBefore(a, b); };
    if (hits_.size() == limit_) {
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
    if (a.part == b.part) return a.row < b.row;
    return order_ ? order_(a, b) : a.part < b.part;
  }

  const std::size_t limit_;
  const HitOrder& order_;
  std::vector<Hit> hits_;  // a heap, the worst in front
};

}  // namespace levee::text

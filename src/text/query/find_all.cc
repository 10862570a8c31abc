// Words joined by AND: the rarest one leads, the others follow.
#include <numeric>

#include "base/cancellation.h"
#include "text/query/part_search.h"

namespace levee::text {
namespace {

class AllSearch {
 public:
  AllSearch(const PartQuestion& question, TopHits& hits) : question_(question), hits_(hits) {}

  Status Run() {
    for (const Scorer* scorer : question_.scorers) {
      const LeafList& list = scorer->lists[question_.part];
      if (list.empty()) return {};
    }
    cursors_.reserve(question_.scorers.size());
    for (const Scorer* scorer : question_.scorers) {
      cursors_.emplace_back(scorer->lists[question_.part], scorer->formula, question_.lengths(*scorer));
    }
    order_.resize(cursors_.size());
    std::iota(order_.begin(), order_.end(), 0);
    std::ranges::sort(order_, {}, [&](std::size_t i) { return question_.scorers[i]->lists[question_.part].size(); });
    LEVEE_RETURN_IF_ERROR(Walk());
    return CheckCursors(cursors_);
  }

 private:
  Status Walk() {
    ListCursor& lead = cursors_[order_[0]];
    std::uint32_t row = lead.Seek(0), checked_end = 0, blocks = 0;
    constexpr std::uint32_t kBlocksBetween = 64;
    while (row < kNoRow) {
      if (row >= checked_end) {
        // A block of the leading list is passed over where the best of all lists there is not good enough.
        if (++blocks % kBlocksBetween == 0) LEVEE_RETURN_IF_ERROR(CheckCancelled());
        checked_end = lead.BlockEnd(row) + 1;
        if (hits_.is_full() && !hits_.MayEnter({BoundWithin(row, checked_end), question_.part, row})) {
          row = lead.Seek(checked_end);
          continue;
        }
      }
      const std::uint32_t next = FollowTo(row);
      if (next == row) {
        question_.Offer(row, Score(), hits_);
        row = lead.Seek(row + 1);
      } else {
        row = lead.Seek(next);
      }
    }
    return {};
  }

  // `row`, if all lists have it; else the first row after it where they might.
  std::uint32_t FollowTo(std::uint32_t row) {
    for (std::size_t i = 1; i < order_.size(); ++i) {
      const std::uint32_t next = cursors_[order_[i]].Seek(row);
      if (next != row) return next;
    }
    return row;
  }

  // In the query's order, as the score is summed: a sum of bounds is then a bound to the last bit.
  double BoundWithin(std::uint32_t first, std::uint32_t end) {
    double bound = 0;
    for (ListCursor& cursor : cursors_) bound += cursor.BoundWithin(first, end);
    return bound;
  }
  double Score() {
    double score = 0;
    for (ListCursor& cursor : cursors_) score += cursor.Score();
    return score;
  }

  const PartQuestion& question_;
  TopHits& hits_;
  std::vector<ListCursor> cursors_;   // in the query's order
  std::vector<std::size_t> order_;    // the shortest list first
};

}  // namespace

Status FindAll(const PartQuestion& question, TopHits& hits) { return AllSearch(question, hits).Run(); }

}  // namespace levee::text

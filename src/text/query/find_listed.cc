// Few rows may be found, and each is looked up in the lists.
#include <algorithm>
#include <numeric>

#include "base/cancellation.h"
#include "text/query/part_search.h"

namespace levee::text {
namespace {

class ListedSearch {
 public:
  ListedSearch(const PartQuestion& question, bool all, TopHits& hits) : question_(question), all_(all), hits_(hits) {}

  Status Run() {
    cursors_.reserve(question_.scorers.size());
    for (const Scorer* scorer : question_.scorers) {
      const LeafList& list = scorer->lists[question_.part];
      if (!list.empty()) cursors_.emplace_back(list, scorer->formula, question_.lengths(*scorer));
    }
    if (cursors_.empty() || (all_ && cursors_.size() < question_.scorers.size())) return {};
    order_.resize(cursors_.size());
    std::iota(order_.begin(), order_.end(), 0);
    std::ranges::sort(order_, {}, [&](std::size_t i) { return cursors_[i].size(); });
    constexpr std::size_t kRowsBetween = 1'024;
    std::size_t looked = 0;
    for (const std::uint32_t row : *question_.input.listed) {
      if (++looked % kRowsBetween == 0) LEVEE_RETURN_IF_ERROR(CheckCancelled());
      if (HasWords(row)) question_.Offer(row, Score(row), hits_);
    }
    return CheckCursors(cursors_);
  }

 private:
  // The rarest word first: most rows are out by it where all are wanted. Afterwards each cursor stands at the row or past it.
  bool HasWords(std::uint32_t row) {
    bool any = false;
    for (const std::size_t i : order_) {
      const bool has = cursors_[i].Seek(row) == row;
      if (all_ && !has) return false;
      any = any || has;
    }
    return any;
  }
  // In the query's order, as the score is summed.
  double Score(std::uint32_t row) {
    double score = 0;
    for (ListCursor& cursor : cursors_) score += cursor.row() == row ? cursor.Score() : 0;
    return score;
  }

  const PartQuestion& question_;
  const bool all_;
  TopHits& hits_;
  std::vector<ListCursor> cursors_;  // in the query's order
  std::vector<std::size_t> order_;   // the shortest list first
};

}  // namespace

Status FindListed(const PartQuestion& question, bool all, TopHits& hits) { return ListedSearch(question, all, hits).Run(); }

}  // namespace levee::text

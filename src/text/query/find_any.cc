// Words joined by OR, by MaxScore over windows of rows.
//
// Lists are in order of the best score each can give. The first of them, whose best scores together do not reach the
// worst hit so far, are *minor*: a row that only they have cannot enter. The others, *major*, are added up window by window;
// rows whose sum and all that the minor lists could add would enter are looked up there, and then scored exactly.
#include <array>
#include <bit>
#include <numeric>

#include "text/query/part_search.h"

namespace levee::text {
namespace {

constexpr std::uint32_t kWindow = 2048;
// Bounds that are not summed in the query's order may differ from the sum in their last bits.
constexpr double kSlack = 1 + 1e-12;

class AnySearch {
 public:
  AnySearch(const PartQuestion& question, TopHits& hits) : question_(question), hits_(hits) {}

  Status Run() {
    MakeCursors();
    PartMinor();
    while (minor_ < order_.size()) {
      std::uint32_t begin = kNoRow;
      for (std::size_t i = minor_; i < order_.size(); ++i) begin = std::min(begin, cursors_[order_[i]].row());
      if (begin == kNoRow) break;
      SearchWindow(begin, std::min(begin + kWindow, question_.input.part->rows()));
      PartMinor();
    }
    LEVEE_RETURN_IF_ERROR(CheckCursors(cursors_));
    return CheckCursors(lookups_);
  }

 private:
  void MakeCursors() {
    cursors_.reserve(question_.scorers.size());
    for (const Scorer* scorer : question_.scorers) {
      const LeafList& list = scorer->lists[question_.part];
      if (!list.empty()) cursors_.emplace_back(list, scorer->formula, question_.lengths(*scorer));
    }
    order_.resize(cursors_.size());
    is_minor_.resize(cursors_.size());
    std::iota(order_.begin(), order_.end(), 0);
    std::ranges::sort(order_, {}, [&](std::size_t i) { return cursors_[i].bound(); });
  }

  // As hits get better, more lists become minor; none becomes major again.
  void PartMinor() {
    if (!hits_.is_full()) return;
    while (minor_ < order_.size()) {
      const double bound = minor_bound_ + cursors_[order_[minor_]].bound();
      if (bound * kSlack >= hits_.threshold()) break;
      minor_bound_ = bound;
      is_minor_[order_[minor_]] = 1;
      ++minor_;
    }
    // Looking up begins where the window stands, which no row before matters to.
    if (minor_ > 0 && lookups_.empty()) lookups_ = cursors_;
  }

  void SearchWindow(std::uint32_t begin, std::uint32_t end) {
    const bool exact = minor_ == 0;
    if (hits_.is_full() && !WindowMayEnter(begin, end)) {
      for (std::size_t i = minor_; i < order_.size(); ++i) cursors_[order_[i]].Seek(end);
      return;
    }
    // In the query's order: without minor lists the sum is the score as it is defined.
    std::uint64_t found[kWindow / 64] = {};
    for (std::size_t i = 0; i < cursors_.size(); ++i) {
      if (is_minor_[i] == 0) cursors_[i].AddUntil(begin, end, sums_.data(), found);
    }
    for (std::uint32_t word = 0; word * 64 < end - begin; ++word) {
      for (std::uint64_t bits = found[word]; bits != 0; bits &= bits - 1) {
        const std::uint32_t place = word * 64 + static_cast<std::uint32_t>(std::countr_zero(bits));
        const double sum = sums_[place];
        sums_[place] = 0;
        if (exact) {
          question_.Offer(begin + place, sum, hits_);
        } else if ((sum + minor_bound_) * kSlack >= hits_.threshold()) {
          LookUp(begin + place);
        }
      }
    }
  }

  bool WindowMayEnter(std::uint32_t begin, std::uint32_t end) {
    double bound = minor_bound_;
    for (std::size_t i = minor_; i < order_.size(); ++i) bound += cursors_[order_[i]].BoundWithin(begin, end);
    return bound * kSlack >= hits_.threshold();
  }

  // Scores a row that some major list has, exactly.
  void LookUp(std::uint32_t row) {
    if (!question_.Counts(row)) return;
    double score = 0;
    for (ListCursor& lookup : lookups_) {
      if (lookup.Seek(row) == row) score += lookup.Score();
    }
    question_.Offer(row, score, hits_);
  }

  const PartQuestion& question_;
  TopHits& hits_;
  std::vector<ListCursor> cursors_;  // in the query's order; a major one stands at the window
  std::vector<ListCursor> lookups_;  // the same lists again, for rows that were found
  std::vector<std::size_t> order_;   // of cursors, by bound
  std::vector<char> is_minor_;       // by cursor
  std::size_t minor_ = 0;            // how many of them are minor
  double minor_bound_ = 0;
  std::array<double, kWindow> sums_{};
};

}  // namespace

Status FindAny(const PartQuestion& question, TopHits& hits) { return AnySearch(question, hits).Run(); }

}  // namespace levee::text

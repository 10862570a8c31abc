// Words joined by OR, by MaxScore over windows of rows.
//
// Lists are in order of the best score each can give. The first of them, whose best scores together do not reach the
// worst hit so far, are *minor*: a row that only they have cannot enter. The others, *major*, are added up window by window,
// in single precision; rows whose sum and all that the minor lists could add might enter are looked up, and then scored
// exactly. Until there are as many hits as are wanted everything is scored exactly.
#include <array>
#include <bit>
#include <numeric>

#include "base/cancellation.h"
#include "text/query/part_search.h"

namespace levee::text {
namespace {

constexpr std::uint32_t kWindow = 8192;
constexpr std::uint32_t kFirstWindow = 256;  // while there are too few hits to tell what is good
// Bounds that are not summed in the query's order, and sums in single precision, may be off by so much of them: a
// rounding each for 256 leaves and the steps of a score.
constexpr double kSlack = 1 + 1e-4;
constexpr double kLookUpCost = 10;           // of a row, in postings that are added up

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
      LEVEE_RETURN_IF_ERROR(CheckCancelled());
      SearchWindow(begin, WindowEnd(begin));
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
      if (list.empty()) continue;
      cursors_.emplace_back(list, scorer->formula, question_.lengths(*scorer)).Seek(0);
      bounds_.push_back(cursors_.back().Bound());
    }
    order_.resize(cursors_.size());
    std::iota(order_.begin(), order_.end(), 0);
    std::ranges::sort(order_, {}, [&](std::size_t i) { return bounds_[i]; });
  }

  // As hits get better, more lists become minor; none becomes major again.
  void PartMinor() {
    if (!hits_.is_full()) return;
    while (minor_ < order_.size()) {
      const double bound = minor_bound_ + bounds_[order_[minor_]];
      if (IsWorth(bound)) break;
      minor_bound_ = bound;
      ++minor_;
    }
    // Looking up begins where the window stands, which no row before matters to.
    if (lookups_.empty() && cursors_.size() > 1) lookups_ = cursors_;
  }

  bool IsWorth(double bound) const { return bound * kSlack >= hits_.threshold(); }

  // A list that is alone is taken by its own blocks, and exactly: it has no better bounds, and its ties are told apart.
  bool IsAlone() const { return cursors_.size() == 1; }

  std::uint32_t WindowEnd(std::uint32_t begin) const {
    const std::uint32_t rows = hits_.is_full() ? kWindow : kFirstWindow;
    const std::uint32_t end = std::min(begin + rows, question_.input.part->rows());
    return IsAlone() ? std::min(end, cursors_[0].BlockEnd(begin) + 1) : end;
  }

  void SearchWindow(std::uint32_t begin, std::uint32_t end) {
    if (!hits_.is_full()) return ScoreAll(begin, end);
    if (!WindowMayEnter(begin, end)) {
      for (std::size_t i = minor_; i < order_.size(); ++i) cursors_[order_[i]].Seek(end);
    } else if (IsAlone()) {
      ScoreAll(begin, end);
    } else {
      ScoreWorthwhile(begin, end);
    }
  }

  bool WindowMayEnter(std::uint32_t begin, std::uint32_t end) {
    if (IsAlone()) return hits_.MayEnter({cursors_[0].BoundWithin(begin, end), question_.part, begin});
    minor_bounds_.assign(1, 0);
    for (std::size_t i = 0; i < minor_; ++i) {
      minor_bounds_.push_back(minor_bounds_.back() + lookups_[order_[i]].BoundWithin(begin, end));
    }
    double bound = minor_bounds_.back();
    for (std::size_t i = minor_; i < order_.size(); ++i) bound += cursors_[order_[i]].BoundWithin(begin, end);
    return IsWorth(bound);
  }

  // All rows of the window, their scores summed in the query's order, as they are defined.
  void ScoreAll(std::uint32_t begin, std::uint32_t end) {
    std::array<double, kWindow> sums;
    std::fill_n(sums.begin(), end - begin, 0.0);
    Marks found{};
    for (ListCursor& cursor : cursors_) cursor.AddUntil(begin, end, sums.data(), found.data());
    ForEach(found, [&](std::uint32_t place) { question_.Offer(begin + place, sums[place], hits_); });
  }

  // A bit for each row of a window.
  using Marks = std::array<std::uint64_t, kWindow / 64>;
  template <typename Visit>
  static void ForEach(const Marks& marks, Visit&& visit) {
    for (std::uint32_t word = 0; word < marks.size(); ++word) {
      for (std::uint64_t bits = marks[word]; bits != 0; bits &= bits - 1) {
        visit(word * 64 + static_cast<std::uint32_t>(std::countr_zero(bits)));
      }
    }
  }

  // Of the rows that major lists have, those that the minor ones may lift into the hits.
  void ScoreWorthwhile(std::uint32_t begin, std::uint32_t end) {
    Marks found{};
    for (std::size_t i = minor_; i < order_.size(); ++i) {
      cursors_[order_[i]].AddRoughlyUntil(begin, end, sums_.data(), found.data());
    }
    const double minor_bound = minor_bounds_.back();
    std::uint32_t places[kWindow];
    std::size_t count = 0;
    ForEach(found, [&](std::uint32_t place) {
      places[count] = place;
      count += IsWorth(sums_[place] + minor_bound) ? 1 : 0;
    });
    // Many rows: adding up the minor lists is cheaper than looking each row up.
    const bool add_up = static_cast<double>(count) * kLookUpCost > PostingsOfMinor(end - begin);
    if (add_up) {
      for (std::size_t i = 0; i < minor_; ++i) {
        ListCursor& cursor = cursors_[order_[i]];
        cursor.Seek(begin);
        cursor.AddRoughlyUntil(begin, end, sums_.data(), found.data());
      }
    }
    for (std::size_t i = 0; i < count; ++i) {
      const double sum = sums_[places[i]];
      if (add_up ? IsWorth(sum) : MinorMayLift(begin + places[i], sum)) OfferExactly(begin + places[i]);
    }
    std::fill_n(sums_.begin(), end - begin, 0.0F);
  }

  // About how many postings the minor lists have in so many rows.
  double PostingsOfMinor(std::uint32_t rows) const {
    double postings = 0;
    for (std::size_t i = 0; i < minor_; ++i) postings += cursors_[order_[i]].size();
    return postings * rows / question_.input.part->rows();
  }

  // Looks a row up in the minor lists as long as it is worth it.
  bool MinorMayLift(std::uint32_t row, double sum) {
    for (std::size_t i = minor_; i-- > 0;) {
      ListCursor& lookup = lookups_[order_[i]];
      // Its block's bound is known without unpacking it.
      if (!IsWorth(sum + lookup.BoundWithin(row, row + 1) + minor_bounds_[i])) return false;
      if (lookup.Seek(row) == row) sum += lookup.Score();
      if (!IsWorth(sum + minor_bounds_[i])) return false;
    }
    return true;
  }

  // With the score as it is defined, in the query's order.
  void OfferExactly(std::uint32_t row) {
    if (!question_.Counts(row)) return;
    double score = 0;
    for (ListCursor& lookup : lookups_) {
      if (lookup.Seek(row) == row) score += lookup.Score();
    }
    question_.Offer(row, score, hits_);
  }

  const PartQuestion& question_;
  TopHits& hits_;
  std::vector<ListCursor> cursors_;   // in the query's order; a major one stands at the window
  std::vector<ListCursor> lookups_;   // the same lists again, for rows that were found
  std::vector<double> bounds_;        // of cursors
  std::vector<std::size_t> order_;    // of cursors, by bound
  std::size_t minor_ = 0;             // how many of them are minor
  double minor_bound_ = 0;            // of all of them together
  std::vector<double> minor_bounds_;  // in the window, of the first 0, 1, ... of them together
  std::array<float, kWindow> sums_{};  // of the window; zero between windows
};

}  // namespace

Status FindAny(const PartQuestion& question, TopHits& hits) { return AnySearch(question, hits).Run(); }

}  // namespace levee::text

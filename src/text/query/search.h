// Answers a query over parts: the best rows, all rows, or the score of one. docs/text-search.md#ranking.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bitmap.h"
#include "base/status.h"
#include "text/part.h"
#include "text/query/query.h"
#include "text/query/scorer.h"

namespace levee::text {

// A part and which of its rows count.
struct PartInput {
  const Part* part = nullptr;
  // Rows that are not there any more: they are found by nothing and count in no statistic. Null: none. Of the part's rows.
  const Bitmap* gone = nullptr;
  // The documents of those rows, as a part of their own whose rows mean nothing: with it statistics cost what is gone,
  // without it they cost reading the posting lists.
  const Part* gone_documents = nullptr;
  // The rows that alone may be found, ascending; each is looked up in the lists. Statistics do not heed it. None: all.
  std::optional<std::span<const std::uint32_t>> listed;
  // A further condition, asked last, of rows that would be among the best. Empty: none.
  std::function<bool(std::uint32_t row)> accept;
  // Rows stand in the order that is given for equal scores. False: that order is asked for rows of the part too.
  bool rows_in_order = true;
};

struct Hit {
  double score = 0;
  std::uint32_t part = 0;  // which of the inputs
  std::uint32_t row = 0;
  friend bool operator==(const Hit&, const Hit&) = default;
};

// Whether `a` comes before `b` where their scores are equal: of rows of two parts, or of one whose rows are in no order.
// Empty: parts in their order, then rows.
using HitOrder = std::function<bool(const Hit& a, const Hit& b)>;

// A query with its posting lists found and its statistics counted. For one thread; parts, inputs' bitmaps and the query
// outlive it. Reading errors as the parts have them.
class Search {
 public:
  static Result<Search> Prepare(const Query& query, std::span<const PartInput> parts, const FieldWeights& weights);

  // At most `limit` rows, best first. The same list as scoring every row would give.
  Result<std::vector<Hit>> Best(std::size_t limit, const HitOrder& order = {}) const;
  // All rows of a part that the query finds and that are allowed.
  Result<Bitmap> Matches(std::uint32_t part) const;
  // The same with their scores, in the order of rows. For many rows, Score costs more.
  Result<std::vector<Hit>> ScoredMatches(std::uint32_t part) const;
  // What a row that is there scores, whether the query finds it or not; by the last bit what Best has for it.
  Result<double> Score(std::uint32_t part, std::uint32_t row) const;
  // The same by leaf of the query.
  Result<std::vector<double>> LeafScores(std::uint32_t part, std::uint32_t row) const;

  // How many postings of a part the query is answered from, and how many rows it finds at most.
  std::uint64_t postings(std::uint32_t part) const;
  std::uint64_t RowsAtMost(std::uint32_t part) const;
  // How many documents that are there have a leaf; of several fields their sum.
  std::uint64_t documents(std::size_t leaf) const { return prepared_.documents[leaf]; }
  // The tokens that a leaf stands for: its own, or those that a prefix or typing errors led to. For snippets.
  const std::vector<std::string>& tokens(std::size_t leaf) const { return prepared_.tokens[leaf]; }

 private:
  Search() = default;
  std::vector<const Scorer*> ScoringScorers() const;
  Result<double> ScoreIn(const Scorer& scorer, std::uint32_t part, std::uint32_t row) const;

  const Query* query_ = nullptr;
  std::span<const PartInput> parts_;
  PreparedLeaves prepared_;
};

// `query.text` with each plain word that no document has replaced by the nearest token that one has; empty: none is in
// reach. To be asked where nothing was found.
Result<std::string> SuggestQuery(const Query& query, std::span<const PartInput> parts, const FieldWeights& weights);

}  // namespace levee::text

// Queries with words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "memory/query/find.h"
#include "memory/store_bank/text_index.h"
#include "text/query/search.h"

namespace levee::memory {

struct WordSearchOptions {
  text::Typos typos;  // where the query says nothing
};

// A search over a view that stays as it is meanwhile. For one thread.
class WordSearch {
 public:
  // INVALID_QUERY.
  static Result<std::unique_ptr<WordSearch>> Prepare(const Asking& asking, TextIndex& index, const ItemQuery& query,
                                                     const WordSearchOptions& options);

  // As FindHits and FindAllHits, with words.
  Result<HitPage> Page(FindTrace& trace);
  Result<std::vector<Hit>> All(bool with_scores, FindTrace& trace);

  std::int64_t unindexed() const { return unindexed_; }
  // What each leaf of the words adds to a hit's score.
  Result<std::vector<double>> LeafScores(const Hit& hit) const;
  // "words: late (2.1), orders (1.3)"
  std::string Why(std::span<const double> leaf_scores) const;
  std::string Snippet(std::string_view content, std::span<const double> leaf_scores) const;
  // Empty: there is nothing nearer.
  Result<std::string> DidYouMean() const;

 private:
  WordSearch(const Asking& asking, TextIndex& index, const ItemQuery& query)
      : asking_(asking), view_(asking.view), index_(index), item_query_(query) {}
  Status IndexParts();
  // Rows that hold the conditions are found first where that is cheaper. `wanted` of the best are enough; 0: all.
  Status FilterFirst(std::size_t wanted, FindTrace& trace);
  Status FilterByIds(FindTrace& trace);
  void TakeOnly(std::uint32_t part, std::vector<std::uint32_t> rows);
  // Of the parts where words are looked at first.
  void TracePostings(std::size_t matched, FindTrace& trace) const;
  bool Accepts(std::uint32_t part, std::uint32_t row);
  Result<HitPage> BestFirst(FindTrace& trace);
  bool ComesBefore(const text::Hit& a, const text::Hit& b);
  Hit HitOf(const text::Hit& hit) const { return {{parts_[hit.part].get(), hit.row}, hit.score}; }

  const Asking& asking_;
  const View& view_;
  TextIndex& index_;
  const ItemQuery& item_query_;
  std::optional<Conditions> conditions_;
  text::Query query_;
  std::vector<std::shared_ptr<Part>> parts_;  // of the view that may have what is asked for; the next two go with them
  std::vector<IndexedPart> indexed_;
  std::vector<text::PartInput> inputs_;
  std::optional<text::Search> search_;
  std::vector<std::vector<std::uint32_t>> filtered_;  // by part: rows that inputs_ list
  MetadataReader reader_;
  std::int64_t unindexed_ = 0, examined_ = 0;
  Status failed_;  // within a condition
};

}  // namespace levee::memory

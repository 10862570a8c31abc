#include "memory/store_bank/word_search.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/cancellation.h"
#include "memory/query/errors.h"
#include "memory/query/filter_first.h"
#include "memory/query/page.h"
#include "memory/query/rows_of_ids.h"
#include "text/snippet.h"

namespace levee::memory {

Result<std::unique_ptr<WordSearch>> WordSearch::Prepare(const Asking& asking, TextIndex& index, const ItemQuery& query,
                                                        const WordSearchOptions& options) {
  std::unique_ptr<WordSearch> search(new WordSearch(asking, index, query));
  LEVEE_ASSIGN(search->conditions_, Conditions::Resolve(query, asking.view, asking.now));
  text::ParseOptions parse{.any_word = query.any_word, .typos = options.typos, .fields = {}};
  if (query.typos) parse.typos = {.unknown_only = false, .edits = *query.typos};
  for (std::size_t field = 0; field < text::kFields; ++field) parse.fields[field] = index.weights()[field] > 0;
  LEVEE_ASSIGN(search->query_, text::ParseQuery(query.words, index.analyzer(), parse));
  LEVEE_RETURN_IF_ERROR(search->IndexParts());
  LEVEE_ASSIGN(search->search_, text::Search::Prepare(search->query_, search->inputs_, index.weights()));
  return search;
}

Status WordSearch::IndexParts() {
  const bool complete = item_query_.consistency == Consistency::kIndexed;
  indexed_.reserve(view_.parts().size());
  for (const auto& part : view_.parts()) {
    if (part->is_history() && !conditions_->in_the_past()) continue;
    parts_.push_back(part);
    LEVEE_ASSIGN(IndexedPart indexed, index_.Index(view_, part, complete));
    unindexed_ += indexed.unindexed;
    if (conditions_->in_the_past()) {
      // Who was there then is another question, and what is gone was not counted apart.
      LEVEE_ASSIGN(const RowColumns* columns, part->Columns());
      indexed.gone_documents = nullptr;
      indexed.gone = Bitmap(indexed.text->rows());
      for (std::uint32_t row = 0; row < indexed.text->rows(); ++row) {
        if (!columns->IsThere(row, part->ended.At(row), *item_query_.as_of)) indexed.gone.Set(row);
      }
    }
    indexed_.push_back(std::move(indexed));
  }
  for (std::uint32_t part = 0; part < indexed_.size(); ++part) {
    const IndexedPart& indexed = indexed_[part];
    text::PartInput input{.part = indexed.text.get(), .gone = nullptr, .gone_documents = nullptr, .listed = std::nullopt,
                          .accept = {}, .rows_in_order = parts_[part]->is_sorted()};
    if (indexed.gone.size() != 0) {
      input.gone = &indexed.gone;
      input.gone_documents = indexed.gone_documents.get();
    }
    if (conditions_->nothing() || conditions_->narrows()) {
      input.accept = [this, part](std::uint32_t row) { return Accepts(part, row); };
    }
    inputs_.push_back(std::move(input));
  }
  return {};
}

Status WordSearch::FilterFirst(std::size_t wanted, FindTrace& trace) {
  if (!asking_.rules.filter_first || conditions_->nothing() || !conditions_->narrows()) return {};
  filtered_.resize(parts_.size());
  if (!item_query_.ids.empty()) return FilterByIds(trace);
  for (std::uint32_t part = 0; part < parts_.size(); ++part) {
    const WordsInPart words{.postings = static_cast<double>(search_->postings(part)),
                            .rows_at_most = static_cast<double>(search_->RowsAtMost(part)), .wanted = wanted};
    LEVEE_ASSIGN(std::optional<FilteredRows> filtered, memory::FilterFirst(asking_, parts_[part], *conditions_, words));
    if (!filtered) continue;
    TakeOnly(part, std::move(filtered->rows));
    trace.parts.push_back(std::move(filtered->use));
  }
  return {};
}

Status WordSearch::FilterByIds(FindTrace& trace) {
  PartUse use = PartUse::OfKeys(item_query_);
  use.rules.push_back("item_filter_first");
  std::vector<std::vector<std::uint32_t>> rows(parts_.size());
  LEVEE_RETURN_IF_ERROR(VisitRowsOfIds(view_, item_query_, *conditions_, use.count, [&](const RowRef& row) {
    const auto same = [&](const std::shared_ptr<Part>& part) { return part.get() == row.part; };
    const auto at = std::find_if(parts_.begin(), parts_.end(), same);
    if (at != parts_.end()) rows[static_cast<std::size_t>(at - parts_.begin())].push_back(row.row);
  }));
  for (std::uint32_t part = 0; part < parts_.size(); ++part) {
    std::sort(rows[part].begin(), rows[part].end());
    TakeOnly(part, std::move(rows[part]));
  }
  trace.parts.push_back(std::move(use));
  return {};
}

void WordSearch::TakeOnly(std::uint32_t part, std::vector<std::uint32_t> rows) {
  // What is not indexed yet is found by nothing.
  std::erase_if(rows, [&](std::uint32_t row) { return row >= inputs_[part].part->rows(); });
  filtered_[part] = std::move(rows);
  inputs_[part].listed = filtered_[part];
  inputs_[part].accept = {};
}

void WordSearch::TracePostings(std::size_t matched, FindTrace& trace) const {
  PartUse use{.part = "postings", .rows = 0, .access = "postings",
              .count = {.examined = examined_, .records = 0, .matched = static_cast<std::int64_t>(matched)}};
  for (const text::PartInput& input : inputs_) {
    if (!input.listed) use.rows += input.part->rows();
  }
  if (use.rows > 0 || trace.parts.empty()) trace.parts.push_back(std::move(use));
}

bool WordSearch::Accepts(std::uint32_t place, std::uint32_t row) {
  Part& part = *parts_[place];
  constexpr std::int64_t kRowsBetween = 256;
  if (++examined_ % kRowsBetween == 0 && failed_) failed_ = CheckCancelled();
  if (!failed_) return false;
  const auto columns = part.Columns();
  if (!columns) failed_ = std::unexpected(columns.error());
  if (!columns || conditions_->nothing() || !conditions_->HoldsColumns(part, **columns, row)) return false;
  if (!conditions_->HoldsId(part, row, failed_)) return false;
  const auto holds = conditions_->HoldsRecord(part, row, reader_);
  if (!holds) failed_ = std::unexpected(holds.error());
  return holds && *holds;
}

bool WordSearch::ComesBefore(const text::Hit& a, const text::Hit& b) {
  const RowRef left = HitOf(a).row, right = HitOf(b).row;
  const auto left_columns = left.part->Columns(), right_columns = right.part->Columns();
  if (left_columns && right_columns) {
    const std::int64_t left_updated = (*left_columns)->updated[left.row];
    const std::int64_t right_updated = (*right_columns)->updated[right.row];
    if (left_updated != right_updated) return left_updated > right_updated;
  }
  const auto left_id = view_.IdOf(left), right_id = view_.IdOf(right);
  if (left_id && right_id) return *left_id < *right_id;
  failed_ = std::unexpected(!left_id ? left_id.error() : right_id.error());
  return a.row < b.row;
}

Result<HitPage> WordSearch::Page(FindTrace& trace) {
  LEVEE_ASSIGN(const FoundOrder order, FoundOrder::Of(item_query_));
  if (order.is_best_first() && item_query_.after.empty()) return BestFirst(trace);
  LEVEE_ASSIGN(const std::vector<Hit> hits, All(true, trace));
  return PageOf(asking_, item_query_, order, hits);
}

Result<HitPage> WordSearch::BestFirst(FindTrace& trace) {
  const auto limit = static_cast<std::size_t>(item_query_.limit);
  LEVEE_RETURN_IF_ERROR(FilterFirst(limit + 1, trace));
  LEVEE_ASSIGN(const std::vector<text::Hit> best,
               search_->Best(limit + 1, [this](const text::Hit& a, const text::Hit& b) { return ComesBefore(a, b); }));
  LEVEE_RETURN_IF_ERROR(failed_);
  TracePostings(best.size(), trace);
  HitPage page;
  for (const text::Hit& hit : best) page.hits.push_back(HitOf(hit));
  if (page.hits.size() <= limit) return page;
  page.hits.resize(limit);
  LEVEE_ASSIGN(const FoundOrder order, FoundOrder::Of(item_query_));
  LEVEE_ASSIGN(const Place last, order.PlaceOf(page.hits.back().row, page.hits.back().score, view_.names(), reader_));
  page.next = order.CursorText(last);
  return page;
}

Result<std::vector<Hit>> WordSearch::All(bool with_scores, FindTrace& trace) {
  LEVEE_RETURN_IF_ERROR(FilterFirst(0, trace));
  std::vector<Hit> hits;
  for (std::uint32_t part = 0; part < inputs_.size(); ++part) {
    if (with_scores) {
      LEVEE_ASSIGN(const std::vector<text::Hit> found, search_->ScoredMatches(part));
      for (const text::Hit& hit : found) hits.push_back(HitOf(hit));
    } else {
      LEVEE_ASSIGN(const Bitmap found, search_->Matches(part));
      found.ForEach([&](std::size_t row) { hits.push_back(HitOf({0, part, static_cast<std::uint32_t>(row)})); });
    }
    LEVEE_RETURN_IF_ERROR(failed_);
  }
  TracePostings(hits.size(), trace);
  return hits;
}

Result<std::vector<double>> WordSearch::LeafScores(const Hit& hit) const {
  for (std::uint32_t part = 0; part < parts_.size(); ++part) {
    if (parts_[part].get() == hit.row.part) return search_->LeafScores(part, hit.row.row);
  }
  return std::vector<double>();
}

std::string WordSearch::Why(std::span<const double> leaf_scores) const {
  std::string why;
  for (std::size_t leaf = 0; leaf < leaf_scores.size(); ++leaf) {
    if (!(leaf_scores[leaf] > 0)) continue;
    const text::Leaf& written = query_.leaves[leaf];
    char number[32];
    std::snprintf(number, sizeof(number), " (%.1f)", leaf_scores[leaf]);
    why += why.empty() ? "words: " : ", ";
    why += query_.text.substr(written.begin, written.end - written.begin) + number;
  }
  return why;
}

std::string WordSearch::Snippet(std::string_view content, std::span<const double> leaf_scores) const {
  return text::MakeSnippet(content, index_.analyzer(), text::SnippetLeavesOf(query_, *search_, leaf_scores), {});
}

Result<std::string> WordSearch::DidYouMean() const { return text::SuggestQuery(query_, inputs_, index_.weights()); }

}  // namespace levee::memory

#include "text/query/search.h"

#include <algorithm>

#include "base/check.h"
#include "text/query/matches.h"
#include "text/query/part_search.h"

namespace levee::text {
namespace {

// How the rows of a part are found.
enum class Way : std::uint8_t {
  kNone,
  kAny,     // all leaves are joined by OR
  kAll,     // by AND, each in one field
  kMatches  // anything else: what the query finds is computed first, then scored
};

Way ChooseWay(const Query& query, std::span<const Scorer* const> scorers) {
  const std::size_t leaves = query.leaves.size();
  const Node& root = query.root;
  if (root.kind == NodeKind::kNothing) return Way::kNone;
  if (root.kind == NodeKind::kLeaf) return leaves == 1 ? Way::kAny : Way::kMatches;
  const bool is_flat = root.children.size() == leaves &&
                       std::ranges::all_of(root.children, [](const Node& child) { return child.kind == NodeKind::kLeaf; });
  if (!is_flat) return Way::kMatches;
  if (root.kind == NodeKind::kOr) return Way::kAny;
  if (root.kind != NodeKind::kAnd) return Way::kMatches;
  // A leaf without a scorer is nowhere; one with several is in any of its fields.
  for (std::size_t leaf = 0; leaf < leaves; ++leaf) {
    const auto count = std::ranges::count(scorers, leaf, &Scorer::leaf);
    if (count == 0) return Way::kNone;
    if (count > 1) return Way::kMatches;
  }
  return Way::kAll;
}

// Whether a row may be found without any leaf that scores, as by "a OR NOT b".
bool FindsUnscored(const Node& node) {
  switch (node.kind) {
    case NodeKind::kNot: return true;
    case NodeKind::kAnd: return std::ranges::all_of(node.children, FindsUnscored);
    case NodeKind::kOr: return std::ranges::any_of(node.children, FindsUnscored);
    default: return false;
  }
}

void KeepListed(const PartInput& input, Bitmap& rows) {
  if (!input.listed) return;
  Bitmap listed(rows.size());
  for (const std::uint32_t row : *input.listed) listed.Set(row);
  rows.And(listed);
}

Status Find(const PartQuestion& question, Way way, TopHits& hits) {
  if (question.input.listed) return FindListed(question, way == Way::kAll, hits);
  return way == Way::kAll ? FindAll(question, hits) : FindAny(question, hits);
}

// Such rows score 0 and come after all others.
Status OfferUnscored(const PartQuestion& question, TopHits& hits) {
  if (hits.is_full() && hits.threshold() > 0) return {};
  LEVEE_ASSIGN(const Bitmap scored, RowsOfAny(question.scorers, question.input, question.part));
  question.matches->ForEach([&](std::size_t row) {
    if (!scored.Get(row)) question.Offer(static_cast<std::uint32_t>(row), 0, hits);
  });
  return {};
}

}  // namespace

Status CheckCursors(std::span<const ListCursor> cursors) {
  if (std::ranges::none_of(cursors, &ListCursor::is_corrupt)) return {};
  return Fail(ErrorCode::kCorrupt, "posting list", "a block's bytes are not what its head says");
}

Result<Search> Search::Prepare(const Query& query, std::span<const PartInput> parts, const FieldWeights& weights) {
  Search search;
  search.query_ = &query;
  search.parts_ = parts;
  LEVEE_ASSIGN(search.prepared_, PrepareLeaves(query, parts, weights));
  return search;
}

std::vector<const Scorer*> Search::ScoringScorers() const {
  std::vector<const Scorer*> scorers;
  for (const Scorer& scorer : prepared_.scorers) {
    if (query_->leaves[scorer.leaf].scores) scorers.push_back(&scorer);
  }
  return scorers;
}

std::uint64_t Search::postings(std::uint32_t part) const {
  std::uint64_t sum = 0;
  for (const Scorer& scorer : prepared_.scorers) sum += scorer.lists[part].size();
  return sum;
}

std::uint64_t Search::RowsAtMost(std::uint32_t part) const {
  const std::vector<const Scorer*> scorers = ScoringScorers();
  const std::uint64_t rows = parts_[part].part->rows();
  switch (ChooseWay(*query_, scorers)) {
    case Way::kNone: return 0;
    case Way::kMatches: return rows;
    case Way::kAny: return std::min(rows, postings(part));
    case Way::kAll: break;
  }
  const auto size = [&](const Scorer* scorer) { return scorer->lists[part].size(); };
  return size(*std::ranges::min_element(scorers, {}, size));
}

Result<std::vector<Hit>> Search::Best(std::size_t limit, const HitOrder& order) const {
  const std::vector<const Scorer*> scorers = ScoringScorers();
  TopHits hits(limit, parts_, order);
  const Way way = limit == 0 ? Way::kNone : ChooseWay(*query_, scorers);
  if (way == Way::kNone) return hits.Take();
  for (std::uint32_t part = 0; part < parts_.size(); ++part) {
    PartQuestion question{parts_[part], part, scorers};
    if (way != Way::kMatches) {
      LEVEE_RETURN_IF_ERROR(Find(question, way, hits));
    } else {
      LEVEE_ASSIGN(Bitmap matches, MatchNode(query_->root, prepared_.scorers, parts_[part], part));
      KeepListed(parts_[part], matches);
      question.matches = &matches;
      LEVEE_RETURN_IF_ERROR(Find(question, way, hits));
      if (FindsUnscored(query_->root)) LEVEE_RETURN_IF_ERROR(OfferUnscored(question, hits));
    }
  }
  return hits.Take();
}

Result<Bitmap> Search::Matches(std::uint32_t part) const {
  const PartInput& input = parts_[part];
  LEVEE_ASSIGN(Bitmap found, MatchNode(query_->root, prepared_.scorers, input, part));
  KeepListed(input, found);
  if (!input.accept) return found;
  Bitmap accepted(found.size());
  found.ForEach([&](std::size_t row) {
    if (input.accept(static_cast<std::uint32_t>(row))) accepted.Set(row);
  });
  return accepted;
}

Result<std::vector<Hit>> Search::ScoredMatches(std::uint32_t part) const {
  LEVEE_ASSIGN(const Bitmap found, Matches(part));
  std::vector<ListCursor> cursors;
  for (const Scorer& scorer : prepared_.scorers) {
    const LeafList& list = scorer.lists[part];
    if (list.empty() || !query_->leaves[scorer.leaf].scores) continue;
    cursors.emplace_back(list, scorer.formula, parts_[part].part->lengths(scorer.field));
  }
  std::vector<Hit> hits;
  found.ForEach([&](std::size_t place) {
    const auto row = static_cast<std::uint32_t>(place);
    Hit& hit = hits.emplace_back(Hit{0, part, row});
    for (ListCursor& cursor : cursors) {
      if (cursor.Seek(row) == row) hit.score += cursor.Score();
    }
  });
  LEVEE_RETURN_IF_ERROR(CheckCursors(cursors));
  return hits;
}

Result<double> Search::ScoreIn(const Scorer& scorer, std::uint32_t part, std::uint32_t row) const {
  const LeafList& list = scorer.lists[part];
  if (list.empty() || !query_->leaves[scorer.leaf].scores) return 0;
  ListCursor cursor(list, scorer.formula, parts_[part].part->lengths(scorer.field));
  const double score = cursor.Seek(row) == row ? cursor.Score() : 0;
  LEVEE_RETURN_IF_ERROR(CheckCursors({&cursor, 1}));
  return score;
}

Result<double> Search::Score(std::uint32_t part, std::uint32_t row) const {
  double sum = 0;
  for (const Scorer& scorer : prepared_.scorers) {
    LEVEE_ASSIGN(const double score, ScoreIn(scorer, part, row));
    sum += score;
  }
  return sum;
}

Result<std::vector<double>> Search::LeafScores(std::uint32_t part, std::uint32_t row) const {
  std::vector<double> scores(query_->leaves.size());
  for (const Scorer& scorer : prepared_.scorers) {
    LEVEE_ASSIGN(const double score, ScoreIn(scorer, part, row));
    scores[scorer.leaf] += score;
  }
  return scores;
}

}  // namespace levee::text

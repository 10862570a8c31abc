// Finds the posting lists of a query's leaves and counts what their scores are made of.
#include <algorithm>
#include <cmath>

#include "text/analysis/characters.h"
#include "text/query/edit_distance.h"
#include "text/query/leaf_lists.h"
#include "text/query/scorer.h"
#include "text/query/search.h"

namespace levee::text {
namespace {

constexpr double kSaturation = 1.2, kLengthShare = 0.75;  // k1 and b of BM25

// Of the documents that are there.
struct Collection {
  std::uint64_t documents = 0;
  ByField<std::uint64_t> tokens{};
};

std::uint64_t TokensGone(const PartInput& input, Field field) {
  if (input.gone == nullptr) return 0;
  if (input.gone_documents != nullptr) return input.gone_documents->tokens(field);
  std::uint64_t tokens = 0;
  const Lengths lengths = input.part->lengths(field);
  input.gone->ForEach([&](std::size_t row) { tokens += lengths[static_cast<std::uint32_t>(row)]; });
  return tokens;
}

Collection CountCollection(std::span<const PartInput> parts) {
  Collection all;
  for (const PartInput& input : parts) {
    all.documents += input.part->rows() - (input.gone == nullptr ? 0 : input.gone->Count());
    for (const Field field : kAllFields) {
      if (!input.part->has(field)) continue;
      all.tokens[static_cast<std::size_t>(field)] += input.part->tokens(field) - TokensGone(input, field);
    }
  }
  return all;
}

Formula MakeFormula(const Collection& all, const Scorer& scorer, double weight) {
  const auto total = static_cast<double>(all.documents), documents = static_cast<double>(scorer.documents);
  const double mean = static_cast<double>(all.tokens[static_cast<std::size_t>(scorer.field)]) / total;
  return {.scale = weight * std::log(1 + (total - documents + 0.5) / (documents + 0.5)) * (kSaturation + 1),
          .fixed = kSaturation * (1 - kLengthShare),
          .by_length = kSaturation * kLengthShare / mean};
}

void ScoreList(const Formula& formula, const Lengths& lengths, LeafList& list) {
  list.scores.resize(list.rows.size());
  for (std::size_t i = 0; i < list.rows.size(); ++i) {
    const double score = formula(list.counts[i], lengths[list.rows[i]]);
    list.scores[i] = list.edits.empty() ? score : score * kEditFactors[list.edits[i]];
  }
}

class Preparation {
 public:
  Preparation(const Query& query, std::span<const PartInput> parts, const FieldWeights& weights)
      : query_(query), parts_(parts), weights_(weights), collection_(CountCollection(parts)) {}

  Result<PreparedLeaves> Prepare() {
    for (std::size_t leaf = 0; leaf < query_.leaves.size(); ++leaf) LEVEE_RETURN_IF_ERROR(PrepareLeaf(leaf));
    return std::move(prepared_);
  }

 private:
  Status PrepareLeaf(std::size_t index) {
    const Leaf& leaf = query_.leaves[index];
    tokens_.clear();
    for (const Leaf::Part& token : leaf.tokens) tokens_.push_back(token.token);
    const int edits = std::min(leaf.typos.edits, EditsOfLength(CountCharacters(leaf.token())));
    const bool is_tolerant = leaf.kind == LeafKind::kToken && edits > 0;
    const std::size_t first = prepared_.scorers.size();
    LEVEE_ASSIGN(std::uint64_t documents, AddScorers(index, is_tolerant && !leaf.typos.unknown_only ? edits : 0));
    if (is_tolerant && leaf.typos.unknown_only && documents == 0) {
      prepared_.scorers.resize(first);
      LEVEE_ASSIGN(documents, AddScorers(index, edits));
    }
    prepared_.documents.push_back(documents);
    std::ranges::sort(tokens_);
    tokens_.erase(std::ranges::unique(tokens_).begin(), tokens_.end());
    prepared_.tokens.push_back(std::move(tokens_));
    return {};
  }

  // One for each field that has the leaf; how many documents have it, counted by field.
  Result<std::uint64_t> AddScorers(std::size_t index, int edits) {
    const Leaf& leaf = query_.leaves[index];
    std::uint64_t documents = 0;
    for (const Field field : kAllFields) {
      const auto place = static_cast<std::size_t>(field);
      if (!leaf.fields[place] || weights_[place] <= 0) continue;
      Scorer scorer{.leaf = index, .field = field};
      for (const PartInput& input : parts_) {
        CountedList counted;
        if (input.part->has(field)) {
          LEVEE_ASSIGN(counted, FindList(input, field, leaf, edits));
        }
        scorer.documents += counted.documents;
        scorer.lists.push_back(std::move(counted.list));
      }
      if (scorer.documents == 0) continue;
      documents += scorer.documents;
      scorer.formula = MakeFormula(collection_, scorer, weights_[place]);
      for (std::size_t part = 0; part < parts_.size(); ++part) {
        LeafList& list = scorer.lists[part];
        if (!list.rows.empty()) ScoreList(scorer.formula, parts_[part].part->lengths(field), list);
      }
      prepared_.scorers.push_back(std::move(scorer));
    }
    return documents;
  }

  Result<CountedList> FindList(const PartInput& input, Field field, const Leaf& leaf, int edits) {
    if (leaf.kind == LeafKind::kPhrase) return ListOfPhrase(input, field, leaf.tokens);
    if (leaf.kind == LeafKind::kToken && edits == 0) return ListOfToken(input, field, leaf.token());
    LEVEE_ASSIGN(const std::vector<FoundToken> found, leaf.kind == LeafKind::kPrefix
                                                          ? TokensOfPrefix(*input.part, field, leaf.token())
                                                          : TokensInReach(*input.part, field, leaf.token(), edits));
    for (const FoundToken& token : found) tokens_.push_back(token.token);
    return ListOfTokens(input, field, found);
  }

  const Query& query_;
  const std::span<const PartInput> parts_;
  const FieldWeights& weights_;
  const Collection collection_;
  PreparedLeaves prepared_;
  std::vector<std::string> tokens_;  // that the leaf stands for
};

}  // namespace

Result<PreparedLeaves> PrepareLeaves(const Query& query, std::span<const PartInput> parts, const FieldWeights& weights) {
  return Preparation(query, parts, weights).Prepare();
}

}  // namespace levee::text

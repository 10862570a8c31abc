#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "tests/fakes/plain_bank/words.h"

namespace levee::fakes {
namespace {

constexpr double kK1 = 1.2, kB = 0.75, kEditFactor = 0.6;
constexpr const char* kFieldNames[3] = {"content", "tags", "category"};

// What an item's field has of a leaf.
struct Hit {
  int count = 0;
  int edits = 0;  // of the nearest of its words
};

// How many edits a word of that length may be away.
int Reach(std::size_t length, int typos) { return std::min(typos, length < 5 ? 0 : length < 9 ? 1 : 2); }

// The words that stand for a leaf of one word, with their edits.
std::map<std::string, int> Meant(const std::vector<WordsOfItem>& items, const Leaf& leaf,
                                 const std::vector<int>& fields, std::optional<int> typos, bool scored) {
  const std::string& word = leaf.tokens[0];
  std::set<std::string> known;
  for (const WordsOfItem& item : items) {
    for (const int field : fields) known.insert(item.fields[field].begin(), item.fields[field].end());
  }
  std::map<std::string, int> meant;
  if (leaf.prefix) {
    for (const std::string& token : known) {
      if (token.starts_with(word)) meant[token] = 0;
    }
    return meant;
  }
  const int reach = leaf.quoted            ? 0
                    : leaf.typos           ? Reach(word.size(), *leaf.typos)
                    : typos                ? Reach(word.size(), *typos)
                    : known.contains(word) ? 0
                    : scored               ? Reach(word.size(), 2)
                                           : 0;  // nothing unknown is kept out
  for (const std::string& token : known) {
    if (const int edits = EditDistance(token, word); edits <= reach) meant[token] = edits;
  }
  return meant;
}

Hit HitOf(const std::vector<std::string>& tokens, const Leaf& leaf, const std::map<std::string, int>& meant) {
  Hit hit;
  if (leaf.tokens.size() > 1) {
    for (auto at = tokens.begin(); at != tokens.end(); ++at) {
      const bool fits = tokens.end() - at >= std::ssize(leaf.tokens);
      hit.count += fits && std::equal(leaf.tokens.begin(), leaf.tokens.end(), at) ? 1 : 0;
    }
    return hit;
  }
  for (const std::string& token : tokens) {
    const auto found = meant.find(token);
    if (found == meant.end()) continue;
    hit.edits = hit.count++ == 0 ? found->second : std::min(hit.edits, found->second);
  }
  return hit;
}

// The score of the leaf for each item; nothing: the item has it nowhere. `scored`: it stands below no NOT.
std::vector<std::optional<double>> ScoreLeaf(const std::vector<WordsOfItem>& items, const Leaf& leaf,
                                             const WordChoice& choice, bool scored) {
  const double weights[3] = {choice.weights.content, choice.weights.tags, choice.weights.category};
  std::vector<int> fields;
  for (int field = 0; field < 3; ++field) {
    if (weights[field] > 0 && (leaf.field.empty() || leaf.field == kFieldNames[field]))
      fields.push_back(field);
  }
  std::map<std::string, int> meant;
  if (leaf.tokens.size() == 1) meant = Meant(items, leaf, fields, choice.typos, scored);
  std::vector<std::optional<double>> scores(items.size());
  for (const int field : fields) {
    std::vector<Hit> hits;
    double with = 0, length = 0;
    for (const WordsOfItem& item : items) {
      hits.push_back(HitOf(item.fields[field], leaf, meant));
      with += hits.back().count > 0 ? 1 : 0;
      length += static_cast<double>(item.fields[field].size());
    }
    const double all = static_cast<double>(items.size());
    const double idf = std::log(1 + (all - with + 0.5) / (with + 0.5));
    for (std::size_t i = 0; i < items.size(); ++i) {
      const double tf = hits[i].count;
      if (tf == 0) continue;
      const double share = static_cast<double>(items[i].fields[field].size()) / (length / all);
      const double bm25 = weights[field] * idf * tf * (kK1 + 1) / (tf + kK1 * (1 - kB + kB * share));
      scores[i] = scores[i].value_or(0) + bm25 * std::pow(kEditFactor, hits[i].edits);
    }
  }
  return scores;
}

// Whether one item matches: the leaves are told apart by their order.
bool Matches(const WordNode& node, const std::vector<bool>& has, std::size_t& leaf) {
  if (node.kind == WordNode::Kind::kLeaf) return has[leaf++];
  bool all = true, any = false, musts = false, signs = true;
  for (const auto& [sign, child] : node.children) {
    const bool right = Matches(child, has, leaf) != (sign == WordNode::Sign::kNot);
    all = all && right;
    any = any || (right && sign == WordNode::Sign::kPlain);
    musts = musts || sign == WordNode::Sign::kMust;
    signs = signs && (right || sign == WordNode::Sign::kPlain);
  }
  return node.kind == WordNode::Kind::kAll ? all : signs && (any || musts);
}

void CollectLeaves(const WordNode& node, bool scored, std::vector<std::pair<const Leaf*, bool>>& out) {
  if (node.kind == WordNode::Kind::kLeaf) out.emplace_back(&node.leaf, scored);
  for (const auto& [sign, child] : node.children)
    CollectLeaves(child, scored && sign != WordNode::Sign::kNot, out);
}

}  // namespace

int EditDistance(std::string_view left, std::string_view right) {
  std::vector<std::vector<int>> cost(left.size() + 1, std::vector<int>(right.size() + 1));
  for (std::size_t i = 0; i <= left.size(); ++i) {
    for (std::size_t j = 0; j <= right.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = static_cast<int>(i + j);
        continue;
      }
      const int change = left[i - 1] != right[j - 1] ? 1 : 0;
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[left.size()][right.size()];
}

std::vector<std::optional<double>> Rank(const std::vector<WordsOfItem>& items, const WordNode& query,
                                        const WordChoice& choice) {
  std::vector<std::pair<const Leaf*, bool>> leaves;
  CollectLeaves(query, true, leaves);
  std::vector<std::vector<std::optional<double>>> scores;
  for (const auto& [leaf, scored] : leaves) scores.push_back(ScoreLeaf(items, *leaf, choice, scored));
  std::vector<std::optional<double>> ranked(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::vector<bool> has;
    double sum = 0;
    for (std::size_t leaf = 0; leaf < leaves.size(); ++leaf) {
      has.push_back(scores[leaf][i].has_value());
      if (leaves[leaf].second) sum += scores[leaf][i].value_or(0);
    }
    std::size_t next = 0;
    if (Matches(query, has, next)) ranked[i] = sum;
  }
  return ranked;
}

}  // namespace levee::fakes

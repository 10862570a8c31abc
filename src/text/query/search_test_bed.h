// Random documents over parts, and the answers that docs/text-search.md defines, computed the plain way.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "text/memory_part.h"
#include "text/query/search.h"

namespace levee::text {

struct TestDocument {
  std::string content, category;
  std::vector<std::string> tags;

  Document view() const { return {content, tags, category}; }
};

inline const Analyzer& PlainAnalyzer() {
  static const std::shared_ptr<const Analyzer> analyzer = *Analyzer::Make({});
  return *analyzer;
}

// Tokens by position; empty ones are gaps.
inline std::vector<std::string> TokensOf(const TestDocument& document, Field field) {
  TokenList list;
  std::vector<std::string> tokens;
  const auto add = [&](std::string_view text) {
    PlainAnalyzer().Analyze(text, list);
    for (const Token& token : list.tokens()) tokens.emplace_back(token.text());
  };
  if (field == Field::kContent) add(document.content);
  if (field == Field::kCategory) add(document.category);
  if (field != Field::kTags) return tokens;
  for (const std::string& tag : document.tags) {
    add(tag);
    tokens.emplace_back();
  }
  return tokens;
}

inline std::uint64_t LengthOf(const std::vector<std::string>& tokens) {
  return tokens.size() - static_cast<std::size_t>(std::ranges::count(tokens, std::string()));
}

// Edits with neighbours swapped, by the textbook; of ASCII.
inline int PlainDistance(const std::string& a, const std::string& b) {
  std::vector<std::vector<int>> cells(a.size() + 1, std::vector<int>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cells[i][j] = static_cast<int>(i + j);
        continue;
      }
      const int other = a[i - 1] == b[j - 1] ? 0 : 1;
      cells[i][j] = std::min({cells[i - 1][j] + 1, cells[i][j - 1] + 1, cells[i - 1][j - 1] + other});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cells[i][j] = std::min(cells[i][j], cells[i - 2][j - 2] + 1);
      }
    }
  }
  return cells[a.size()][b.size()];
}

// The documents of a part that the plain search looks through.
struct PlainPart {
  std::vector<TestDocument> documents;
  std::set<std::uint32_t> gone;
  std::function<bool(std::uint32_t)> allowed = [](std::uint32_t) { return true; };
};

class PlainSearch {
 public:
  PlainSearch(const std::vector<PlainPart>& parts, const Query& query, const FieldWeights& weights)
      : parts_(parts), query_(query), weights_(weights) {
    for (const PlainPart& part : parts) {
      auto& fields = tokens_.emplace_back();
      for (const TestDocument& document : part.documents) {
        ByField<std::vector<std::string>> by_field;
        for (const Field field : kAllFields) by_field[static_cast<std::size_t>(field)] = TokensOf(document, field);
        fields.push_back(std::move(by_field));
      }
    }
    for (const Leaf& leaf : query.leaves) typos_.push_back(EditsOf(leaf));
  }

  // All of them, best first.
  std::vector<Hit> Find() const {
    std::vector<Hit> hits;
    for (std::uint32_t part = 0; part < parts_.size(); ++part) {
      for (std::uint32_t row = 0; row < parts_[part].documents.size(); ++row) {
        if (IsThere(part, row) && parts_[part].allowed(row) && Matches(query_.root, part, row)) {
          hits.push_back({Score(part, row), part, row});
        }
      }
    }
    std::ranges::stable_sort(hits, [](const Hit& a, const Hit& b) { return a.score > b.score; });
    return hits;
  }

  double Score(std::uint32_t part, std::uint32_t row) const {
    double sum = 0;
    for (std::size_t leaf = 0; leaf < query_.leaves.size(); ++leaf) {
      if (!query_.leaves[leaf].scores) continue;
      for (std::size_t field = 0; field < kFields; ++field) sum += ScoreOf(leaf, field, part, row);
    }
    return sum;
  }

 private:
  struct Occurrence {
    std::uint32_t count = 0;
    int edits = 0;
  };

  bool IsThere(std::uint32_t part, std::uint32_t row) const { return !parts_[part].gone.contains(row); }

  template <typename Visit>
  void ForEachLive(Visit&& visit) const {
    for (std::uint32_t part = 0; part < parts_.size(); ++part) {
      for (std::uint32_t row = 0; row < parts_[part].documents.size(); ++row) {
        if (IsThere(part, row)) visit(part, row);
      }
    }
  }

  // How many edits of the leaf's word are borne, after asking whether it is known.
  int EditsOf(const Leaf& leaf) const {
    if (leaf.kind != LeafKind::kToken) return 0;
    const std::size_t letters = leaf.token().size();
    const int edits = std::min(leaf.typos.edits, letters >= 9 ? 2 : letters >= 5 ? 1 : 0);
    if (!leaf.typos.unknown_only) return edits;
    bool known = false;
    ForEachLive([&](std::uint32_t part, std::uint32_t row) {
      for (std::size_t field = 0; field < kFields; ++field) {
        known = known || (IsAsked(leaf, field) && std::ranges::count(tokens_[part][row][field], leaf.token()) > 0);
      }
    });
    return known ? 0 : edits;
  }

  bool IsAsked(const Leaf& leaf, std::size_t field) const { return leaf.fields[field] && weights_[field] > 0; }

  Occurrence CountOf(std::size_t index, std::size_t field, std::uint32_t part, std::uint32_t row) const {
    const Leaf& leaf = query_.leaves[index];
    if (!IsAsked(leaf, field)) return {};
    const std::vector<std::string>& tokens = tokens_[part][row][field];
    Occurrence found{0, 9};
    for (std::size_t at = 0; at < tokens.size(); ++at) {
      if (tokens[at].empty()) continue;
      bool here = true;
      int edits = 0;
      if (leaf.kind == LeafKind::kPrefix) {
        here = tokens[at].starts_with(leaf.token());
      } else if (leaf.kind == LeafKind::kPhrase) {
        for (const Leaf::Part& wanted : leaf.tokens) {
          here = here && at + wanted.offset < tokens.size() && tokens[at + wanted.offset] == wanted.token;
        }
      } else {
        edits = PlainDistance(leaf.token(), tokens[at]);
        here = edits <= typos_[index];
      }
      if (!here) continue;
      ++found.count;
      found.edits = std::min(found.edits, edits);
    }
    return found;
  }

  double ScoreOf(std::size_t leaf, std::size_t field, std::uint32_t part, std::uint32_t row) const {
    const Occurrence found = CountOf(leaf, field, part, row);
    if (found.count == 0) return 0;
    const Statistics& counted = StatisticsOf(leaf, field);
    const double n = counted.documents, total = counted.all;
    const double mean = counted.tokens / total;
    const double scale = weights_[field] * std::log(1 + (total - n + 0.5) / (n + 0.5)) * (1.2 + 1);
    const auto length = static_cast<double>(LengthOf(tokens_[part][row][field]));
    const double score = scale / (1 + (1.2 * (1 - 0.75) + 1.2 * 0.75 / mean * length) / found.count);
    return found.edits == 0 ? score : score * (found.edits == 1 ? 0.6 : 0.6 * 0.6);
  }

  struct Statistics {
    double documents = 0, all = 0, tokens = 0;
  };
  const Statistics& StatisticsOf(std::size_t leaf, std::size_t field) const {
    const auto [at, is_new] = statistics_.try_emplace({leaf, field});
    if (is_new) {
      ForEachLive([&](std::uint32_t part, std::uint32_t row) {
        at->second.all += 1;
        at->second.tokens += static_cast<double>(LengthOf(tokens_[part][row][field]));
        at->second.documents += CountOf(leaf, field, part, row).count > 0 ? 1 : 0;
      });
    }
    return at->second;
  }

  bool Matches(const Node& node, std::uint32_t part, std::uint32_t row) const {
    const auto child = [&](const Node& inner) { return Matches(inner, part, row); };
    switch (node.kind) {
      case NodeKind::kNothing: return false;
      case NodeKind::kNot: return !child(node.children[0]);
      case NodeKind::kAnd: return std::ranges::all_of(node.children, child);
      case NodeKind::kOr: return std::ranges::any_of(node.children, child);
      case NodeKind::kLeaf: break;
    }
    for (std::size_t field = 0; field < kFields; ++field) {
      if (CountOf(node.leaf, field, part, row).count > 0) return true;
    }
    return false;
  }

  const std::vector<PlainPart>& parts_;
  const Query& query_;
  const FieldWeights& weights_;
  std::vector<std::vector<ByField<std::vector<std::string>>>> tokens_;
  std::vector<int> typos_;  // by leaf
  mutable std::map<std::pair<std::size_t, std::size_t>, Statistics> statistics_;
};

using TestRandom = std::mt19937_64;

// Words that are a few edits from each other, common ones first.
inline std::string RandomWord(TestRandom& random) {
  static const std::vector<std::string> words = {
      "the", "ab", "order", "orders", "odrers", "late", "later", "lake", "mondays", "monday", "integration", "integratoin",
      "intgration", "internal", "x", "y1", "zebra", "abc", "abcd", "abcde"};
  const std::size_t at = std::min(random() % words.size(), random() % words.size());
  return random() % 50 == 0 ? "rare" + std::to_string(random() % 1000) : words[at];
}

inline std::string RandomText(TestRandom& random, std::size_t words) {
  std::string text;
  for (std::size_t i = 0; i < words; ++i) text += (i == 0 ? "" : " ") + RandomWord(random);
  return text;
}

inline TestDocument RandomDocument(TestRandom& random) {
  TestDocument document{.content = RandomText(random, random() % 12), .category = RandomText(random, 1)};
  for (std::size_t tags = random() % 3; tags > 0; --tags) document.tags.push_back(RandomText(random, 1 + random() % 2));
  return document;
}

// Of the language, most of them valid.
inline std::string RandomQuery(TestRandom& random, int depth = 0) {
  switch (random() % (depth < 3 ? 14 : 8)) {
    case 0: return RandomWord(random) + "~" + std::to_string(random() % 3);
    case 1: return RandomWord(random).substr(0, 2 + random() % 3) + "*";
    case 2: return "\"" + RandomText(random, 2 + random() % 2) + "\"";
    case 3: return std::string(kFieldNames[random() % 3]) + ":" + RandomWord(random);
    case 8: return RandomQuery(random, depth + 1) + " AND " + RandomQuery(random, depth + 1);
    case 9: return RandomQuery(random, depth + 1) + " OR " + RandomQuery(random, depth + 1);
    case 10: return RandomQuery(random, depth + 1) + " -" + RandomWord(random);
    case 11: return "+" + RandomWord(random) + " " + RandomQuery(random, depth + 1);
    case 12: return "(" + RandomQuery(random, depth + 1) + ") " + RandomQuery(random, depth + 1);
    case 13: return RandomWord(random) + " OR NOT (" + RandomQuery(random, depth + 1) + ")";
    default: return RandomText(random, 1 + random() % 3);
  }
}

}  // namespace levee::text

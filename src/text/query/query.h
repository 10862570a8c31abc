// What a query asks for: docs/text-search.md#queries.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "text/analysis/analyzer.h"
#include "text/field.h"

namespace levee::text {

inline constexpr std::size_t kLeavesMax = 256;
inline constexpr int kNestingMax = 64;

// How many typing errors of a plain word are borne.
struct Typos {
  bool unknown_only = true;  // only of a word that no item has
  int edits = 2;             // at most, 0 to 2; the word's length limits them too
  friend bool operator==(const Typos&, const Typos&) = default;
};

enum class LeafKind : std::uint8_t { kToken, kPhrase, kPrefix };

// A word, phrase or prefix: what has a score.
struct Leaf {
  struct Part {
    std::string token;
    std::uint32_t offset;  // from the first one's position
    friend bool operator==(const Part&, const Part&) = default;
  };
  LeafKind kind = LeafKind::kToken;
  std::vector<Part> tokens;         // one, but of a phrase
  ByField<bool> fields = {};        // where it is looked for
  Typos typos;                      // of kToken
  bool scores = true;               // not below NOT
  std::size_t begin = 0, end = 0;   // bytes of the query it is written at, marks and field left out

  const std::string& token() const { return tokens[0].token; }
};

enum class NodeKind : std::uint8_t { kNothing, kLeaf, kAnd, kOr, kNot };

struct Node {
  NodeKind kind = NodeKind::kNothing;
  std::size_t leaf = 0;         // of kLeaf: which of Query::leaves
  std::vector<Node> children;   // of kAnd and kOr two at least, of kNot one
};

// Immutable.
struct Query {
  std::string text;
  // In the order they are written. Those that no node names only add to the score ("+must may").
  std::vector<Leaf> leaves;
  Node root;                    // kNothing: it finds nothing
};

struct ParseOptions {
  bool any_word = true;         // of words side by side one must be there, or all
  Typos typos;                  // of words that do not say themselves
  ByField<bool> fields = {true, false, false};  // where words are looked for that name no field
};

// kInvalidArgument with the detail INVALID_QUERY, telling the byte: the text does not follow the language.
Result<Query> ParseQuery(std::string_view text, const Analyzer& analyzer, const ParseOptions& options);

}  // namespace levee::text

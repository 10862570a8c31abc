// Words, read and ranked plainly: the oracle of full text. ASCII alone: letters and digits are parts of
// words, every other byte stands between them, so texts with other letters are not for it. Neither stop words
// nor stems.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "levee/status.h"

namespace levee::fakes {

std::vector<std::string> Tokens(std::string_view text);

// What is looked for as one: a word, a phrase, a prefix.
struct Leaf {
  std::string field;                // "content", "tags", "category"; empty: all
  std::vector<std::string> tokens;  // more than one: side by side
  bool prefix = false, quoted = false;
  std::optional<int> typos;  // as `word~2` says; 2 for `word~`
};

struct WordNode {
  // kAny: all that must be there, none of kNot, and one of the plain ones if nothing must.
  enum class Kind { kLeaf, kAll, kAny } kind = Kind::kLeaf;
  enum class Sign { kPlain, kMust, kNot };
  Leaf leaf;
  std::vector<std::pair<Sign, WordNode>> children;
};

// Nothing: no word is left. INVALID_QUERY. Words side by side are joined as by OR (`any_word`) or by AND.
Result<std::optional<WordNode>> ParseWords(std::string_view words, bool any_word);

struct TextWeights {
  double content = 1, tags = 0, category = 0;
};

// The words of one item, by field in the order of TextWeights.
struct WordsOfItem {
  std::vector<std::string> fields[3];
};

struct WordChoice {
  std::optional<int> typos;  // nothing: only where no item has the word
  TextWeights weights;
};

// The score of each item; nothing: the item does not match.
std::vector<std::optional<double>> Rank(const std::vector<WordsOfItem>& items, const WordNode& query,
                                        const WordChoice& choice);

// Insertions, deletions, changes and swaps of neighbours from one word to the other.
int EditDistance(std::string_view left, std::string_view right);

}  // namespace levee::fakes

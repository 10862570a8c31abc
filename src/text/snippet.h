// The part of a text that shows best why it was found.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/analysis/analyzer.h"
#include "text/query/query.h"
#include "text/query/search.h"

namespace levee::text {

struct SnippetOptions {
  std::size_t bytes = 200;           // of the text, about; marks and ellipses come to it
  std::string_view before = "**", after = "**";  // around found words
  std::string_view ellipsis = "…";   // where text is left out
};

// What is to be marked for a leaf.
struct SnippetLeaf {
  LeafKind kind = LeafKind::kToken;
  std::vector<Leaf::Part> phrase;    // of kPhrase
  std::vector<std::string> tokens;   // sorted; of kPrefix the prefix alone
  double worth = 1;
};

// Those leaves of a query that are looked for in the content and score; `worths` is what LeafScores says, or empty.
std::vector<SnippetLeaf> SnippetLeavesOf(const Query& query, const Search& search, std::span<const double> worths);

// Whatever the content is, the result is valid UTF-8 on one line: white space is one space each, what is no UTF-8 is
// U+FFFD. Without any found word it is the beginning. Thread-safe.
std::string MakeSnippet(std::string_view content, const Analyzer& analyzer, std::span<const SnippetLeaf> leaves,
                        const SnippetOptions& options);

}  // namespace levee::text

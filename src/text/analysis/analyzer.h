// From a text to the tokens that are indexed and looked up: docs/text-search.md#tokens.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace levee::text {

inline constexpr std::size_t kTokenBytesMax = 64;

struct AnalyzerOptions {
  std::string stemmer = "none";     // a language of Snowball: "english", "german", ...
  std::string stop_words = "none";  // a language of stop_words.h
};

struct Token {
  const char* data;        // into the TokenList's bytes, or the stemmer's copy there
  std::uint32_t size;      // 1 to kTokenBytesMax
  std::uint32_t position;  // counts every token, those that are stop words too
  std::uint32_t begin, end;  // bytes of the text it stands at

  std::string_view text() const { return {data, size}; }
};

// The tokens of one text; keep it for the next one, so that its memory is. For one thread at a time.
class TokenList {
 public:
  const std::vector<Token>& tokens() const { return tokens_; }
  // One past the last position, stop words counted.
  std::uint32_t positions() const { return positions_; }

 private:
  friend class Analyzer;
  std::vector<Token> tokens_;
  std::vector<char> bytes_;  // of folded tokens; what `data` points to
  std::vector<std::uint64_t> letters_;
  std::uint32_t positions_ = 0;
};

// Immutable and thread-safe: each thread has a stemmer of its own behind it.
class Analyzer {
 public:
  // kInvalidArgument: no such language; the error lists those there are.
  static Result<std::shared_ptr<const Analyzer>> Make(const AnalyzerOptions& options);
  ~Analyzer();

  // Replaces what `out` has. Texts are at most 4 GiB. Valid until `out` is used again; `text` may go before.
  void Analyze(std::string_view text, TokenList& out) const;
  // The same without stop words and stemming: for prefixes.
  void Fold(std::string_view text, TokenList& out) const;

  const AnalyzerOptions& options() const { return options_; }
  // Whether tokens are indexed as they fold.
  bool is_plain() const { return stop_words_ == nullptr && !stems_; }

 private:
  struct StopWords;
  explicit Analyzer(AnalyzerOptions options);

  AnalyzerOptions options_;
  std::unique_ptr<const StopWords> stop_words_;
  bool stems_ = false;
};

}  // namespace levee::text

#include "text/analysis/analyzer.h"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "base/check.h"
#include "text/analysis/characters.h"
#include "text/analysis/stemmer.h"
#include "text/analysis/stop_words.h"
#include "text/analysis/tokenizer.h"

namespace levee::text {
namespace {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

// A stemmer keeps the word it is at, so that each thread needs its own. Languages are few.
Stemmer& StemmerOfThread(const std::string& language) {
  thread_local std::map<std::string, Stemmer> stemmers;
  const auto found = stemmers.find(language);
  if (found != stemmers.end()) return found->second;
  Result<Stemmer> made = Stemmer::Make(language);
  LEVEE_CHECK(made.has_value());  // Analyzer::Make has made one
  return stemmers.emplace(language, std::move(*made)).first->second;
}

}  // namespace

struct Analyzer::StopWords {
  std::unordered_set<std::string, TextHash, std::equal_to<>> words;
};

Analyzer::Analyzer(AnalyzerOptions options) : options_(std::move(options)) {}
Analyzer::~Analyzer() = default;

Result<std::shared_ptr<const Analyzer>> Analyzer::Make(const AnalyzerOptions& options) {
  std::shared_ptr<Analyzer> made(new Analyzer(options));
  if (options.stemmer != "none") {
    LEVEE_RETURN_IF_ERROR(Stemmer::Make(options.stemmer));
    made->stems_ = true;
  }
  if (options.stop_words != "none") {
    LEVEE_ASSIGN(std::string_view words, StopWordsOf(options.stop_words));
    auto stop_words = std::make_unique<StopWords>();
    while (!words.empty()) {
      const std::string_view word = words.substr(0, words.find(' '));
      stop_words->words.emplace(word);
      words.remove_prefix(std::min(words.size(), word.size() + 1));
    }
    made->stop_words_ = std::move(stop_words);
  }
  return std::shared_ptr<const Analyzer>(std::move(made));
}

void Analyzer::Fold(std::string_view text, TokenList& out) const {
  Tokenize(text, {out.tokens_, out.bytes_, out.letters_});
  out.positions_ = static_cast<std::uint32_t>(out.tokens_.size());
}

void Analyzer::Analyze(std::string_view text, TokenList& out) const {
  Fold(text, out);
  if (stop_words_ != nullptr) {
    std::erase_if(out.tokens_, [&](const Token& token) { return stop_words_->words.contains(token.text()); });
  }
  if (!stems_) return;
  Stemmer& stemmer = StemmerOfThread(options_.stemmer);
  for (Token& token : out.tokens_) {
    const std::string_view stem = stemmer.Stem(token.text());
    // Written over its token, and no longer than that: what is cut is cut alike in index and query.
    const std::size_t size = CutAtCharacter(stem, token.size);
    if (size == 0) continue;
    std::copy_n(stem.data(), size, const_cast<char*>(token.data));
    token.size = static_cast<std::uint32_t>(size);
  }
}

}  // namespace levee::text

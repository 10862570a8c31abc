#include "text/snippet.h"

#include <algorithm>
#include <unordered_map>

#include "text/analysis/characters.h"

namespace levee::text {
namespace {

// Words are cut only if none ends in so many bytes.
constexpr std::size_t kWordReach = 40;

struct Mark {
  std::uint32_t begin, end;  // bytes of the content
  std::size_t leaf;
};

struct Range {
  std::size_t begin, end;
};

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool GoesOn(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

// The stretches of a text that leaves were found at, ascending.
class Marker {
 public:
  explicit Marker(std::span<const SnippetLeaf> leaves) : leaves_(leaves) {
    for (std::size_t leaf = 0; leaf < leaves.size(); ++leaf) {
      if (leaves[leaf].kind == LeafKind::kToken) {
        for (const std::string& token : leaves[leaf].tokens) of_token_.emplace(token, leaf);
      } else {
        others_.push_back(leaf);
      }
    }
  }

  std::vector<Mark> Find(std::span<const Token> tokens) const {
    std::vector<Mark> marks;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const auto [first, last] = of_token_.equal_range(tokens[i].text());
      for (auto at = first; at != last; ++at) marks.push_back({tokens[i].begin, tokens[i].end, at->second});
      for (const std::size_t leaf : others_) {
        const std::size_t size = Match(leaves_[leaf], tokens.subspan(i));
        if (size > 0) marks.push_back({tokens[i].begin, tokens[i + size - 1].end, leaf});
      }
    }
    return marks;
  }

 private:
  // How many tokens from the first on are the leaf; 0: it does not begin here.
  static std::size_t Match(const SnippetLeaf& leaf, std::span<const Token> tokens) {
    if (leaf.kind == LeafKind::kPrefix) return tokens[0].text().starts_with(leaf.tokens[0]) ? 1 : 0;
    std::size_t at = 0;
    for (const Leaf::Part& wanted : leaf.phrase) {
      while (at < tokens.size() && tokens[at].position < tokens[0].position + wanted.offset) ++at;
      const bool is_here = at < tokens.size() && tokens[at].position == tokens[0].position + wanted.offset;
      if (!is_here || tokens[at].text() != wanted.token) return 0;
    }
    return at + 1;
  }

  std::span<const SnippetLeaf> leaves_;
  std::unordered_multimap<std::string_view, std::size_t> of_token_;
  std::vector<std::size_t> others_;
};

// From the mark on that has most worth within `bytes`: each leaf once, further occurrences a little.
Range BestRange(std::span<const Mark> marks, std::span<const SnippetLeaf> leaves, std::size_t bytes) {
  Range best{marks[0].begin, marks[0].end};
  double best_worth = -1;
  std::vector<std::uint32_t> counts(leaves.size());
  double worth = 0;
  std::size_t next = 0;
  for (std::size_t first = 0; first < marks.size(); ++first) {
    while (next < marks.size() && marks[next].end <= marks[first].begin + bytes) {
      const std::size_t leaf = marks[next++].leaf;
      worth += counts[leaf]++ == 0 ? leaves[leaf].worth : leaves[leaf].worth / 16;
    }
    if (worth > best_worth * (1 + 1e-9)) {
      best_worth = worth;
      best = {marks[first].begin, next > first ? marks[next - 1].end : marks[first].end};
    }
    if (next <= first) {
      next = first + 1;  // one mark that is longer than the snippet
      continue;
    }
    const std::size_t leaf = marks[first].leaf;
    worth -= --counts[leaf] == 0 ? leaves[leaf].worth : leaves[leaf].worth / 16;
  }
  return best;
}

// As much text around the range as there is room, from word to word.
Range Widen(std::string_view content, Range range, std::size_t bytes) {
  const std::size_t room = bytes > range.end - range.begin ? bytes - (range.end - range.begin) : 0;
  std::size_t begin = range.begin - std::min(range.begin, room / 2);
  std::size_t end = std::min(content.size(), begin + std::max(bytes, range.end - range.begin));
  if (end == content.size() && end >= bytes) begin = std::min(begin, end - bytes);
  if (begin > 0) {
    std::size_t at = begin;
    while (at < range.begin && at - begin < kWordReach && !IsSpace(content[at - 1])) ++at;
    begin = at;
    while (begin < range.begin && GoesOn(content[begin])) ++begin;
  }
  if (end < content.size()) {
    std::size_t at = end;
    while (at > range.end && end - at < kWordReach && !IsSpace(content[at])) --at;
    if (at > range.end && IsSpace(content[at])) end = at;
    while (end > range.end && GoesOn(content[end])) --end;
  }
  return {begin, end};
}

// Appends text on one line and of whole characters.
void AppendLine(std::string_view text, std::string& out) {
  while (!text.empty()) {
    if (IsSpace(text[0])) {
      if (!out.empty() && out.back() != ' ') out += ' ';
      text.remove_prefix(1);
      continue;
    }
    const Character character = ReadCharacter(text);
    char bytes[4];
    out.append(bytes, WriteCharacter(character.code, bytes));
    text.remove_prefix(character.bytes);
  }
}

}  // namespace

std::vector<SnippetLeaf> SnippetLeavesOf(const Query& query, const Search& search, std::span<const double> worths) {
  std::vector<SnippetLeaf> leaves;
  for (std::size_t i = 0; i < query.leaves.size(); ++i) {
    const Leaf& leaf = query.leaves[i];
    if (!leaf.scores || !leaf.fields[static_cast<std::size_t>(Field::kContent)]) continue;
    SnippetLeaf& made = leaves.emplace_back(SnippetLeaf{.kind = leaf.kind, .worth = worths.empty() ? 1 : worths[i]});
    if (leaf.kind == LeafKind::kPhrase) made.phrase = leaf.tokens;
    if (leaf.kind == LeafKind::kPrefix) made.tokens = {leaf.token()};
    if (leaf.kind == LeafKind::kToken) made.tokens = search.tokens(i);
  }
  return leaves;
}

std::string MakeSnippet(std::string_view content, const Analyzer& analyzer, std::span<const SnippetLeaf> leaves,
                        const SnippetOptions& options) {
  TokenList list;
  analyzer.Analyze(content, list);
  const std::vector<Mark> marks = Marker(leaves).Find(list.tokens());
  const Range found = marks.empty() ? Range{0, 0} : BestRange(marks, leaves, options.bytes);
  const Range range = Widen(content, found, options.bytes);
  std::string snippet;
  std::size_t at = range.begin;
  for (const Mark& mark : marks) {
    // Of those that overlap the first is marked.
    if (mark.begin < at || mark.end > range.end) continue;
    AppendLine(content.substr(at, mark.begin - at), snippet);
    snippet += options.before;
    AppendLine(content.substr(mark.begin, mark.end - mark.begin), snippet);
    snippet += options.after;
    at = mark.end;
  }
  AppendLine(content.substr(at, range.end - at), snippet);
  while (snippet.ends_with(' ')) snippet.pop_back();
  if (range.begin > 0) snippet.insert(0, options.ellipsis);
  if (range.end < content.size()) snippet += options.ellipsis;
  return snippet;
}

}  // namespace levee::text

#include "tests/fakes/plain_bank/words.h"

#include <algorithm>
#include <cctype>

#include "base/status.h"
#include "tests/fakes/plain_bank/json.h"

namespace levee::fakes {
namespace {

constexpr std::size_t kTokenBytes = 64;
constexpr int kLeavesMax = 256, kDepthMax = 64;

// One query, one thread. A function returns false where the text cannot be read.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  bool Whole(WordNode& out) { return Sequence(out, 0) && at_ == text_.size() && leaves_ <= kLeavesMax; }
  std::size_t at() const { return at_; }

 private:
  void Skip() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }
  bool AtEnd() { return Skip(), at_ == text_.size() || text_[at_] == ')'; }
  bool Operator(std::string_view word) {
    Skip();
    if (text_.substr(at_, word.size()) != word) return false;
    const std::size_t end = at_ + word.size();
    if (end < text_.size() && std::isspace(static_cast<unsigned char>(text_[end])) == 0 && text_[end] != '(' &&
        text_[end] != ')') {
      return false;
    }
    at_ = end;
    return true;
  }

  // Operators bind tighter than standing side by side, AND tighter than OR.
  bool Sequence(WordNode& out, int depth) {
    if (depth > kDepthMax) return false;
    out.kind = WordNode::Kind::kSequence;
    while (!AtEnd()) {
      if (!List(out, depth)) return false;
    }
    return true;
  }

  bool List(WordNode& out, int depth) {
    std::vector<std::vector<std::pair<WordNode::Sign, WordNode>>> any(1);
    for (;;) {
      if (!Unary(any.back().emplace_back(), depth)) return false;
      if (Operator("OR")) {
        any.emplace_back();
      } else if (!Operator("AND")) {
        break;
      }
    }
    if (any.size() == 1 && any[0].size() == 1) return out.children.push_back(std::move(any[0][0])), true;
    WordNode either{.kind = WordNode::Kind::kAny};
    for (auto& all : any) {
      if (all.size() == 1) {
        either.children.push_back(std::move(all[0]));
      } else {
        either.children.emplace_back(WordNode::Sign::kPlain,
                                     WordNode{.kind = WordNode::Kind::kAll, .children = std::move(all)});
      }
    }
    out.children.emplace_back(WordNode::Sign::kPlain, std::move(either));
    return true;
  }

  bool Unary(std::pair<WordNode::Sign, WordNode>& out, int depth) {
    out.first = WordNode::Sign::kPlain;
    if (Operator("NOT")) {
      out.first = WordNode::Sign::kNot;
    } else if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) {
      out.first = text_[at_++] == '+' ? WordNode::Sign::kMust : WordNode::Sign::kNot;
      if (at_ == text_.size() || std::isspace(static_cast<unsigned char>(text_[at_])) != 0) return false;
    }
    if (AtEnd() || Operator("AND") || Operator("OR") || Operator("NOT")) return false;
    return Primary(out.second, depth);
  }

  bool Primary(WordNode& out, int depth) {
    std::string field;
    for (const std::string_view known : {"content", "tags"}) {
      if (text_.substr(at_, known.size()) == known && text_.substr(at_ + known.size(), 1) == ":") {
        field = known;
        at_ += known.size() + 1;
        break;
      }
    }
    if (at_ < text_.size() && text_[at_] == '(') {
      ++at_;
      if (!field.empty() || !Sequence(out, depth + 1) || at_ == text_.size() || text_[at_] != ')') return false;
      return ++at_, true;
    }
    out.kind = WordNode::Kind::kLeaf;
    out.leaf.field = field;
    ++leaves_;
    return at_ < text_.size() && text_[at_] == '"' ? Phrase(out.leaf) : Word(out.leaf);
  }

  bool Phrase(Leaf& leaf) {
    const std::size_t end = text_.find('"', at_ + 1);
    if (end == std::string_view::npos) return false;
    leaf.tokens = Tokens(text_.substr(at_ + 1, end - at_ - 1));
    leaf.quoted = true;
    at_ = end + 1;
    return true;
  }

  bool Word(Leaf& leaf) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) == 0 &&
           std::string_view("()\"").find(text_[at_]) == std::string_view::npos) {
      ++at_;
    }
    std::string_view word = text_.substr(begin, at_ - begin);
    if (word.ends_with("*")) {
      leaf.prefix = true;
      word.remove_suffix(1);
    } else if (const auto tilde = word.rfind('~'); tilde != std::string_view::npos) {
      const std::string_view count = word.substr(tilde + 1);
      if (count != "" && count != "1" && count != "2") return false;
      leaf.typos = count == "1" ? 1 : 2;
      word = word.substr(0, tilde);
    }
    leaf.tokens = Tokens(word);
    return !leaf.prefix || (leaf.tokens.size() == 1 && leaf.tokens[0].size() >= 2);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int leaves_ = 0;
};

// Takes away what has no words; false where nothing is left.
bool Prune(WordNode& node) {
  if (node.kind == WordNode::Kind::kLeaf) return !node.leaf.tokens.empty();
  std::erase_if(node.children, [](auto& child) { return !Prune(child.second); });
  return !node.children.empty();
}

// Whether something must be there for the node to match.
bool IsPositive(const WordNode& node) {
  if (node.kind == WordNode::Kind::kLeaf) return true;
  const auto positive = [](const auto& child) { return child.first != WordNode::Sign::kNot && IsPositive(child.second); };
  return node.kind == WordNode::Kind::kAny ? std::ranges::all_of(node.children, positive)
                                           : std::ranges::any_of(node.children, positive);
}

}  // namespace

std::vector<std::string> Tokens(std::string_view text) {
  std::vector<std::string> tokens;
  std::string token;
  const auto end_token = [&] {
    if (!token.empty()) tokens.push_back(token.substr(0, kTokenBytes));
    token.clear();
  };
  for (const char c : text) {
    if ((c & 0x80) == 0 && std::isalnum(static_cast<unsigned char>(c)) != 0) {
      token += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else {
      end_token();
    }
  }
  end_token();
  return tokens;
}

Result<std::optional<WordNode>> ParseWords(std::string_view words) {
  WordNode query;
  Parser parser(words);
  const auto wrong = [&](const std::string& why) {
    return std::unexpected(Error{ErrorCode::kInvalidArgument, "words", why, {}, "INVALID_QUERY"});
  };
  if (!IsUtf8(words) || !parser.Whole(query)) return wrong("cannot be read at " + std::to_string(parser.at()));
  if (!Prune(query)) return std::optional<WordNode>();
  if (!IsPositive(query)) return wrong("there are only words that must not be there");
  return std::optional(std::move(query));
}

}  // namespace levee::fakes

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
  Parser(std::string_view text, bool any_word) : text_(text), any_word_(any_word) {}

  bool Whole(WordNode& out) { return Group(out, 0, {}) && at_ == text_.size() && leaves_ <= kLeavesMax; }
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
    if (end < text_.size() && std::isspace(static_cast<unsigned char>(text_[end])) == 0 &&
        text_[end] != '(' && text_[end] != ')') {
      return false;
    }
    at_ = end;
    return true;
  }

  // AND binds tighter than OR; standing side by side is the one or the other.
  bool Group(WordNode& out, int depth, const std::string& field) {
    if (depth > kDepthMax) return false;
    out.kind = WordNode::Kind::kAny;
    while (!AtEnd()) {
      if (!All(out, depth, field)) return false;
      if (Operator("OR") && AtEnd()) return false;
    }
    return true;
  }

  bool All(WordNode& out, int depth, const std::string& field) {
    WordNode all{.kind = WordNode::Kind::kAll};
    for (;;) {
      if (!Unary(all.children.emplace_back(), depth, field)) return false;
      if (Operator("AND")) continue;
      const std::size_t here = at_;
      if (any_word_ || AtEnd() || Operator("OR")) {
        at_ = here;
        break;
      }
    }
    if (all.children.size() == 1) {
      out.children.push_back(std::move(all.children[0]));
    } else {
      out.children.emplace_back(WordNode::Sign::kPlain, std::move(all));
    }
    return true;
  }

  bool Unary(std::pair<WordNode::Sign, WordNode>& out, int depth, const std::string& field) {
    out.first = WordNode::Sign::kPlain;
    if (AtEnd()) return false;
    if (Operator("NOT")) {
      out.first = WordNode::Sign::kNot;
    } else if (text_[at_] == '+' || text_[at_] == '-') {
      out.first = text_[at_++] == '+' ? WordNode::Sign::kMust : WordNode::Sign::kNot;
      if (at_ == text_.size() || std::isspace(static_cast<unsigned char>(text_[at_])) != 0) return false;
    }
    if (AtEnd() || Operator("AND") || Operator("OR") || Operator("NOT")) return false;
    return Primary(out.second, depth, field);
  }

  bool Primary(WordNode& out, int depth, std::string field) {
    for (const std::string_view known : {"content", "tags", "category"}) {
      if (text_.substr(at_, known.size()) == known && text_.substr(at_ + known.size(), 1) == ":") {
        field = known;
        at_ += known.size() + 1;
        break;
      }
    }
    if (at_ < text_.size() && text_[at_] == '(') {
      ++at_;
      if (!Group(out, depth + 1, field) || at_ == text_.size() || text_[at_] != ')') return false;
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
  bool any_word_;
  std::size_t at_ = 0;
  int leaves_ = 0;
};

// Takes away what has no words; false where nothing is left.
bool Prune(WordNode& node) {
  if (node.kind == WordNode::Kind::kLeaf) return !node.leaf.tokens.empty();
  std::erase_if(node.children, [](auto& child) { return !Prune(child.second); });
  return !node.children.empty();
}

// Whether in every group something is wanted.
bool IsPositive(const WordNode& node) {
  if (node.kind == WordNode::Kind::kLeaf) return true;
  return std::ranges::all_of(node.children, [](const auto& child) { return IsPositive(child.second); }) &&
         std::ranges::any_of(node.children,
                             [](const auto& child) { return child.first != WordNode::Sign::kNot; });
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

Result<std::optional<WordNode>> ParseWords(std::string_view words, bool any_word) {
  WordNode query;
  Parser parser(words, any_word);
  const auto wrong = [&](const std::string& why) {
    return std::unexpected(Error{ErrorCode::kInvalidArgument, "words", why, {}, "INVALID_QUERY"});
  };
  if (!IsUtf8(words) || !parser.Whole(query))
    return wrong("cannot be read at " + std::to_string(parser.at()));
  if (!Prune(query)) return std::optional<WordNode>();
  if (!IsPositive(query)) return wrong("there are only words that must not be there");
  return std::optional(std::move(query));
}

}  // namespace levee::fakes

#include "tests/fakes/plain_bank/condition.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/status.h"

namespace levee::fakes {
namespace {

using Truth = std::optional<bool>;
using ConditionPtr = std::unique_ptr<Condition>;

// A constant, or what stands at a path.
struct Operand {
  std::optional<Json> constant;
  std::vector<std::string> path;

  const Json* In(const Json& metadata) const {
    if (!constant) return JsonAt(metadata, path);
    return constant->kind == Json::Kind::kNull ? nullptr : &*constant;
  }
};

// Any condition: what it says is a function of it and the metadata.
template <typename Says>
class Saying final : public Condition {
 public:
  explicit Saying(Says says) : says_(std::move(says)) {}
  Truth Holds(const Json& metadata) const override { return says_(metadata); }

 private:
  Says says_;
};
template <typename Says>
ConditionPtr Make(Says says) {
  return std::make_unique<Saying<Says>>(std::move(says));
}

Truth And(Truth a, Truth b) {
  if ((a && !*a) || (b && !*b)) return false;
  return a && b ? Truth(true) : std::nullopt;
}
Truth Not(Truth a) { return a ? Truth(!*a) : std::nullopt; }
Truth Or(Truth a, Truth b) { return Not(And(Not(a), Not(b))); }

Truth Compare(const Json* left, const std::string& op, const Json* right) {
  const auto order = CompareJson(left, right);
  if (!order) return std::nullopt;
  if (op == "=" || op == "==") return *order == 0;
  if (op == "<>" || op == "!=") return *order != 0;
  if (op == "<") return *order < 0;
  if (op == "<=") return *order <= 0;
  if (op == ">") return *order > 0;
  return *order >= 0;
}

// '%' any text, '_' one character; '\' makes the next one plain.
bool Like(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '%')
    return Like(text, pattern.substr(1)) || (!text.empty() && Like(text.substr(1), pattern));
  if (text.empty()) return false;
  if (pattern[0] == '_') {
    std::size_t bytes = 1;
    while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) ++bytes;
    return Like(text.substr(bytes), pattern.substr(1));
  }
  if (pattern[0] == '\\' && pattern.size() > 1) pattern.remove_prefix(1);
  return text[0] == pattern[0] && Like(text.substr(1), pattern.substr(1));
}

struct Token {
  enum class Kind { kEnd, kName, kQuotedName, kText, kNumber, kSign } kind = Kind::kEnd;
  std::string text;
};

bool IsNameByte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
}

// All tokens; nothing where a text is not closed.
std::optional<std::vector<Token>> Tokenize(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++at;
    } else if (c == '\'' || c == '"' || c == '`') {
      Token token{c == '\'' ? Token::Kind::kText : Token::Kind::kQuotedName, {}};
      for (++at;; ++at) {
        if (at == text.size()) return std::nullopt;
        if (text[at] == c && (at + 1 == text.size() || text[at + 1] != c)) break;
        if (text[at] == c) ++at;  // written twice
        token.text += text[at];
      }
      ++at;
      tokens.push_back(std::move(token));
    } else if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
      const std::size_t begin = at;
      while (at < text.size() && (IsNameByte(text[at]) || text[at] == '.' ||
                                  ((text[at] == '-' || text[at] == '+') && (text[at - 1] | 32) == 'e'))) {
        ++at;
      }
      tokens.push_back({Token::Kind::kNumber, std::string(text.substr(begin, at - begin))});
    } else if (IsNameByte(c)) {
      const std::size_t begin = at;
      while (at < text.size() && IsNameByte(text[at])) ++at;
      tokens.push_back({Token::Kind::kName, std::string(text.substr(begin, at - begin))});
    } else {
      const std::string_view two = text.substr(at, 2);
      const bool both = two == "<=" || two == ">=" || two == "<>" || two == "!=" || two == "==";
      tokens.push_back({Token::Kind::kSign, std::string(text.substr(at, both ? 2 : 1))});
      at += both ? 2 : 1;
    }
  }
  tokens.push_back({});
  return tokens;
}

// Every Parse function returns null where the text cannot be read. One text, one thread.
class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  ConditionPtr Whole() {
    ConditionPtr all = ParseOr();
    return all && tokens_[at_].kind == Token::Kind::kEnd ? std::move(all) : nullptr;
  }

 private:
  bool Keyword(std::string_view upper) {
    const Token& token = tokens_[at_];
    if (token.kind != Token::Kind::kName || token.text.size() != upper.size()) return false;
    const bool same = std::equal(upper.begin(), upper.end(), token.text.begin(), [](char a, char b) {
      return a == std::toupper(static_cast<unsigned char>(b));
    });
    at_ += same ? 1 : 0;
    return same;
  }
  bool Sign(std::string_view sign) {
    const bool same = tokens_[at_].kind == Token::Kind::kSign && tokens_[at_].text == sign;
    at_ += same ? 1 : 0;
    return same;
  }

  ConditionPtr ParseOr() {
    ConditionPtr left = ParseAnd();
    while (left && Keyword("OR")) {
      ConditionPtr right = ParseAnd();
      if (!right) return nullptr;
      left = Make([a = std::move(left), b = std::move(right)](const Json& m) {
        return Or(a->Holds(m), b->Holds(m));
      });
    }
    return left;
  }

  ConditionPtr ParseAnd() {
    ConditionPtr left = ParseNot();
    while (left && Keyword("AND")) {
      ConditionPtr right = ParseNot();
      if (!right) return nullptr;
      left = Make([a = std::move(left), b = std::move(right)](const Json& m) {
        return And(a->Holds(m), b->Holds(m));
      });
    }
    return left;
  }

  ConditionPtr ParseNot() {
    if (Keyword("NOT")) return Negated(ParseNot());
    if (Sign("(")) {
      ConditionPtr inner = ParseOr();
      return inner && Sign(")") ? std::move(inner) : nullptr;
    }
    const auto left = ParseOperand();
    return left ? ParseRest(*left) : nullptr;
  }

  static ConditionPtr Negated(ConditionPtr inner) {
    if (!inner) return nullptr;
    return Make([a = std::move(inner)](const Json& m) { return Not(a->Holds(m)); });
  }

  ConditionPtr ParseRest(const Operand& left) {
    if (Keyword("IS")) {
      const bool negated = Keyword("NOT");
      if (!Keyword("NULL")) return nullptr;
      return Make([left, negated](const Json& m) { return Truth((left.In(m) == nullptr) != negated); });
    }
    if (tokens_[at_].kind == Token::Kind::kSign) {
      const std::string op = tokens_[at_].text;
      for (const char* known : {"=", "==", "<>", "!=", "<", "<=", ">", ">="}) {
        if (op == known) return ++at_, ParseComparison(left, op);
      }
    }
    const bool negated = Keyword("NOT");
    ConditionPtr found = Keyword("IN")        ? ParseIn(left)
                         : Keyword("BETWEEN") ? ParseBetween(left)
                         : Keyword("LIKE")    ? ParseLike(left)
                                              : nullptr;
    return negated ? Negated(std::move(found)) : std::move(found);
  }

  ConditionPtr ParseComparison(const Operand& left, const std::string& op) {
    const auto right = ParseOperand();
    if (!right) return nullptr;
    return Make([left, op, right = *right](const Json& m) { return Compare(left.In(m), op, right.In(m)); });
  }

  ConditionPtr ParseIn(const Operand& left) {
    std::vector<Operand> list;
    if (!Sign("(")) return nullptr;
    do {
      const auto one = ParseOperand();
      if (!one) return nullptr;
      list.push_back(*one);
    } while (Sign(","));
    if (!Sign(")")) return nullptr;
    return Make([left, list](const Json& m) {
      Truth any = false;
      for (const Operand& one : list) any = Or(any, Compare(left.In(m), "=", one.In(m)));
      return any;
    });
  }

  ConditionPtr ParseBetween(const Operand& left) {
    const auto low = ParseOperand();
    if (!low || !Keyword("AND")) return nullptr;
    const auto high = ParseOperand();
    if (!high) return nullptr;
    return Make([left, low = *low, high = *high](const Json& m) {
      return And(Compare(left.In(m), ">=", low.In(m)), Compare(left.In(m), "<=", high.In(m)));
    });
  }

  ConditionPtr ParseLike(const Operand& left) {
    const auto pattern = ParseOperand();
    if (!pattern || !pattern->constant || pattern->constant->kind != Json::Kind::kString) return nullptr;
    return Make([left, like = pattern->constant->text](const Json& m) -> Truth {
      const Json* const value = left.In(m);
      if (value == nullptr || value->kind != Json::Kind::kString) return std::nullopt;
      return Like(value->text, like);
    });
  }

  std::optional<Operand> ParseOperand() {
    const bool negative = Sign("-");
    const Token token = tokens_[at_];
    if (token.kind == Token::Kind::kNumber) {
      ++at_;
      auto number = ParseJson((negative ? "-" : "") + token.text);
      return number ? std::optional(Operand{std::move(number), {}}) : std::nullopt;
    }
    if (negative) return std::nullopt;
    if (token.kind == Token::Kind::kText) {
      ++at_;
      return Operand{Json{.kind = Json::Kind::kString, .text = token.text}, {}};
    }
    if (Keyword("TRUE")) return Operand{Json{.kind = Json::Kind::kBoolean, .boolean = true}, {}};
    if (Keyword("FALSE")) return Operand{Json{.kind = Json::Kind::kBoolean}, {}};
    if (Keyword("NULL")) return Operand{Json{}, {}};
    Operand path;
    do {
      const Token& part = tokens_[at_];
      if (part.kind != Token::Kind::kName && part.kind != Token::Kind::kQuotedName) return std::nullopt;
      path.path.push_back(part.text);
      ++at_;
    } while (Sign("."));
    return path;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<int> CompareJson(const Json* left, const Json* right) {
  if (left == nullptr || right == nullptr || left->kind != right->kind) return std::nullopt;
  switch (left->kind) {
    case Json::Kind::kBoolean: return static_cast<int>(left->boolean) - static_cast<int>(right->boolean);
    case Json::Kind::kNumber: return left->number < right->number ? -1 : left->number > right->number ? 1 : 0;
    case Json::Kind::kString: return left->text.compare(right->text);
    default: return std::nullopt;
  }
}

Result<std::unique_ptr<Condition>> ParseCondition(std::string_view text) {
  auto tokens = Tokenize(text);
  ConditionPtr condition = tokens ? Parser(std::move(*tokens)).Whole() : nullptr;
  if (condition) return condition;
  return std::unexpected(
      Error{ErrorCode::kInvalidArgument, "metadata", "the condition cannot be read", {}, "INVALID_QUERY"});
}

}  // namespace levee::fakes

// The grammar, from the loosest to the tightest:
//
//   either   = both { "OR" both }
//   both     = list { "AND" list }
//   list     = clause { clause }
//   clause   = [ "+" | "-" | "NOT" ] term
//   term     = [ field ":" ] ( word | phrase | "(" either ")" )
#include <algorithm>
#include <iterator>

#include "text/analysis/characters.h"
#include "text/query/leaf_reader.h"
#include "text/query/lexer.h"
#include "text/query/query.h"

namespace levee::text {
namespace {

// What holds around a place of the query.
struct Scope {
  ByField<bool> fields;
  bool scores = true;
  int depth = 0;
};

Node Join(NodeKind kind, std::vector<Node> nodes) {
  std::erase_if(nodes, [](const Node& node) { return node.kind == NodeKind::kNothing; });
  if (nodes.empty()) return {};
  if (nodes.size() == 1) return std::move(nodes[0]);
  Node joined{kind, 0, {}};
  for (Node& node : nodes) {
    // One level for what is alike: the search knows flat lists best.
    if (node.kind == kind) {
      std::ranges::move(node.children, std::back_inserter(joined.children));
    } else {
      joined.children.push_back(std::move(node));
    }
  }
  return joined;
}

Node Negate(Node node) {
  Node negated{NodeKind::kNot, 0, {}};
  negated.children.push_back(std::move(node));
  return negated;
}

class Parser {
 public:
  Parser(std::string_view text, const Analyzer& analyzer, const ParseOptions& options)
      : lexer_(text), leaf_reader_(analyzer, options.typos), options_(options) {
    query_.text = text;
  }

  Result<Query> Parse() {
    LEVEE_RETURN_IF_ERROR(Step());
    if (symbol_.kind == SymbolKind::kEnd) return std::move(query_);
    LEVEE_ASSIGN(query_.root, ParseEither({.fields = options_.fields}));
    if (symbol_.kind == SymbolKind::kClose) return InvalidQuery(symbol_.begin, "this parenthesis closes none");
    if (!is_wanted_) return InvalidQuery(0, "it says only what must not be there");
    // What was wanted has vanished: nothing is left to find.
    if (std::ranges::none_of(query_.leaves, &Leaf::scores)) query_.root = {};
    return std::move(query_);
  }

 private:
  Status Step() {
    LEVEE_ASSIGN(symbol_, lexer_.Next());
    return {};
  }
  bool AtClause() const {
    return symbol_.kind != SymbolKind::kAnd && symbol_.kind != SymbolKind::kOr && symbol_.kind != SymbolKind::kClose &&
           symbol_.kind != SymbolKind::kEnd;
  }

  Result<Node> ParseEither(const Scope& scope) {
    std::vector<Node> nodes;
    for (;;) {
      LEVEE_ASSIGN(Node node, ParseBoth(scope));
      nodes.push_back(std::move(node));
      if (symbol_.kind != SymbolKind::kOr) return Join(NodeKind::kOr, std::move(nodes));
      LEVEE_RETURN_IF_ERROR(Step());
    }
  }

  Result<Node> ParseBoth(const Scope& scope) {
    std::vector<Node> nodes;
    for (;;) {
      LEVEE_ASSIGN(Node node, ParseList(scope));
      nodes.push_back(std::move(node));
      if (symbol_.kind != SymbolKind::kAnd) return Join(NodeKind::kAnd, std::move(nodes));
      LEVEE_RETURN_IF_ERROR(Step());
    }
  }

  Result<Node> ParseList(const Scope& scope) {
    if (!AtClause()) {
      const bool ends = symbol_.kind == SymbolKind::kEnd;
      return InvalidQuery(symbol_.begin, ends ? "a word is missing at the end" : "a word is missing before this");
    }
    std::vector<Node> must, may, all;
    while (AtClause()) {
      const SymbolKind mark = symbol_.kind;
      const bool must_not = mark == SymbolKind::kMustNot || mark == SymbolKind::kNot;
      Scope inner = scope;
      inner.scores = scope.scores && !must_not;
      if (must_not || mark == SymbolKind::kMust) {
        const std::size_t at = symbol_.begin;
        LEVEE_RETURN_IF_ERROR(Step());
        if (!AtClause()) return InvalidQuery(at, "nothing follows this operator");
        if (++inner.depth > kNestingMax) return InvalidQuery(at, "operators stand too deep within each other");
      }
      LEVEE_ASSIGN(Node node, ParseTerm(inner));
      if (node.kind == NodeKind::kNothing) continue;
      if (must_not) {
        all.push_back(Negate(std::move(node)));
      } else {
        (mark == SymbolKind::kMust || !options_.any_word ? must : may).push_back(std::move(node));
      }
    }
    // Beside what must be there the others only add to the score.
    Node wanted = must.empty() ? Join(NodeKind::kOr, std::move(may)) : Join(NodeKind::kAnd, std::move(must));
    all.insert(all.begin(), std::move(wanted));
    return Join(NodeKind::kAnd, std::move(all));
  }

  Result<Node> ParseTerm(Scope scope) {
    switch (symbol_.kind) {
      case SymbolKind::kField: {
        const std::size_t at = symbol_.begin;
        scope.fields = {};
        scope.fields[static_cast<std::size_t>(symbol_.field)] = true;
        LEVEE_RETURN_IF_ERROR(Step());
        if (++scope.depth > kNestingMax) return InvalidQuery(at, "fields stand too deep within each other");
        if (!AtClause()) return InvalidQuery(at, "nothing follows the field");
        return ParseTerm(scope);
      }
      case SymbolKind::kOpen: return ParseParentheses(scope);
      case SymbolKind::kWord:
      case SymbolKind::kPhrase: return ParseLeaf(scope);
      default: return ParseOperator(scope);
    }
  }

  // An operator on an operator, or on what a field is about.
  Result<Node> ParseOperator(Scope scope) {
    const std::size_t at = symbol_.begin;
    const bool must = symbol_.kind == SymbolKind::kMust;
    if (++scope.depth > kNestingMax) return InvalidQuery(at, "operators stand too deep within each other");
    scope.scores = scope.scores && must;
    LEVEE_RETURN_IF_ERROR(Step());
    if (!AtClause()) return InvalidQuery(at, "nothing follows this operator");
    LEVEE_ASSIGN(Node node, ParseTerm(scope));
    return must || node.kind == NodeKind::kNothing ? std::move(node) : Negate(std::move(node));
  }

  Result<Node> ParseParentheses(Scope scope) {
    const std::size_t at = symbol_.begin;
    if (++scope.depth > kNestingMax) return InvalidQuery(at, "parentheses stand too deep within each other");
    LEVEE_RETURN_IF_ERROR(Step());
    LEVEE_ASSIGN(Node node, ParseEither(scope));
    if (symbol_.kind != SymbolKind::kClose) return InvalidQuery(at, "this parenthesis is not closed");
    LEVEE_RETURN_IF_ERROR(Step());
    return node;
  }

  Result<Node> ParseLeaf(const Scope& scope) {
    is_wanted_ = is_wanted_ || scope.scores;
    LEVEE_ASSIGN(std::optional<Leaf> leaf, leaf_reader_.Read(symbol_));
    const std::size_t at = symbol_.begin;
    LEVEE_RETURN_IF_ERROR(Step());
    if (!leaf) return Node{};
    if (query_.leaves.size() == kLeavesMax) return InvalidQuery(at, "it has more than 256 words");
    leaf->fields = scope.fields;
    leaf->scores = scope.scores;
    // What must not be there is meant as it is written.
    if (!scope.scores && leaf->typos.unknown_only) leaf->typos.edits = 0;
    query_.leaves.push_back(std::move(*leaf));
    return Node{NodeKind::kLeaf, query_.leaves.size() - 1, {}};
  }

  Lexer lexer_;
  LeafReader leaf_reader_;
  const ParseOptions& options_;
  Symbol symbol_;
  Query query_;
  bool is_wanted_ = false;  // some word is written that is not below NOT
};

}  // namespace

Result<Query> ParseQuery(std::string_view text, const Analyzer& analyzer, const ParseOptions& options) {
  return Parser(text, analyzer, options).Parse();
}

}  // namespace levee::text

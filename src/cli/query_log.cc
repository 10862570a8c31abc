#include "cli/query_log.h"

#include <algorithm>
#include <array>
#include <optional>

#include "expr/lexer.h"

namespace levee::cli {
namespace {

using expr::EqualsWord;
using expr::Keyword;
using expr::Token;
using expr::TokenKind;

// Where the quoted text that begins at `at` ends, behind its last quote.
std::size_t SkipQuoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (++at; at < text.size(); ++at) {
    if (text[at] != quote) continue;
    if (at + 1 == text.size() || text[at + 1] != quote) return at + 1;
    ++at;
  }
  return text.size();
}

// The text with blanks for comments, so that places stay what they are.
std::string WithoutComments(std::string_view text) {
  std::string plain(text);
  const auto blank = [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) plain[i] = plain[i] == '\n' ? '\n' : ' ';
    return end;
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    if (rest[0] == '\'' || rest[0] == '"' || rest[0] == '`') {
      at = SkipQuoted(text, at);
    } else if (rest.starts_with("--")) {
      at = blank(at, std::min(text.find('\n', at), text.size()));
    } else if (rest.starts_with("/*")) {
      const std::size_t end = text.find("*/", at + 2);
      at = blank(at, end == std::string_view::npos ? text.size() : end + 2);
    } else {
      ++at;
    }
  }
  return plain;
}

struct Statement {
  std::string_view text;
  std::size_t line = 1;
};

std::vector<Statement> Split(std::string_view text) {
  std::vector<Statement> statements;
  std::size_t begin = 0;
  const auto add = [&](std::size_t end) {
    while (begin < end && (text[begin] == ' ' || text[begin] == '\n' || text[begin] == '\t' || text[begin] == '\r')) ++begin;
    if (begin == end) return;
    const auto line = static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(begin), '\n')) + 1;
    statements.push_back({text.substr(begin, end - begin), line});
  };
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\'' || text[at] == '"' || text[at] == '`') {
      at = SkipQuoted(text, at);
    } else {
      if (text[at] == ';') {
        add(at);
        begin = at + 1;
      }
      ++at;
    }
  }
  add(text.size());
  return statements;
}

bool IsWord(const Token& token, std::string_view upper) {
  return token.kind == TokenKind::kWord && EqualsWord(token.text, upper);
}

template <std::size_t N>
bool IsOneOf(const Token& token, const std::array<std::string_view, N>& words) {
  return token.kind == TokenKind::kWord &&
         std::ranges::any_of(words, [&](std::string_view word) { return EqualsWord(token.text, word); });
}

// What ends a WHERE, and what makes a query one of several tables.
constexpr std::array<std::string_view, 9> kClauses{"GROUP", "ORDER", "HAVING", "LIMIT", "QUALIFY",
                                                   "WINDOW", "OFFSET", "FETCH", "SAMPLE"};
constexpr std::array<std::string_view, 7> kJoins{"JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL"};
constexpr std::array<std::string_view, 3> kSets{"UNION", "INTERSECT", "EXCEPT"};

class StatementReader {
 public:
  explicit StatementReader(std::string_view text) : text_(text) {
    expr::Lexer lexer(text);
    do {
      tokens_.push_back(lexer.Next());
    } while (tokens_.back().kind != TokenKind::kEnd && tokens_.back().kind != TokenKind::kBad);
  }

  LoggedQuery Read() {
    if (!IsWord(tokens_[0], "SELECT")) return Problem(IsWord(tokens_[0], "WITH") ? "it has a WITH" : "it is no SELECT");
    const auto from = FindAtTop(1, [](const Token& token) { return IsWord(token, "FROM"); });
    if (!from) return Problem(BadOr("it has no FROM"));
    std::size_t at = *from + 1;
    if (!ReadTable(at)) return Problem(BadOr("FROM names no table"));
    if (IsWord(tokens_[at], "AS")) ++at;
    const bool has_alias = (tokens_[at].kind == TokenKind::kWord || tokens_[at].kind == TokenKind::kQuotedWord) &&
                           !IsWord(tokens_[at], "WHERE") && !IsOneOf(tokens_[at], kClauses) &&
                           !IsOneOf(tokens_[at], kJoins) && !IsOneOf(tokens_[at], kSets);
    if (has_alias) alias_ = tokens_[at++].text;
    if (tokens_[at].kind == TokenKind::kComma || IsOneOf(tokens_[at], kJoins)) return Problem("it joins tables");
    if (FindAtTop(at, [](const Token& token) { return IsOneOf(token, kSets); })) return Problem("it combines several SELECTs");
    if (IsWord(tokens_[at], "WHERE")) ReadTerms(at + 1);
    if (tokens_.back().kind == TokenKind::kBad) return Problem(BadOr(""));
    return std::move(query_);
  }

 private:
  static LoggedQuery Problem(std::string why) {
    LoggedQuery query;
    query.problem = std::move(why);
    return query;
  }
  std::string BadOr(std::string otherwise) const {
    return tokens_.back().kind == TokenKind::kBad ? std::string(tokens_.back().text) : std::move(otherwise);
  }

  // The first token at or after `at`, outside of parentheses.
  template <typename Matches>
  std::optional<std::size_t> FindAtTop(std::size_t at, Matches&& matches) const {
    int depth = 0;
    for (; at < tokens_.size(); ++at) {
      if (tokens_[at].kind == TokenKind::kOpen) ++depth;
      if (tokens_[at].kind == TokenKind::kClose) --depth;
      if (depth == 0 && matches(tokens_[at])) return at;
    }
    return std::nullopt;
  }

  // NAME, SCHEMA.NAME, delta.`PATH`, 'PATH', or FUNCTION('PATH').
  bool ReadTable(std::size_t& at) {
    if (tokens_[at].kind == TokenKind::kString) return query_.table = tokens_[at++].text, true;
    if (tokens_[at].kind != TokenKind::kWord && tokens_[at].kind != TokenKind::kQuotedWord) return false;
    query_.table = tokens_[at++].text;
    if (tokens_[at].kind == TokenKind::kOpen) {
      if (at + 2 >= tokens_.size() || tokens_[at + 1].kind != TokenKind::kString ||
          tokens_[at + 2].kind != TokenKind::kClose) {
        return false;
      }
      query_.table = tokens_[at + 1].text;
      at += 3;
      return true;
    }
    for (; tokens_[at].kind == TokenKind::kDot && at + 1 < tokens_.size(); at += 2) query_.table = tokens_[at + 1].text;
    return true;
  }

  // Splits at every AND that stands alone; the AND of a BETWEEN does not.
  void ReadTerms(std::size_t begin) {
    const std::size_t end = *FindAtTop(begin, [](const Token& token) {
      return token.kind == TokenKind::kEnd || token.kind == TokenKind::kBad || IsOneOf(token, kClauses);
    });
    bool has_or = false;
    std::vector<std::size_t> ands;
    int depth = 0, betweens = 0;
    for (std::size_t at = begin; at < end; ++at) {
      const Token& token = tokens_[at];
      depth += token.kind == TokenKind::kOpen ? 1 : token.kind == TokenKind::kClose ? -1 : 0;
      if (depth != 0) continue;
      has_or = has_or || token.keyword == Keyword::kOr;
      if (token.keyword == Keyword::kBetween) ++betweens;
      if (token.keyword != Keyword::kAnd) continue;
      betweens > 0 ? static_cast<void>(--betweens) : ands.push_back(at);
    }
    if (has_or) ands.clear();  // OR binds last: the terms are not joined by these
    for (const std::size_t at : ands) {
      query_.terms.push_back(Text(begin, at));
      begin = at + 1;
    }
    query_.terms.push_back(Text(begin, end));
  }

  // The tokens' text, without the alias before a column.
  std::string Text(std::size_t begin, std::size_t end) const {
    std::string text;
    std::size_t copied = begin < end ? tokens_[begin].offset : text_.size();
    const std::size_t stop = tokens_[end].kind == TokenKind::kEnd ? text_.size() : tokens_[end].offset;
    for (std::size_t at = begin; at + 1 < end; ++at) {
      const bool qualified = tokens_[at].kind == TokenKind::kWord && tokens_[at + 1].kind == TokenKind::kDot;
      if (!qualified || (tokens_[at].text != alias_ && tokens_[at].text != query_.table)) continue;
      if (at > begin && tokens_[at - 1].kind == TokenKind::kDot) continue;
      text += text_.substr(copied, tokens_[at].offset - copied);
      copied = tokens_[at + 1].offset + 1;
    }
    text += text_.substr(copied, stop - copied);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.pop_back();
    return text;
  }

  const std::string_view text_;
  std::vector<Token> tokens_;
  std::string_view alias_;
  LoggedQuery query_;
};

}  // namespace

std::string LoggedQuery::Where() const {
  std::string where;
  for (const std::string& term : terms) {
    if (!where.empty()) where += " AND ";
    where += terms.size() == 1 ? term : "(" + term + ")";
  }
  return where;
}

std::vector<LoggedQuery> ReadQueryLog(std::string_view text) {
  const std::string plain = WithoutComments(text);
  std::vector<LoggedQuery> queries;
  for (const Statement& statement : Split(plain)) {
    queries.push_back(StatementReader(statement.text).Read());
    queries.back().line = statement.line;
  }
  return queries;
}

}  // namespace levee::cli

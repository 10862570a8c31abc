#include <algorithm>

#include "expr/lexer.h"
#include "expr/skipping.h"
#include "types/schema.h"

namespace levee::expr {
namespace {

const char* OperatorText(CompareOp op) {
  switch (op) {
    case CompareOp::kEqual: return " = ";
    case CompareOp::kNotEqual: return " <> ";
    case CompareOp::kLess: return " < ";
    case CompareOp::kLessEqual: return " <= ";
    case CompareOp::kGreater: return " > ";
    case CompareOp::kGreaterEqual: return " >= ";
  }
  return " ? ";
}

void AppendQuoted(std::string& sql, std::string_view text, char quote) {
  sql += quote;
  for (const char c : text) {
    if (c == quote) sql += quote;
    sql += c;
  }
  sql += quote;
}

// A name that needs no quotes wherever a name may stand.
bool IsPlainName(std::string_view name) {
  Lexer lexer(name);
  const Token token = lexer.Next();
  constexpr std::string_view kValues[] = {"CURRENT_DATE", "CURRENT_TIMESTAMP", "INTERVAL"};
  const auto is_value = [&](std::string_view word) { return EqualsWord(name, word); };
  return token.kind == TokenKind::kWord && token.keyword == Keyword::kNone &&
         token.text.size() == name.size() && std::ranges::none_of(kValues, is_value);
}

void AppendColumn(std::string& sql, const ColumnRef& column) {
  const auto steps = std::ranges::count(column.physical_path, types::kPathSeparator);
  const auto dots = std::ranges::count(column.name, '.');
  if (steps == dots) {
    std::string_view rest = column.name;
    for (;;) {
      const std::string_view part = rest.substr(0, rest.find('.'));
      if (IsPlainName(part)) {
        sql += part;
      } else {
        AppendQuoted(sql, part, '`');
      }
      if (part.size() == rest.size()) return;
      rest.remove_prefix(part.size() + 1);
      sql += '.';
    }
  }
  AppendQuoted(sql, column.name, '`');
  // A name with dots of its own: where it splits is told by the physical path alone.
  if (steps == 0) return;
  sql += '.';
  std::string physical = column.physical_path;
  std::ranges::replace(physical, types::kPathSeparator, '/');
  AppendQuoted(sql, physical, '`');
}

void AppendFloating(std::string& sql, double value) {
  // All digits of the double, also for a float: two literals that differ must differ in text.
  const std::string text = types::FormatValue({{types::TypeKind::kDouble}, value});
  const bool finite = text.find_first_of("IN") == std::string::npos;
  sql += finite ? text : "CAST('" + text + "' AS DOUBLE)";
}

void AppendLiteral(std::string& sql, const types::Value& value) {
  switch (value.type.kind) {
    case types::TypeKind::kBoolean: sql += value.as_int() != 0 ? "TRUE" : "FALSE"; return;
    case types::TypeKind::kFloat:
    case types::TypeKind::kDouble: AppendFloating(sql, value.as_double()); return;
    case types::TypeKind::kString: AppendQuoted(sql, value.as_string(), '\''); return;
    case types::TypeKind::kBinary: sql += "X'" + types::FormatValue(value).substr(2) + "'"; return;
    case types::TypeKind::kDate: sql += "DATE '" + types::FormatValue(value) + "'"; return;
    case types::TypeKind::kTimestamp: sql += "TIMESTAMP '" + types::FormatValue(value) + "'"; return;
    case types::TypeKind::kTimestampNtz: sql += "TIMESTAMP_NTZ '" + types::FormatValue(value) + "'"; return;
    default: sql += types::FormatValue(value); return;
  }
}

void AppendNode(std::string& sql, const SkippingNode& node);

void AppendChildren(std::string& sql, const SkippingNode& node, const char* joint) {
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    if (i > 0) sql += joint;
    const SkippingNode& child = node.children[i];
    const bool nested = child.kind == NodeKind::kAnd || child.kind == NodeKind::kOr;
    if (nested) sql += '(';
    AppendNode(sql, child);
    if (nested) sql += ')';
  }
}

void AppendList(std::string& sql, const SkippingNode& node) {
  for (std::size_t i = 0; i < node.literals.size(); ++i) {
    sql += i == 0 ? "(" : ", ";
    AppendLiteral(sql, node.literals[i]);
  }
  sql += ')';
}

void AppendNode(std::string& sql, const SkippingNode& node) {
  switch (node.kind) {
    case NodeKind::kKeep: sql += "TRUE"; return;
    case NodeKind::kDrop: sql += "FALSE"; return;
    case NodeKind::kAnd: AppendChildren(sql, node, " AND "); return;
    case NodeKind::kOr: AppendChildren(sql, node, " OR "); return;
    default: break;
  }
  AppendColumn(sql, node.column);
  switch (node.kind) {
    case NodeKind::kCompare:
      sql += OperatorText(node.op);
      AppendLiteral(sql, node.literals[0]);
      return;
    case NodeKind::kCompareColumns:
      sql += OperatorText(node.op);
      AppendColumn(sql, node.other);
      return;
    case NodeKind::kIn: sql += " IN "; return AppendList(sql, node);
    case NodeKind::kNotIn: sql += " NOT IN "; return AppendList(sql, node);
    case NodeKind::kIsNull: sql += " IS NULL"; return;
    case NodeKind::kIsNotNull: sql += " IS NOT NULL"; return;
    case NodeKind::kLike:
    case NodeKind::kNotLike:
      sql += node.kind == NodeKind::kLike ? " LIKE " : " NOT LIKE ";
      AppendLiteral(sql, node.literals[0]);
      return;
    default: return;
  }
}

}  // namespace

std::string ToSql(const SkippingNode& node) {
  std::string sql;
  AppendNode(sql, node);
  return sql;
}

}  // namespace levee::expr

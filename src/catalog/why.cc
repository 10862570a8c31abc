#include "catalog/why.h"

#include <optional>
#include <string>
#include <utility>

#include "columnar/entry_order.h"
#include "columnar/skipping_evaluator.h"
#include "query/batch_bounds.h"
#include "types/file_key.h"

namespace levee::catalog {
namespace {

using columnar::Batch;
using columnar::ColumnRole;
using expr::CompareOp;
using expr::NodeKind;
using expr::SkippingNode;

// The file's own row, alone in a batch.
Result<std::optional<Batch>> FindFile(columnar::BatchStream& entries, std::string_view path) {
  const std::string wanted = types::CanonicalPath(path);
  for (;;) {
    LEVEE_ASSIGN(const auto batch, entries.Next());
    if (!batch) return std::optional<Batch>();
    const columnar::ColumnVector* paths = batch->Find(ColumnRole::kPath);
    for (std::uint32_t row = 0; paths != nullptr && row < batch->rows; ++row) {
      const std::string_view found = paths->strings[row];
      if (found != path && types::CanonicalPath(found) != wanted) continue;
      return std::optional(columnar::GatherRows(*batch, {row}));
    }
  }
}

// Explains one file, whose bounds are row 0.
class FileExplainer {
 public:
  FileExplainer(const Batch& file, std::string timezone) : bounds_(file, std::move(timezone)) {}

  Result<bool> Keeps(const SkippingNode& node) {
    LEVEE_ASSIGN(const Bitmap kept, columnar::EvaluateSkipping(node, bounds_, nullptr));
    return kept.Get(0);
  }

  // The first part of a conjunction that drops the file; null when none does.
  Result<const SkippingNode*> Decider(const SkippingNode& node) {
    LEVEE_ASSIGN(const bool kept, Keeps(node));
    if (kept) return nullptr;
    if (node.kind == NodeKind::kAnd) {
      for (const SkippingNode& child : node.children) {
        LEVEE_ASSIGN(const SkippingNode* decider, Decider(child));
        if (decider != nullptr) return decider;
      }
    }
    return &node;
  }

  // What the bounds of a part that drops the file are, e.g. "max(id) = 12".
  Result<std::string> BoundText(const SkippingNode& node) {
    switch (node.kind) {
      case NodeKind::kKeep:
      case NodeKind::kDrop: return std::string("no row can match");
      case NodeKind::kAnd:
      case NodeKind::kOr: return JoinChildren(node);
      case NodeKind::kIsNull: return NullText(node.column, "no NULL in ");
      case NodeKind::kIsNotNull: return NullText(node.column, "only NULL in ");
      case NodeKind::kCompare: return CompareText(node);
      case NodeKind::kCompareColumns: {
        LEVEE_ASSIGN(const std::string left, RangeText(node.column));
        LEVEE_ASSIGN(const std::string right, RangeText(node.other));
        return left + ", " + right;
      }
      default: return RangeText(node.column);
    }
  }

 private:
  Result<std::string> JoinChildren(const SkippingNode& node) {
    std::string text;
    for (const SkippingNode& child : node.children) {
      LEVEE_ASSIGN(const std::string part, BoundText(child));
      if (text.find(part) != std::string::npos) continue;  // several parts on one bound
      text += (text.empty() ? "" : ", ") + part;
    }
    return text;
  }

  Result<std::string> NullText(const expr::ColumnRef& column, const char* what) {
    if (column.is_partition) return RangeText(column);
    return what + column.name;
  }

  // Names the bound that decides; both when it takes both.
  Result<std::string> CompareText(const SkippingNode& node) {
    LEVEE_ASSIGN(const bool any_value, MayHoldValue(node.column));
    if (!any_value) return "only NULL in " + node.column.name;
    if (node.column.is_partition) return RangeText(node.column);
    if (node.op == CompareOp::kLess || node.op == CompareOp::kLessEqual) return Side("min", node.column);
    if (node.op == CompareOp::kGreater || node.op == CompareOp::kGreaterEqual) return Side("max", node.column);
    if (node.op != CompareOp::kEqual) return RangeText(node.column);
    SkippingNode half = node;
    half.op = CompareOp::kLessEqual;
    LEVEE_ASSIGN(const bool reaches_down, Keeps(half));
    return Side(reaches_down ? "max" : "min", node.column);
  }

  Result<bool> MayHoldValue(const expr::ColumnRef& column) {
    LEVEE_ASSIGN(const Bitmap* values, bounds_.MayBeNonNull(column));
    return values == nullptr || values->Get(0);
  }

  Result<std::string> Side(const std::string& side, const expr::ColumnRef& column) {
    LEVEE_ASSIGN(const columnar::ColumnVector* values, side == "min" ? bounds_.Lower(column) : bounds_.Upper(column));
    return side + "(" + column.name + ") = " + ValueText(values, column);
  }

  Result<std::string> RangeText(const expr::ColumnRef& column) {
    LEVEE_ASSIGN(const bool any_value, MayHoldValue(column));
    if (!any_value) return "only NULL in " + column.name;
    if (column.is_partition) {
      LEVEE_ASSIGN(const columnar::ColumnVector* values, bounds_.Lower(column));
      return column.name + " = " + ValueText(values, column);
    }
    LEVEE_ASSIGN(const std::string lower, Side("min", column));
    LEVEE_ASSIGN(const std::string upper, Side("max", column));
    return lower + ", " + upper;
  }

  static std::string ValueText(const columnar::ColumnVector* values, const expr::ColumnRef& column) {
    if (values == nullptr || !values->IsValid(0)) return "unknown";
    return types::FormatValue({column.type, values->At(0)});
  }

  query::BatchBounds bounds_;
};

}  // namespace

std::vector<columnar::ColumnKey> WhyColumns(const expr::BoundPredicate* predicate) {
  std::vector<columnar::ColumnKey> columns{columnar::PlainKey(ColumnRole::kPath)};
  if (predicate == nullptr) return columns;
  const auto bounds = query::BoundsColumns(predicate->may_match);
  columns.insert(columns.end(), bounds.begin(), bounds.end());
  return columns;
}

Result<WhyReport> ExplainFile(columnar::BatchStream& entries, std::string_view path,
                              const expr::BoundPredicate* predicate) {
  LEVEE_ASSIGN(const auto file, FindFile(entries, path));
  if (!file) {
    return Fail(ErrorCode::kNotFound, std::string(path), "no such file at this version",
                "levee files TABLE --format paths lists them");
  }
  WhyReport report{.path = std::string(file->Find(ColumnRole::kPath)->strings[0]),
                   .decided_by = "no part of the predicate excludes it"};
  if (predicate == nullptr) return report;
  FileExplainer explainer(*file, predicate->timezone);
  LEVEE_ASSIGN(const SkippingNode* decider, explainer.Decider(predicate->may_match));
  if (decider == nullptr) return report;
  report.kept = false;
  report.decided_by = expr::ToSql(*decider);
  LEVEE_ASSIGN(report.bound, explainer.BoundText(*decider));
  return report;
}

}  // namespace levee::catalog

#include "columnar/skipping_evaluator.h"

#include "columnar/skipping/leaves.h"

namespace levee::columnar {
namespace {

using expr::NodeKind;
using expr::SkippingNode;
using skipping::ColumnBounds;

// Narrows sets of candidate rows; each step looks only at what is left.
class Evaluator {
 public:
  explicit Evaluator(BoundsSource& source) : source_(source) {}

  Status Narrow(const SkippingNode& node, Bitmap& candidates) {
    if (candidates.None()) return {};
    switch (node.kind) {
      case NodeKind::kKeep: return {};
      case NodeKind::kDrop: candidates = Bitmap(candidates.size()); return {};
      case NodeKind::kAnd:
        for (const SkippingNode& child : node.children) LEVEE_RETURN_IF_ERROR(Narrow(child, candidates));
        return {};
      case NodeKind::kOr: return NarrowOr(node, candidates);
      case NodeKind::kIsNull: return NarrowTo(source_.MayBeNull(node.column), candidates);
      default: return NarrowLeaf(node, candidates);
    }
  }

 private:
  Status NarrowOr(const SkippingNode& node, Bitmap& candidates) {
    Bitmap kept(candidates.size());
    for (const SkippingNode& child : node.children) {
      Bitmap rest = candidates;
      LEVEE_RETURN_IF_ERROR(Narrow(child, rest));
      kept.Or(rest);
      for (std::size_t i = 0; i < rest.words().size(); ++i) candidates.words()[i] &= ~rest.words()[i];
    }
    candidates = std::move(kept);
    return {};
  }

  Status NarrowTo(Result<const Bitmap*> rows, Bitmap& candidates) {
    LEVEE_ASSIGN(const Bitmap* const set, std::move(rows));
    if (set == nullptr) return {};
    if (set->size() != candidates.size()) return WrongSize();
    candidates.And(*set);
    return {};
  }

  // A leaf that only values, not NULLs, can match.
  Status NarrowLeaf(const SkippingNode& node, Bitmap& candidates) {
    LEVEE_RETURN_IF_ERROR(NarrowTo(source_.MayBeNonNull(node.column), candidates));
    if (node.kind == NodeKind::kIsNotNull) return {};
    if (node.kind == NodeKind::kCompareColumns) {
      LEVEE_RETURN_IF_ERROR(NarrowTo(source_.MayBeNonNull(node.other), candidates));
    }
    if (candidates.None()) return {};
    LEVEE_ASSIGN(const ColumnBounds bounds, Load(node.column));
    if (node.kind == NodeKind::kCompareColumns) {
      LEVEE_ASSIGN(const ColumnBounds other, Load(node.other));
      skipping::FilterCompareColumns(node, bounds, other, candidates);
      return {};
    }
    if (node.literals.empty()) return EmptyList(node, candidates);
    for (const types::Value& literal : node.literals) {
      if (!HasPhysical(literal, bounds.physical)) return {};  // nothing is known: keep
    }
    switch (node.kind) {
      case NodeKind::kCompare: skipping::FilterCompare(node, bounds, candidates); break;
      case NodeKind::kIn: skipping::FilterIn(node, bounds, candidates); break;
      case NodeKind::kNotIn: skipping::FilterNotIn(node, bounds, candidates); break;
      case NodeKind::kLike: skipping::FilterLike(node, bounds, candidates); break;
      case NodeKind::kNotLike: skipping::FilterNotLike(node, bounds, candidates); break;
      default: break;
    }
    return {};
  }

  // Nothing is in an empty list.
  static Status EmptyList(const SkippingNode& node, Bitmap& candidates) {
    if (node.kind == NodeKind::kIn) candidates = Bitmap(candidates.size());
    return {};
  }

  static bool HasPhysical(const types::Value& literal, types::PhysicalType physical) {
    switch (physical) {
      case types::PhysicalType::kInt64: return std::holds_alternative<std::int64_t>(literal.physical);
      case types::PhysicalType::kDouble: return std::holds_alternative<double>(literal.physical);
      case types::PhysicalType::kString: return std::holds_alternative<std::string>(literal.physical);
    }
    return false;
  }

  Result<ColumnBounds> Load(const expr::ColumnRef& column) {
    ColumnBounds bounds;
    bounds.physical = types::PhysicalTypeOf(column.type);
    bounds.rule = skipping::RuleOf(column);
    LEVEE_ASSIGN(bounds.lower, source_.Lower(column));
    LEVEE_ASSIGN(bounds.upper, source_.Upper(column));
    for (const ColumnVector** side : {&bounds.lower, &bounds.upper}) {
      if (*side == nullptr) continue;
      if ((*side)->rows != source_.rows()) return WrongSize();
      // Kept as a type that cannot be compared with the column's: as good as none.
      if ((*side)->physical != bounds.physical) *side = nullptr;
    }
    return bounds;
  }

  static std::unexpected<Error> WrongSize() {
    return Fail(ErrorCode::kInternal, "data skipping", "bounds of another number of rows than their source");
  }

  BoundsSource& source_;
};

}  // namespace

Result<Bitmap> EvaluateSkipping(const expr::SkippingNode& node, BoundsSource& source, const Bitmap* candidates) {
  Bitmap rows = candidates != nullptr ? *candidates : Bitmap(source.rows(), true);
  if (rows.size() != source.rows()) {
    return Fail(ErrorCode::kInternal, "data skipping", "candidates of another number of rows than their source");
  }
  LEVEE_RETURN_IF_ERROR(Evaluator(source).Narrow(node, rows));
  return rows;
}

}  // namespace levee::columnar

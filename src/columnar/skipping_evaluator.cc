#include "columnar/skipping_evaluator.h"

#include <array>
#include <list>

#include "columnar/skipping/encoded_leaf.h"
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

  // A leaf that only values, not NULLs, can match. A file with a known bound has values whatever its
  // counts say, so counts are read only for candidates without one.
  Status NarrowLeaf(const SkippingNode& node, Bitmap& candidates) {
    if (node.kind == NodeKind::kIsNotNull) return NarrowNotNull(node.column, candidates);
    LEVEE_RETURN_IF_ERROR(NarrowPartition(node.column, candidates));
    const Sides sides = SidesOf(node);
    LEVEE_ASSIGN(const bool narrowed, NarrowEncoded(node, sides, candidates));
    if (narrowed) return {};
    LEVEE_ASSIGN(const ColumnBounds bounds, Load(node.column, sides));
    if (node.kind == NodeKind::kCompareColumns) {
      LEVEE_RETURN_IF_ERROR(NarrowPartition(node.other, candidates));
      LEVEE_ASSIGN(const ColumnBounds other, Load(node.other, sides));
      skipping::FilterCompareColumns(node, bounds, other, candidates);
      LEVEE_RETURN_IF_ERROR(DropAllNull(node.other, other, candidates));
    } else if (node.literals.empty()) {
      LEVEE_RETURN_IF_ERROR(EmptyList(node, candidates));
    } else {
      FilterLiterals(node, bounds, candidates);
    }
    return DropAllNull(node.column, bounds, candidates);
  }

  // Counts that say "only NULLs" of a file with a bound contradict it: then nothing is known.
  Status NarrowNotNull(const expr::ColumnRef& column, Bitmap& candidates) {
    Bitmap dropped = candidates;
    LEVEE_RETURN_IF_ERROR(NarrowTo(source_.MayBeNonNull(column), candidates));
    for (std::size_t i = 0; i < dropped.words().size(); ++i) dropped.words()[i] &= ~candidates.words()[i];
    if (column.is_partition || dropped.None()) return {};
    LEVEE_ASSIGN(const ColumnBounds bounds, Load(column, {}));
    for (const ColumnVector* side : {bounds.lower, bounds.upper}) {
      if (side == nullptr) continue;
      Bitmap bounded = dropped;
      if (side->has_nulls()) bounded.And(side->validity);
      candidates.Or(bounded);
    }
    return {};
  }

  // The leaf over bounds that stay as they are stored. False: it did nothing.
  Result<bool> NarrowEncoded(const SkippingNode& node, Sides sides, Bitmap& candidates) {
    if (!source_.MayBeEncoded()) return false;
    const types::PhysicalType physical = types::PhysicalTypeOf(node.column.type);
    if (node.kind == NodeKind::kCompareColumns || node.literals.empty()) return false;
    if (node.column.was_float && !node.column.is_partition) return false;  // see CoverFloats
    for (const types::Value& literal : node.literals) {
      if (!HasPhysical(literal, physical)) return false;
    }
    const auto steps = skipping::EncodedSteps(node, sides);
    if (!steps) return false;
    LEVEE_ASSIGN(const auto bounds, source_.Encoded(node.column, sides));
    if (!bounds) return false;
    Bitmap unknown(candidates.size(), true);
    LEVEE_RETURN_IF_ERROR(skipping::FilterEncoded(*steps, *bounds, candidates, unknown));
    if (!node.column.is_partition) LEVEE_RETURN_IF_ERROR(DropUnknown(node.column, std::move(unknown), candidates));
    return true;
  }

  static Sides SidesOf(const SkippingNode& node) {
    if (node.kind != NodeKind::kCompare) return {};
    switch (node.op) {
      case expr::CompareOp::kLess:
      case expr::CompareOp::kLessEqual: return {.lower = true, .upper = false};
      case expr::CompareOp::kGreater:
      case expr::CompareOp::kGreaterEqual: return {.lower = false, .upper = true};
      default: return {};
    }
  }

  static void FilterLiterals(const SkippingNode& node, const ColumnBounds& bounds, Bitmap& candidates) {
    for (const types::Value& literal : node.literals) {
      if (!HasPhysical(literal, bounds.physical)) return;  // nothing is known: keep
    }
    skipping::FilterLeaf(node, bounds, candidates);
  }

  // The text "" of a partition value is NULL though it looks like a bound.
  Status NarrowPartition(const expr::ColumnRef& column, Bitmap& candidates) {
    return column.is_partition ? NarrowTo(source_.MayBeNonNull(column), candidates) : Status();
  }

  // Drops the candidates that have no bound and, by their counts, no value.
  Status DropAllNull(const expr::ColumnRef& column, const ColumnBounds& bounds, Bitmap& candidates) {
    if (column.is_partition) return {};
    const std::array sides{bounds.lower, bounds.upper};
    for (const ColumnVector* side : sides) {
      if (side != nullptr && !side->has_nulls()) return {};
    }
    Bitmap unknown = candidates;
    for (const ColumnVector* side : sides) {
      if (side == nullptr) continue;
      for (std::size_t i = 0; i < unknown.words().size(); ++i) {
        unknown.words()[i] &= ~side->validity.words()[i];
      }
    }
    return DropUnknown(column, std::move(unknown), candidates);
  }

  // Of the rows without a bound.
  Status DropUnknown(const expr::ColumnRef& column, Bitmap unknown, Bitmap& candidates) {
    unknown.And(candidates);
    if (unknown.None()) return {};
    LEVEE_ASSIGN(const Bitmap* const has_value, source_.MayBeNonNull(column));
    if (has_value == nullptr) return {};
    if (has_value->size() != candidates.size()) return WrongSize();
    for (std::size_t i = 0; i < unknown.words().size(); ++i) {
      candidates.words()[i] &= has_value->words()[i] | ~unknown.words()[i];
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

  Result<ColumnBounds> Load(const expr::ColumnRef& column, Sides sides) {
    ColumnBounds bounds;
    bounds.physical = types::PhysicalTypeOf(column.type);
    bounds.rule = skipping::RuleOf(column);
    if (sides.lower) {
      LEVEE_ASSIGN(bounds.lower, source_.Lower(column));
    }
    if (sides.upper) {
      LEVEE_ASSIGN(bounds.upper, source_.Upper(column));
    }
    for (const ColumnVector** side : {&bounds.lower, &bounds.upper}) {
      if (*side == nullptr) continue;
      if ((*side)->rows != source_.rows()) return WrongSize();
      // Kept as a type that cannot be compared with the column's: as good as none.
      if ((*side)->physical != bounds.physical) *side = nullptr;
    }
    if (column.was_float && !column.is_partition && bounds.physical == types::PhysicalType::kDouble) {
      CoverFloats(bounds.lower, false);
      CoverFloats(bounds.upper, true);
    }
    return bounds;
  }

  // A bound may be the spelling of a float, whose value is then the nearest float. It is made to cover both.
  void CoverFloats(const ColumnVector*& side, bool upper) {
    if (side == nullptr) return;
    ColumnVector& covering = covering_.emplace_back(*side);
    covering.word_bounds.reset();
    for (double& bound : covering.doubles) {
      const double single = static_cast<float>(bound);
      if (upper ? single > bound : single < bound) bound = single;
    }
    side = &covering;
  }

  static std::unexpected<Error> WrongSize() {
    return Fail(ErrorCode::kInternal, "data skipping", "bounds of another number of rows than their source");
  }

  BoundsSource& source_;
  std::list<ColumnVector> covering_;
};

}  // namespace

Result<Bitmap> EvaluateSkipping(const expr::SkippingNode& node, BoundsSource& source,
                                const Bitmap* candidates) {
  Bitmap rows = candidates != nullptr ? *candidates : Bitmap(source.rows(), true);
  if (rows.size() != source.rows()) {
    return Fail(ErrorCode::kInternal, "data skipping",
                "candidates of another number of rows than their source");
  }
  LEVEE_RETURN_IF_ERROR(Evaluator(source).Narrow(node, rows));
  return rows;
}

}  // namespace levee::columnar

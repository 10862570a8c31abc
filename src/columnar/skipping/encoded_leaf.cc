#include "columnar/skipping/encoded_leaf.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "columnar/like_pattern.h"
#include "columnar/skipping/steps.h"

namespace levee::columnar::skipping {
namespace {

using expr::CompareOp;
using expr::NodeKind;
using expr::SkippingNode;

constexpr Sides kLower{.lower = true, .upper = false};
constexpr Sides kUpper{.lower = false, .upper = true};

using Steps = std::vector<EncodedStep>;

bool IsNan(std::int64_t) { return false; }
bool IsNan(double value) { return std::isnan(value); }

template <typename T>
void AddMost(T value, Steps& steps) {
  steps.push_back({.sides = kLower, .limits = Limits{.least = {}, .most = value}, .leaf = {}});
}

// False when rounding the limit of times leaves none. `exact`: no row needs a closer look.
template <typename T>
bool AddLeast(T value, UpperRule rule, bool& exact, Steps& steps) {
  if constexpr (std::is_same_v<T, std::int64_t>) {
    if (rule == UpperRule::kCutMillis) {
      // A bound of the value's own millisecond may reach it when it was cut.
      const std::int64_t below = ((value % kMicrosPerMilli) + kMicrosPerMilli) % kMicrosPerMilli;
      if (value < std::numeric_limits<std::int64_t>::min() + below) return false;
      value -= below;
      if (below != 0) exact = false;
    }
  }
  steps.push_back({.sides = kUpper, .limits = Limits{.least = value, .most = {}}, .leaf = {}});
  return true;
}

// Whether the steps that were added are all that the leaf says; nothing: they cannot be told.
template <typename T>
std::optional<bool> AddLimits(const SkippingNode& leaf, UpperRule rule, Steps& steps) {
  T first = LiteralAs<T>(leaf.literals.front());
  T last = LiteralAs<T>(leaf.literals.back());  // literals of a list ascend, NaN comes last
  if (IsNan(first) || IsNan(last)) return std::nullopt;
  bool exact = true;
  bool in_range = true;
  const auto equal = [&] {
    AddMost(last, steps);
    in_range = AddLeast(first, rule, exact, steps);
  };
  if (leaf.kind == NodeKind::kIn) {
    equal();
    exact = exact && leaf.literals.size() == 1;
  } else if (leaf.kind != NodeKind::kCompare || leaf.op == CompareOp::kNotEqual) {
    exact = false;
  } else if (leaf.op == CompareOp::kEqual) {
    equal();
  } else if (leaf.op == CompareOp::kLess || leaf.op == CompareOp::kLessEqual) {
    in_range = leaf.op == CompareOp::kLessEqual || StepDown(last);
    AddMost(last, steps);
  } else {
    in_range = leaf.op == CompareOp::kGreaterEqual || StepUp(first);
    in_range = in_range && AddLeast(first, rule, exact, steps);
  }
  return in_range ? std::optional(exact) : std::nullopt;
}

void AddCompare(const SkippingNode& leaf, CompareOp op, Sides sides, Steps& steps) {
  EncodedStep& step = steps.emplace_back(EncodedStep{.sides = sides, .limits = {}, .leaf = leaf});
  step.leaf.op = op;
}

// The one leaf that drops rows whose bounds are unknown, too.
bool RejectsEveryText(const SkippingNode& leaf) {
  if (leaf.kind != NodeKind::kNotLike) return false;
  const LikePattern pattern(leaf.literals[0].as_string());
  return pattern.is_prefix_only() && pattern.prefix().empty();
}

// Of texts each side alone can be asked of a dictionary.
void AddTexts(const SkippingNode& leaf, Sides sides, Steps& steps) {
  if (leaf.kind == NodeKind::kCompare && leaf.op == CompareOp::kEqual) {
    AddCompare(leaf, CompareOp::kLessEqual, kLower, steps);
    AddCompare(leaf, CompareOp::kGreaterEqual, kUpper, steps);
  } else {
    steps.push_back({.sides = sides, .limits = {}, .leaf = leaf});
  }
}

// Of a partition column each row has one value.
Steps ForValues(const SkippingNode& leaf, bool exact, Steps limits) {
  Steps steps;
  if (!limits.empty()) {
    EncodedStep& both = steps.emplace_back(EncodedStep{.sides = kLower, .limits = Limits(), .leaf = {}});
    for (EncodedStep& step : limits) {
      if (step.limits->least) both.limits->least = step.limits->least;
      if (step.limits->most) both.limits->most = step.limits->most;
    }
  }
  if (!exact) steps.push_back({.sides = kLower, .limits = {}, .leaf = leaf});
  return steps;
}

void ClearRows(ColumnVector& values) {
  values.ints.clear();
  values.doubles.clear();
  values.strings.offsets.resize(1);
  values.strings.bytes.clear();
  values.validity = Bitmap();
  values.rows = 0;
}

bool IsZero(std::span<const std::uint64_t> words) {
  return std::all_of(words.begin(), words.end(), [](std::uint64_t word) { return word == 0; });
}

// One step over all blocks that have candidates.
class StepRun {
 public:
  StepRun(const EncodedStep& step, const EncodedBounds& bounds)
      : step_(step), lower_(step.sides.lower ? bounds.lower.get() : nullptr),
        upper_(step.sides.upper ? bounds.upper.get() : nullptr) {}

  Status Run(Bitmap& candidates, Bitmap& unknown) {
    constexpr std::size_t kWords = kBlockRows / 64;
    const std::span words(candidates.words());
    for (std::size_t first = 0; first < words.size(); first += kWords) {
      const std::size_t count = std::min(kWords, words.size() - first);
      const KeptRows rows{words.subspan(first, count), std::span(unknown.words()).subspan(first, count)};
      if (IsZero(rows.kept)) continue;
      const std::size_t size = std::min(kBlockRows, candidates.size() - first * 64);
      LEVEE_RETURN_IF_ERROR(Narrow(first / kWords, size, rows));
    }
    return {};
  }

 private:
  Status Narrow(std::size_t block, std::size_t size, const KeptRows& rows) {
    if (lower_ != nullptr && upper_ != nullptr) return NarrowDecoded(block, size, rows);
    ColumnCursor& column = lower_ != nullptr ? *lower_ : *upper_;
    LEVEE_ASSIGN(const ColumnCursor::Place place, column.Find(block));
    if (place.piece != piece_) Enter(place);
    Status done;
    if (step_.limits) {
      done = place.chunk->KeepWithin(place.block, filter_, rows);
    } else if (has_dictionary_) {
      done = place.chunk->KeepCodes(place.block, kept_codes_, rows);
    } else {
      return NarrowDecoded(block, size, rows);
    }
    if (!done) return std::unexpected(column.Named(std::move(done).error()));
    return {};
  }

  // What is done once a chunk.
  void Enter(const ColumnCursor::Place& place) {
    piece_ = place.piece;
    if (step_.limits) {
      filter_ = place.chunk->FilterOf(*step_.limits);
      return;
    }
    ColumnVector texts{.physical = types::PhysicalType::kString};
    has_dictionary_ = place.chunk->AppendDictionary(texts);
    if (!has_dictionary_) return;
    kept_codes_ = Bitmap(texts.rows, true);
    FilterLeaf(step_.leaf, BoundsOf(texts, texts), kept_codes_);
  }

  Status NarrowDecoded(std::size_t block, std::size_t size, const KeptRows& rows) {
    for (const auto& [column, values] : {std::pair(lower_, &lower_values_), std::pair(upper_, &upper_values_)}) {
      if (column == nullptr) continue;
      ClearRows(*values);
      values->physical = types::PhysicalTypeOf(step_.leaf.column.type);
      LEVEE_ASSIGN(const ColumnCursor::Place place, column->Find(block));
      if (auto done = place.chunk->DecodeBlock(place.block, *values); !done) {
        return std::unexpected(column->Named(std::move(done).error()));
      }
      if (values->rows != size) return Fail(ErrorCode::kInternal, "data skipping", "a block of another number of rows");
      for (std::size_t i = 0; i < rows.unknown.size(); ++i) {
        rows.unknown[i] &= values->has_nulls() ? ~values->validity.words()[i] : 0;
      }
    }
    Bitmap slice(size);
    std::copy(rows.kept.begin(), rows.kept.end(), slice.words().begin());
    FilterLeaf(step_.leaf, BoundsOf(lower_values_, upper_values_), slice);
    std::copy(slice.words().begin(), slice.words().end(), rows.kept.begin());
    return {};
  }

  ColumnBounds BoundsOf(const ColumnVector& lower, const ColumnVector& upper) const {
    const expr::ColumnRef& column = step_.leaf.column;
    const bool one_value = column.is_partition;
    return {.lower = lower_ != nullptr ? &lower : nullptr,
            .upper = one_value ? &lower : upper_ != nullptr ? &upper : nullptr,
            .physical = types::PhysicalTypeOf(column.type),
            .rule = RuleOf(column)};
  }

  const EncodedStep& step_;
  ColumnCursor* const lower_;
  ColumnCursor* const upper_;
  std::size_t piece_ = static_cast<std::size_t>(-1);
  RangeFilter filter_;
  bool has_dictionary_ = false;
  Bitmap kept_codes_;
  ColumnVector lower_values_, upper_values_;
};

}  // namespace

std::optional<Steps> EncodedSteps(const SkippingNode& leaf, Sides sides) {
  Steps steps;
  std::optional<bool> exact = false;
  switch (types::PhysicalTypeOf(leaf.column.type)) {
    case types::PhysicalType::kInt64: exact = AddLimits<std::int64_t>(leaf, RuleOf(leaf.column), steps); break;
    case types::PhysicalType::kDouble: exact = AddLimits<double>(leaf, RuleOf(leaf.column), steps); break;
    case types::PhysicalType::kString:
      if (RejectsEveryText(leaf)) return std::nullopt;
      if (leaf.column.is_partition) break;
      AddTexts(leaf, sides, steps);
      return steps;
  }
  if (!exact) return std::nullopt;
  if (leaf.column.is_partition) return ForValues(leaf, *exact, std::move(steps));
  if (!*exact) steps.push_back({.sides = sides, .limits = {}, .leaf = leaf});
  return steps;
}

Status FilterEncoded(const Steps& steps, const EncodedBounds& bounds, Bitmap& candidates, Bitmap& unknown) {
  for (const EncodedStep& step : steps) LEVEE_RETURN_IF_ERROR(StepRun(step, bounds).Run(candidates, unknown));
  return {};
}

}  // namespace levee::columnar::skipping

namespace levee::columnar {

Status FilterAsStored(const expr::SkippingNode& leaf, const EncodedBounds& bounds, Bitmap& candidates,
                      Bitmap& unknown) {
  const auto steps = skipping::EncodedSteps(leaf, {.lower = bounds.lower != nullptr, .upper = bounds.upper != nullptr});
  if (!steps) return Fail(ErrorCode::kUnsupported, "data skipping", "a leaf that needs decoded bounds");
  return skipping::FilterEncoded(*steps, bounds, candidates, unknown);
}

}  // namespace levee::columnar

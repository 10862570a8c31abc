// The first rows of an order by a bound that zone maps know: a scan of what lies beyond a guessed threshold is
// enough once it has rows enough, and a better guess follows one that was too tight.
#include <algorithm>
#include <cmath>
#include <utility>

#include "query/operators/operators.h"
#include "query/sorting/row_order.h"

namespace levee::query {
namespace {

using columnar::Batch;
using columnar::BatchStream;
using expr::CompareOp;
using expr::NodeKind;
using expr::SkippingNode;

// The first guess takes so many times the rows that evenly spread bounds would need; each next one so many
// times as much.
constexpr double kFirstFactor = 4;
constexpr double kNextFactor = 8;

class BoundedTopKStream final : public BatchStream {
 public:
  explicit BoundedTopKStream(BoundedTopK question) : question_(std::move(question)) {}

  Result<std::unique_ptr<Batch>> Next() override {
    if (std::exchange(done_, true) || question_.top.rows <= 0) return nullptr;
    const double wanted = static_cast<double>(question_.top.rows) / std::max(question_.rows, 1.0);
    for (double part = kFirstFactor * wanted; part < 1; part *= kNextFactor) {
      const std::optional<types::Value> threshold = ThresholdAt(part);
      if (!threshold) break;
      LEVEE_ASSIGN(auto batch, FirstRows(Narrowed(*threshold)));
      if (batch != nullptr && SureRows(*batch, *threshold) >= question_.top.rows) return batch;
    }
    return FirstRows(question_.filter);
  }

 private:
  const SortKey& key() const { return question_.top.keys.front(); }

  // The bound that leaves `part` of the range on the side that comes first.
  std::optional<types::Value> ThresholdAt(double part) const {
    const double span = (question_.upper - question_.lower) * part;
    const double place = key().descending ? question_.upper - span : question_.lower + span;
    const types::PrimitiveType type = key().column.type;
    if (types::PhysicalTypeOf(type) == types::PhysicalType::kDouble) return types::Value{type, place};
    if (!(std::abs(place) < 9e18)) return std::nullopt;
    return types::Value{type, static_cast<std::int64_t>(place)};
  }

  Predicate Narrowed(const types::Value& threshold) const {
    auto narrowed = std::make_shared<expr::BoundPredicate>();
    SkippingNode beyond{.kind = NodeKind::kCompare,
                        .op = key().descending ? CompareOp::kGreaterEqual : CompareOp::kLessEqual,
                        .column = {.name = key().name, .physical_path = key().column.path, .type = key().column.type},
                        .literals = {threshold}};
    if (question_.filter != nullptr) {
      narrowed->timezone = question_.filter->timezone;
      narrowed->may_match = {.kind = NodeKind::kAnd};
      narrowed->may_match.children.push_back(question_.filter->may_match);
      narrowed->may_match.children.push_back(std::move(beyond));
    } else {
      narrowed->may_match = std::move(beyond);
    }
    return narrowed;
  }

  Result<std::unique_ptr<Batch>> FirstRows(const Predicate& filter) const {
    LEVEE_ASSIGN(auto input, question_.open(filter));
    return MakeTopKStream(std::move(input), question_.top.keys, question_.top.rows)->Next();
  }

  // Rows that no row left out can come before. A scan may keep others: their bound is unknown.
  std::int64_t SureRows(const Batch& batch, const types::Value& threshold) const {
    const columnar::ColumnVector* const bound = batch.Find(key().column);
    std::int64_t rows = 0;
    for (std::size_t row = 0; bound != nullptr && row < batch.rows; ++row) {
      if (!bound->IsValid(row)) continue;
      const int order = types::ComparePhysical(bound->At(row), threshold.physical);
      rows += key().descending ? order >= 0 : order <= 0;
    }
    return rows;
  }

  const BoundedTopK question_;
  bool done_ = false;
};

}  // namespace

std::unique_ptr<BatchStream> MakeBoundedTopKStream(BoundedTopK question) {
  return std::make_unique<BoundedTopKStream>(std::move(question));
}

}  // namespace levee::query

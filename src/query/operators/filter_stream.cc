#include <utility>

#include "columnar/entry_order.h"
#include "columnar/skipping_evaluator.h"
#include "query/batch_bounds.h"
#include "query/operators/operators.h"

namespace levee::query {
namespace {

using columnar::Batch;
using columnar::BatchStream;

class FilterStream final : public BatchStream {
 public:
  FilterStream(std::unique_ptr<BatchStream> input, Predicate predicate)
      : predicate_(std::move(predicate)), input_(std::move(input)) {}

  Result<std::unique_ptr<Batch>> Next() override {
    while (true) {
      LEVEE_ASSIGN(std::unique_ptr<Batch> batch, input_->Next());
      if (!batch) return batch;
      LEVEE_ASSIGN(const std::vector<std::uint32_t> kept, RowsThatMayMatch(*batch));
      if (kept.size() == batch->rows) return batch;
      if (!kept.empty()) return std::make_unique<Batch>(columnar::GatherRows(*batch, kept));
    }
  }

 private:
  Result<std::vector<std::uint32_t>> RowsThatMayMatch(const Batch& batch) const {
    BatchBounds bounds(batch, predicate_->timezone);
    LEVEE_ASSIGN(const Bitmap matching, columnar::EvaluateSkipping(predicate_->may_match, bounds, nullptr));
    std::vector<std::uint32_t> rows;
    for (std::size_t row = 0; row < batch.rows; ++row) {
      if (matching.Get(row)) rows.push_back(static_cast<std::uint32_t>(row));
    }
    return rows;
  }

  const Predicate predicate_;
  const std::unique_ptr<BatchStream> input_;
};

}  // namespace

std::unique_ptr<BatchStream> MakeFilterStream(std::unique_ptr<BatchStream> input, Predicate predicate) {
  return std::make_unique<FilterStream>(std::move(input), std::move(predicate));
}

}  // namespace levee::query

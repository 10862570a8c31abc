#include <numeric>
#include <utility>
#include <vector>

#include "columnar/entry_order.h"
#include "query/operators/operators.h"

namespace levee::query {
namespace {

using columnar::Batch;
using columnar::BatchStream;

class LimitStream final : public BatchStream {
 public:
  LimitStream(std::unique_ptr<BatchStream> input, std::int64_t rows)
      : input_(std::move(input)), left_(rows) {}

  Result<std::unique_ptr<Batch>> Next() override {
    if (left_ <= 0) return nullptr;
    LEVEE_ASSIGN(std::unique_ptr<Batch> batch, input_->Next());
    if (!batch) return batch;
    const auto rows = static_cast<std::int64_t>(batch->rows);
    const std::int64_t taken = std::min(left_, rows);
    left_ -= taken;
    if (taken == rows) return batch;
    std::vector<std::uint32_t> first(static_cast<std::size_t>(taken));
    std::iota(first.begin(), first.end(), 0U);
    return std::make_unique<Batch>(columnar::GatherRows(*batch, first));
  }

 private:
  const std::unique_ptr<BatchStream> input_;
  std::int64_t left_;
};

}  // namespace

std::unique_ptr<BatchStream> MakeLimitStream(std::unique_ptr<BatchStream> input, std::int64_t rows) {
  return std::make_unique<LimitStream>(std::move(input), rows);
}

}  // namespace levee::query

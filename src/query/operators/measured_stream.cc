#include <chrono>
#include <utility>

#include "query/operators/operators.h"

namespace levee::query {
namespace {

using columnar::Batch;
using columnar::BatchStream;

class MeasuredStream final : public BatchStream {
 public:
  MeasuredStream(std::unique_ptr<BatchStream> input, PlanReport& report)
      : input_(std::move(input)), report_(report) {
    report_.actual = {.files = 0, .bytes = 0};
  }

  Result<std::unique_ptr<Batch>> Next() override {
    const auto start = std::chrono::steady_clock::now();
    auto batch = input_->Next();
    report_.ns += (std::chrono::steady_clock::now() - start) / std::chrono::nanoseconds(1);
    if (batch && *batch) Add(**batch);
    return batch;
  }

 private:
  void Add(const Batch& batch) {
    *report_.actual.files += static_cast<double>(batch.rows);
    const columnar::ColumnVector* const sizes = batch.Find(columnar::ColumnRole::kSize);
    if (sizes == nullptr) report_.actual.bytes.reset();
    if (!report_.actual.bytes) return;
    for (const std::int64_t size : sizes->ints) *report_.actual.bytes += static_cast<double>(size);
  }

  const std::unique_ptr<BatchStream> input_;
  PlanReport& report_;
};

}  // namespace

std::unique_ptr<BatchStream> MakeMeasuredStream(std::unique_ptr<BatchStream> input, PlanReport& report) {
  return std::make_unique<MeasuredStream>(std::move(input), report);
}

}  // namespace levee::query

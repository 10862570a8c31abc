#include <algorithm>
#include <numeric>
#include <utility>

#include "catalog/scan_streams.h"
#include "columnar/entry_order.h"
#include "columnar/skipping_evaluator.h"
#include "query/batch_bounds.h"

namespace levee::catalog {
namespace {

using columnar::Batch;
using columnar::BatchStream;
using columnar::ColumnRole;

class QuotaStream final : public BatchStream {
 public:
  QuotaStream(std::unique_ptr<BatchStream> scan, RowQuota quota)
      : quota_(std::move(quota)), scan_(std::move(scan)), missing_(quota_.rows) {}

  Result<std::unique_ptr<Batch>> Next() override {
    if (missing_ <= 0) return nullptr;
    LEVEE_ASSIGN(std::unique_ptr<Batch> batch, scan_->Next());
    if (!batch) return batch;
    LEVEE_ASSIGN(const Bitmap may_fail, MayFail(*batch));
    std::size_t rows = 0;
    while (rows < batch->rows && missing_ > 0) {
      if (!may_fail.Get(rows)) missing_ -= LiveRows(*batch, rows);
      ++rows;
    }
    if (rows == batch->rows) return batch;
    std::vector<std::uint32_t> kept(rows);
    std::iota(kept.begin(), kept.end(), 0U);
    return std::make_unique<Batch>(columnar::GatherRows(*batch, kept));
  }

 private:
  // Files with a row that may not match.
  Result<Bitmap> MayFail(const Batch& batch) const {
    if (!quota_.predicate) return Bitmap(batch.rows);
    query::BatchBounds bounds(batch, quota_.predicate->timezone);
    return columnar::EvaluateSkipping(quota_.predicate->may_not_match, bounds, nullptr);
  }

  static std::int64_t LiveRows(const Batch& batch, std::size_t row) {
    const columnar::ColumnVector* records = batch.Find(ColumnRole::kNumRecords);
    if (records == nullptr || !records->IsValid(row)) return 0;
    const columnar::ColumnVector* hidden = batch.Find(ColumnRole::kDvCardinality);
    const bool has_vector = hidden != nullptr && hidden->IsValid(row);
    return std::max<std::int64_t>(0, records->ints[row] - (has_vector ? hidden->ints[row] : 0));
  }

  const RowQuota quota_;
  const std::unique_ptr<BatchStream> scan_;
  std::int64_t missing_;
};

}  // namespace

std::unique_ptr<BatchStream> MakeQuotaStream(std::unique_ptr<BatchStream> scan, RowQuota quota) {
  return std::make_unique<QuotaStream>(std::move(scan), std::move(quota));
}

}  // namespace levee::catalog

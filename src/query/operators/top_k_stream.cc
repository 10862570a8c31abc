// The first rows of an order, without sorting the others: what cannot be among them is dropped as it comes.
#include <algorithm>
#include <optional>
#include <utility>

#include "columnar/entry_order.h"
#include "query/operators/operators.h"
#include "query/sorting/row_order.h"

namespace levee::query {
namespace {

using columnar::Batch;
using columnar::BatchStream;

// Candidates are gathered up to this many beyond the rows wanted before they are thinned out.
constexpr std::size_t kSlackRows = 4'096;

class TopKStream final : public BatchStream {
 public:
  TopKStream(std::unique_ptr<BatchStream> input, std::vector<SortKey> keys, std::int64_t rows)
      : keys_(std::move(keys)), rows_(static_cast<std::size_t>(std::max<std::int64_t>(rows, 0))),
        input_(std::move(input)) {}

  Result<std::unique_ptr<Batch>> Next() override {
    if (input_ == nullptr || rows_ == 0) return nullptr;
    while (true) {
      LEVEE_ASSIGN(const auto batch, input_->Next());
      if (!batch) break;
      AppendRows(best_, *batch, Candidates(*batch));
      if (best_.rows >= 2 * rows_ + kSlackRows) Thin();
    }
    input_.reset();
    Thin();
    if (best_.rows == 0) return nullptr;
    return std::make_unique<Batch>(std::move(best_));
  }

 private:
  // Rows that come before the worst that was kept; an equal one came too late.
  std::vector<std::uint32_t> Candidates(const Batch& batch) const {
    const OrderedRows order(batch, keys_);
    std::optional<OrderedRows> kept;
    if (is_full_) kept.emplace(best_, keys_);
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = 0; row < batch.rows; ++row) {
      if (is_full_) {
        const std::uint64_t prefix = order.PrefixOf(row);
        if (prefix > worst_prefix_) continue;
        if (prefix == worst_prefix_ && order.Compare(row, *kept, rows_ - 1) >= 0) continue;
      }
      rows.push_back(row);
    }
    return rows;
  }

  // Keeps the first rows, in order.
  void Thin() {
    std::vector<std::uint32_t> rows = SortedRows(best_, keys_);
    if (rows.size() > rows_) rows.resize(rows_);
    best_ = columnar::GatherRows(best_, rows);
    is_full_ = best_.rows == rows_;
    if (is_full_) worst_prefix_ = OrderedRows(best_, keys_).PrefixOf(rows_ - 1);
  }

  const std::vector<SortKey> keys_;
  const std::size_t rows_;
  std::unique_ptr<BatchStream> input_;
  Batch best_;  // once full: the first `rows_` are in order
  bool is_full_ = false;
  std::uint64_t worst_prefix_ = 0;
};

}  // namespace

std::unique_ptr<BatchStream> MakeTopKStream(std::unique_ptr<BatchStream> input, std::vector<SortKey> keys,
                                            std::int64_t rows) {
  return std::make_unique<TopKStream>(std::move(input), std::move(keys), rows);
}

}  // namespace levee::query

// Sorts in memory as far as the budget goes; what is more is spilled in sorted runs and merged.
#include <algorithm>
#include <utility>

#include "columnar/entry_order.h"
#include "query/operators/operators.h"
#include "query/sorting/row_order.h"
#include "query/sorting/spilled_runs.h"

namespace levee::query {
namespace {

using columnar::Batch;
using columnar::BatchStream;

// Texts of a batch stand in 4 GiB at most.
constexpr std::size_t kRunBytesMax = std::size_t{1} << 30;
constexpr std::size_t kBatchRows = 16 * 1024;

class SortStream final : public BatchStream {
 public:
  SortStream(std::unique_ptr<BatchStream> input, std::vector<SortKey> keys, SortMemory memory)
      : keys_(std::move(keys)), memory_bytes_(memory.bytes), input_(std::move(input)), runs_(keys_, std::move(memory)) {}

  Result<std::unique_ptr<Batch>> Next() override {
    if (input_ != nullptr) LEVEE_RETURN_IF_ERROR(ReadInput());
    if (merged_ != nullptr) return merged_->Next();
    if (at_ == rows_.size()) return nullptr;
    const std::size_t count = std::min(kBatchRows, rows_.size() - at_);
    const auto first = rows_.begin() + static_cast<std::ptrdiff_t>(at_);
    at_ += count;
    return std::make_unique<Batch>(
        columnar::GatherRows(buffer_, {first, first + static_cast<std::ptrdiff_t>(count)}));
  }

 private:
  Status ReadInput() {
    // Half for the rows, half for their places and what is being written.
    const std::size_t run_bytes = std::min(memory_bytes_ / 2, kRunBytesMax);
    while (true) {
      LEVEE_ASSIGN(const auto batch, input_->Next());
      if (!batch) break;
      AppendBatch(buffer_, *batch);
      if (columnar::SizeBytes(buffer_) > run_bytes) LEVEE_RETURN_IF_ERROR(Spill());
    }
    input_.reset();
    if (runs_.empty()) {
      rows_ = SortedRows(buffer_, keys_);
      return {};
    }
    if (buffer_.rows > 0) LEVEE_RETURN_IF_ERROR(Spill());
    LEVEE_ASSIGN(merged_, runs_.Merge());
    return {};
  }

  Status Spill() {
    LEVEE_RETURN_IF_ERROR(runs_.Add(buffer_));
    buffer_ = {};
    return {};
  }

  const std::vector<SortKey> keys_;
  const std::size_t memory_bytes_;
  std::unique_ptr<BatchStream> input_;  // null once it has been read
  Batch buffer_;
  std::vector<std::uint32_t> rows_;  // of the buffer, in order: where nothing was spilled
  std::size_t at_ = 0;
  SpilledRuns runs_;
  std::unique_ptr<BatchStream> merged_;  // goes before the runs that it reads
};

}  // namespace

std::unique_ptr<BatchStream> MakeSortStream(std::unique_ptr<BatchStream> input, std::vector<SortKey> keys,
                                            SortMemory memory) {
  return std::make_unique<SortStream>(std::move(input), std::move(keys), std::move(memory));
}

}  // namespace levee::query

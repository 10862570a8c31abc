// Sorts in memory as far as the budget goes; what is more is spilled in sorted runs and merged.
#include <algorithm>
#include <utility>

#include "columnar/entry_order.h"
#include "query/operators/operators.h"
#include "query/sorting/row_order.h"
#include "query/sorting/run_merger.h"

namespace levee::query {
namespace {

using columnar::Batch;
using columnar::BatchStream;

// Runs that are merged at once: more would leave each too small a piece of memory.
constexpr std::size_t kFanInMax = 64;
// Texts of a batch stand in 4 GiB at most.
constexpr std::size_t kRunBytesMax = std::size_t{1} << 30;
constexpr std::size_t kBatchRows = 16 * 1024;

class SortStream final : public BatchStream {
 public:
  SortStream(std::unique_ptr<BatchStream> input, std::vector<SortKey> keys, SortMemory memory)
      : keys_(std::move(keys)), memory_(std::move(memory)), input_(std::move(input)) {}

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
    const std::size_t run_bytes = std::min(memory_.bytes / 2, kRunBytesMax);
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
    while (runs_.size() > kFanInMax) LEVEE_RETURN_IF_ERROR(MergeFirstRuns());
    merged_ = MergeRuns(*file_, std::move(runs_), Merging());
    return {};
  }

  Status Spill() {
    if (file_ == nullptr) {
      LEVEE_ASSIGN(file_, columnar::RunFile::Create(memory_.spill_folder));
    }
    row_bytes_ = std::max(row_bytes_, columnar::SizeBytes(buffer_) / buffer_.rows + 1);
    LEVEE_ASSIGN(columnar::Run run, file_->Append(buffer_, SortedRows(buffer_, keys_)));
    runs_.push_back({std::move(run)});
    buffer_ = {};
    return {};
  }

  // Neighbours, into one in their place, so that equal rows keep their order.
  Status MergeFirstRuns() {
    const std::size_t groups = (runs_.size() + kFanInMax - 1) / kFanInMax;
    std::vector<SortedRun> fewer;
    for (std::size_t group = 0; group < groups; ++group) {
      const auto first = runs_.begin() + static_cast<std::ptrdiff_t>(group * kFanInMax);
      const auto last =
          runs_.begin() + static_cast<std::ptrdiff_t>(std::min(runs_.size(), (group + 1) * kFanInMax));
      std::vector<SortedRun> part(std::make_move_iterator(first), std::make_move_iterator(last));
      LEVEE_ASSIGN(SortedRun merged, WriteMerged(std::move(part)));
      fewer.push_back(std::move(merged));
    }
    runs_ = std::move(fewer);
    return {};
  }

  Result<SortedRun> WriteMerged(std::vector<SortedRun> part) {
    if (part.size() == 1) return std::move(part.front());
    const auto stream = MergeRuns(*file_, std::move(part), Merging());
    SortedRun run;
    while (true) {
      LEVEE_ASSIGN(const auto batch, stream->Next());
      if (!batch) return run;
      std::vector<std::uint32_t> rows(batch->rows);
      for (std::uint32_t row = 0; row < rows.size(); ++row) rows[row] = row;
      LEVEE_ASSIGN(columnar::Run piece, file_->Append(*batch, rows));
      run.push_back(std::move(piece));
    }
  }

  MergeOptions Merging() const { return {.keys = keys_, .bytes = memory_.bytes, .row_bytes = row_bytes_}; }

  const std::vector<SortKey> keys_;
  const SortMemory memory_;
  std::unique_ptr<BatchStream> input_;  // null once it has been read
  Batch buffer_;
  std::vector<std::uint32_t> rows_;  // of the buffer, in order: where nothing was spilled
  std::size_t at_ = 0;
  std::unique_ptr<columnar::RunFile> file_;
  std::vector<SortedRun> runs_;
  std::size_t row_bytes_ = 1;
  std::unique_ptr<BatchStream> merged_;  // goes before the file that it reads
};

}  // namespace

std::unique_ptr<BatchStream> MakeSortStream(std::unique_ptr<BatchStream> input, std::vector<SortKey> keys,
                                            SortMemory memory) {
  return std::make_unique<SortStream>(std::move(input), std::move(keys), std::move(memory));
}

}  // namespace levee::query

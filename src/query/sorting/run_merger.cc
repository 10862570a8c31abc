#include "query/sorting/run_merger.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "columnar/run_block.h"
#include "query/sorting/row_order.h"

namespace levee::query {
namespace {

using columnar::Batch;
using columnar::BatchStream;
using columnar::RunFile;

// Of a batch that is handed out.
constexpr std::size_t kBatchRows = 16 * 1024;

// Reads a run piece by piece.
class RunCursor {
 public:
  RunCursor(const RunFile& file, SortedRun run, const std::vector<SortKey>& keys)
      : file_(file), keys_(keys), run_(std::move(run)) {}

  // Goes to the next piece; false at the end.
  Result<bool> Load(std::size_t rows_max) {
    while (part_ < run_.size() && first_ == run_[part_].rows) {
      ++part_;
      first_ = 0;
    }
    if (part_ == run_.size()) return false;
    const columnar::Run& part = run_[part_];
    const std::size_t count = std::min(rows_max, part.rows - first_);
    piece_ = std::make_unique<Batch>();
    piece_->rows = count;
    for (const columnar::RunColumn& column : part.columns) {
      LEVEE_ASSIGN(columnar::ColumnVector values, file_.Read(column, first_, count));
      piece_->columns.push_back({column.key, std::move(values)});
    }
    order_.emplace(*piece_, keys_);
    first_ += count;
    row_ = 0;
    prefix_ = order_->PrefixOf(0);
    return true;
  }

  // To the next row of the piece; false at its end.
  bool Step() {
    if (++row_ == piece_->rows) return false;
    prefix_ = order_->PrefixOf(row_);
    return true;
  }

  const Batch& piece() const { return *piece_; }
  std::size_t row() const { return row_; }

  bool ComesBefore(const RunCursor& other) const {
    if (prefix_ != other.prefix_) return prefix_ < other.prefix_;
    const int order = order_->Compare(row_, *other.order_, other.row_);
    return order != 0 ? order < 0 : number < other.number;
  }

  std::size_t number = 0;  // among the runs

 private:
  const RunFile& file_;
  const std::vector<SortKey>& keys_;
  const SortedRun run_;
  std::size_t part_ = 0, first_ = 0;  // what comes after the piece
  std::unique_ptr<Batch> piece_;
  std::optional<OrderedRows> order_;
  std::size_t row_ = 0;
  std::uint64_t prefix_ = 0;
};

class MergedStream final : public BatchStream {
 public:
  MergedStream(const RunFile& file, std::vector<SortedRun> runs, const MergeOptions& options) {
    const std::size_t fit = options.bytes / (options.row_bytes * std::max<std::size_t>(runs.size(), 1));
    piece_rows_ = std::clamp(fit, columnar::kRunBlockRows, kBatchRows);
    for (SortedRun& run : runs) {
      cursors_.push_back(std::make_unique<RunCursor>(file, std::move(run), options.keys));
      cursors_.back()->number = cursors_.size() - 1;
    }
  }

  Result<std::unique_ptr<Batch>> Next() override {
    if (!started_) LEVEE_RETURN_IF_ERROR(Start());
    auto batch = std::make_unique<Batch>();
    while (batch->rows < kBatchRows && !heads_.empty()) {
      std::ranges::pop_heap(heads_, ComesAfter);
      LEVEE_RETURN_IF_ERROR(TakeRows(*heads_.back(), *batch));
    }
    if (batch->rows == 0) return nullptr;
    return batch;
  }

 private:
  static bool ComesAfter(const RunCursor* a, const RunCursor* b) { return b->ComesBefore(*a); }

  Status Start() {
    started_ = true;
    for (const auto& cursor : cursors_) {
      LEVEE_ASSIGN(const bool any, cursor->Load(piece_rows_));
      if (any) heads_.push_back(cursor.get());
    }
    std::ranges::make_heap(heads_, ComesAfter);
    return {};
  }

  // Of the cursor that was taken from the heap all rows that come before the next head; puts it back.
  Status TakeRows(RunCursor& cursor, Batch& batch) {
    const std::size_t first = cursor.row();
    const RunCursor* const next = heads_.size() > 1 ? heads_.front() : nullptr;
    const std::size_t room = kBatchRows - batch.rows;
    std::size_t count = 0;
    bool more = true;
    do {
      ++count;
      more = cursor.Step();
    } while (more && count < room && (next == nullptr || cursor.ComesBefore(*next)));
    Append(cursor.piece(), first, count, batch);
    if (!more) {
      LEVEE_ASSIGN(more, cursor.Load(piece_rows_));
    }
    if (more) {
      std::ranges::push_heap(heads_, ComesAfter);
    } else {
      heads_.pop_back();
    }
    return {};
  }

  static void Append(const Batch& from, std::size_t first, std::size_t count, Batch& to) {
    for (const columnar::BatchColumn& column : from.columns) {
      to.FindOrAdd(column.key).AppendRange(column.values, first, count);
    }
    to.rows += count;
    for (columnar::BatchColumn& column : to.columns) {
      while (column.values.rows < to.rows) column.values.PushNull();
    }
  }

  std::size_t piece_rows_ = 0;
  bool started_ = false;
  std::vector<std::unique_ptr<RunCursor>> cursors_;
  std::vector<RunCursor*> heads_;  // a heap: the first row on top
};

}  // namespace

std::unique_ptr<BatchStream> MergeRuns(const RunFile& file, std::vector<SortedRun> runs,
                                       const MergeOptions& options) {
  return std::make_unique<MergedStream>(file, std::move(runs), options);
}

}  // namespace levee::query

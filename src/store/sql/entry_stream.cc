#include "store/sql/entry_stream.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <numeric>
#include <utility>

#include "base/cancellation.h"
#include "base/clock.h"
#include "base/deferred.h"
#include "columnar/entry_order.h"
#include "columnar/segment.h"
#include "metrics/metrics.h"
#include "store/sql/answer_memory.h"
#include "store/sql/emitted_rows.h"
#include "store/sql/entry_fetch.h"
#include "store/sql/entry_selector.h"
#include "store/sql/layout_read.h"

namespace levee::store {
namespace {

// A batch is handed out once it has this many rows; few large ones cost less than many small ones.
constexpr std::size_t kBatchRows = 16 * 1024;
// How many large batches are fetched ahead of the reader, side by side.
constexpr int kAheadMax = 4;

// Leaves the first `rows` in `selection` and returns the rest.
Selection SplitOff(Selection& selection, std::size_t rows) {
  if (selection.all) {
    selection.all = false;
    selection.rows.resize(selection.count);
    std::iota(selection.rows.begin(), selection.rows.end(), 0u);
  }
  Selection rest{.in_group = selection.in_group, .index = selection.index};
  const auto cut = selection.rows.begin() + static_cast<std::ptrdiff_t>(rows);
  rest.rows.assign(cut, selection.rows.end());
  rest.count = rest.rows.size();
  selection.rows.erase(cut, selection.rows.end());
  selection.count = rows;
  return rest;
}

class EntryStream final : public columnar::BatchStream {
 public:
  EntryStream(const ScanContext& context, const ScanRequest& request)
      : context_(context),
        request_(request),
        timezone_(request.timezone),
        session_(context.driver, request.counters),
        memory_(MemoryBudget::Process(), request.columns),
        handed_out_(memory_.NewHold()),
        remembered_(memory_.NewHold()) {
    if (request.predicate != nullptr) {
      predicate_ = *request.predicate;
      request_.predicate = &*predicate_;
    }
    request_.timezone = timezone_;
  }

  Status Start() {
    ahead_.clear();
    LEVEE_ASSIGN(layout_, LayoutFor(context_, session_, request_));
    selector_.emplace(context_.reader, session_, *layout_,
                      SelectorOptions{.filter = request_.filter,
                                      .predicate = request_.predicate,
                                      .timezone = request_.timezone,
                                      .access = AccessFor(context_, request_)});
    fetcher_.emplace(context_.reader, session_, *layout_, request_.filter, request_.columns);
    selection_ = {};
    session_.Release();
    unhashed_.clear();
    hashes_from_ns_ = SystemClock().MonotonicNanos() + context_.safe_ns;
    hashing_ = hashing_ || context_.safe_ns <= 0;
    return {};
  }

  Result<std::unique_ptr<columnar::Batch>> Next() override {
    const std::int64_t start_ns = metrics::Enabled() ? SystemClock().MonotonicNanos() : 0;
    handed_out_.Release();
    auto batch = NextAnswer();
    if (start_ns != 0) Observe(start_ns, batch && *batch != nullptr ? (*batch)->rows : 0);
    return batch;
  }

 private:
  // Counts what a call took; the scan as a whole once it has ended.
  void Observe(std::int64_t start_ns, std::size_t rows) {
    spent_ns_ += SystemClock().MonotonicNanos() - start_ns;
    if (rows > 0) return metrics::Count(metrics::Metric::kScanFiles, static_cast<std::int64_t>(rows));
    metrics::Record(metrics::Metric::kScanSeconds, std::exchange(spent_ns_, 0));
    CountWork(session_.counters());
  }

  Result<std::unique_ptr<columnar::Batch>> NextAnswer() {
    for (int restarts = 0;;) {
      LEVEE_RETURN_IF_ERROR(CheckCancelled());
      auto fetched = NextBatch();
      session_.Release();
      if (fetched) {
        if (fetched->batch == nullptr) return nullptr;
        LEVEE_ASSIGN(const bool left, Take(*fetched));
        if (!left) continue;
        handed_out_ = std::move(fetched->hold);
        return std::move(fetched->batch);
      }
      if (fetched.error().code != ErrorCode::kNotFound) return std::unexpected(std::move(fetched).error());
      const bool forgot = returned_ > 0 && !hashing_;
      if (forgot || restarts++ == kRestartsMax) {
        return Fail(ErrorCode::kUnavailable, "scan", "the table was compacted while it was read", "run it again");
      }
      metrics::Count(metrics::Metric::kScanRestarts);
      ForgetStale(context_.layouts, session_, *layout_);
      hashing_ = true;
      LEVEE_RETURN_IF_ERROR(Start());
      emitted_.StartAgain();
    }
  }

  struct Fetched {
    std::unique_ptr<columnar::Batch> batch;  // null at the end
    // Of the batch's rows; empty where nothing more is read after it, so that short answers cost nothing, and as
    // long as no segment can be gone: then `from` tells where the rows stand.
    std::vector<std::uint64_t> hashes;
    std::vector<Selection> from;
    MemoryHold hold;  // of the batch
  };
  // A large batch under way, over a connection of its own.
  struct Ahead {
    Result<Fetched> fetched;
    ScanCounters counters;
  };
  struct UnderWay {
    MemoryHold hold;
    Deferred<Ahead> work;  // last: it ends before the hold goes
  };

  // Leaves out what was handed out before the stream began again, and remembers the rest. False: no row is
  // left.
  Result<bool> Take(Fetched& fetched) {
    if (emitted_.to_come() > 0) {
      std::vector<std::uint32_t> fresh = emitted_.FindNew(fetched.hashes);
      const auto left = static_cast<std::size_t>(request_.limit.value_or(INT64_MAX) - returned_);
      fresh.resize(std::min(fresh.size(), left));
      if (fresh.size() < fetched.batch->rows) {
        *fetched.batch = columnar::GatherRows(*fetched.batch, fresh);
        std::vector<std::uint64_t> hashes;
        hashes.reserve(fresh.size());
        for (const std::uint32_t row : fresh) hashes.push_back(fetched.hashes[row]);
        fetched.hashes = std::move(hashes);
      }
    }
    if (hashing_ && fetched.hashes.empty() && !fetched.from.empty()) fetched.hashes = HashesOf(*fetched.batch);
    if (!hashing_) {
      std::size_t rows = 0;
      for (const Selection& selection : fetched.from) rows += selection.rows.size();
      LEVEE_RETURN_IF_ERROR(remembered_.Grow(rows * sizeof(std::uint32_t)));
      std::ranges::move(fetched.from, std::back_inserter(unhashed_));
    }
    LEVEE_RETURN_IF_ERROR(remembered_.Grow(fetched.hashes.size() * sizeof(std::uint64_t)));
    emitted_.Add(fetched.hashes);
    returned_ += static_cast<std::int64_t>(fetched.batch->rows);
    return fetched.batch->rows > 0;
  }

  std::vector<std::uint64_t> HashesOf(const columnar::Batch& batch) const {
    // A change may show one key twice: what ended it and what began it.
    return RowHashes(batch, request_.filter.kind == EntryFilter::Kind::kAlive);
  }

  // From half way through the lease on, what was handed out has to be known. So far it is found where it was read
  // from, which nobody can have deleted yet.
  Status BeginHashing() {
    hashing_ = true;
    for (const Selection& selection : unhashed_) {
      columnar::Batch batch = fetcher_->MakeBatch();
      if (Status status = fetcher_->Append(selection, batch); !status) {
        if (status.error().code != ErrorCode::kNotFound) return status;
        return Fail(ErrorCode::kUnavailable, "scan", "the table was compacted while it was read", "run it again");
      }
      MemoryHold hold = memory_.NewHold();
      memory_.Settle(batch, hold);
      LEVEE_RETURN_IF_ERROR(remembered_.Grow(batch.rows * sizeof(std::uint64_t)));
      emitted_.Add(HashesOf(batch));
    }
    unhashed_.clear();
    return {};
  }

  Result<Fetched> NextBatch() {
    if (!hashing_ && SystemClock().MonotonicNanos() >= hashes_from_ns_) LEVEE_RETURN_IF_ERROR(BeginHashing());
    LEVEE_RETURN_IF_ERROR(FetchAhead());
    if (ahead_.empty()) return Fill();
    Ahead done = ahead_.front().work.Get();
    MemoryHold hold = std::move(ahead_.front().hold);
    ahead_.pop_front();
    if (!done.fetched) return std::move(done.fetched);
    memory_.Settle(*done.fetched->batch, hold);
    done.fetched->hold = std::move(hold);
    session_.counters().Add(done.counters);
    // The threads work on while the caller looks at this batch.
    LEVEE_RETURN_IF_ERROR(FetchAhead());
    return std::move(done.fetched);
  }

  // Large selections in a row go to threads; a small one waits its turn in `selection_`.
  Status FetchAhead() {
    if (request_.limit) return {};
    const auto lanes = static_cast<std::size_t>(PoolThreads() == 1 ? 1 : kAheadMax);
    if (lanes == 1) return {};
    while (ahead_.size() < lanes) {
      if (selection_.count == 0) {
        LEVEE_ASSIGN(const bool more, selector_->Next(selection_));
        if (!more) return {};
      }
      if (selection_.count < kBatchRows || selection_.in_group) return {};
      MemoryHold hold = memory_.NewHold();
      const std::size_t rows = memory_.FitAhead(std::min(selection_.count, kBatchRows), hold);
      if (rows == 0) return {};  // the reader goes on alone
      ahead_.push_back({std::move(hold), Deferred<Ahead>(
                                             [this, hashing = hashing_, chosen = TakeFirst(rows)] {
                                               return FetchOne(chosen, hashing);
                                             },
                                             Priority::kQuestion)});
    }
    return {};
  }

  // The first rows of what is chosen; the rest stays.
  Selection TakeFirst(std::size_t rows) {
    Selection rest;
    if (rows < selection_.count) rest = SplitOff(selection_, rows);
    return std::exchange(selection_, std::move(rest));
  }

  // Runs in another thread: touches nothing of the stream but what is constant while it is open.
  Ahead FetchOne(const Selection& selection, bool hashing) const {
    Ahead done;
    ReadSession session(context_.driver, &done.counters);
    EntryFetcher fetcher(context_.reader, session, *layout_, request_.filter, request_.columns);
    auto batch = std::make_unique<columnar::Batch>(fetcher.MakeBatch());
    if (Status status = fetcher.Append(selection, *batch); !status) {
      done.fetched = std::unexpected(std::move(status).error());
    } else {
      done.fetched = Fetched{nullptr, hashing ? HashesOf(*batch) : std::vector<std::uint64_t>(), {selection}, {}};
      done.fetched->batch = std::move(batch);
    }
    return done;
  }

  Result<Fetched> Fill() {
    auto batch = std::make_unique<columnar::Batch>(fetcher_->MakeBatch());
    Fetched fetched;
    fetched.hold = memory_.NewHold();
    bool last = false;
    while (batch->rows < kBatchRows && !LimitReached(*batch)) {
      if (selection_.count == 0) {
        LEVEE_ASSIGN(const bool more, selector_->Next(selection_));
        last = !more;
        if (last) break;
      }
      if (batch->rows > 0 && batch->rows + selection_.count > columnar::kSegmentRowsMax) break;
      CutToLimit(batch->rows);
      const auto fit = memory_.Fit(std::min(selection_.count, kBatchRows), fetched.hold);
      if (!fit && batch->rows == 0) return std::unexpected(fit.error());
      if (!fit) break;  // what is there goes out first
      Selection chosen = TakeFirst(*fit);
      LEVEE_RETURN_IF_ERROR(fetcher_->Append(chosen, *batch));
      fetched.from.push_back(std::move(chosen));
      // Room was short: what is there goes out.
      if (selection_.count > 0) break;
    }
    if (batch->rows == 0) return fetched;
    memory_.Settle(*batch, fetched.hold);
    const bool again = emitted_.to_come() > 0;
    if (!again && (last || LimitReached(*batch))) fetched.from.clear();
    if (again || (hashing_ && !fetched.from.empty())) fetched.hashes = HashesOf(*batch);
    fetched.batch = std::move(batch);
    return fetched;
  }

  bool LimitReached(const columnar::Batch& batch) const {
    return request_.limit && returned_ + static_cast<std::int64_t>(batch.rows) >= *request_.limit;
  }

  void CutToLimit(std::size_t rows) {
    // Of a stream that began again, rows may still fall out.
    if (!request_.limit || emitted_.to_come() > 0) return;
    const auto left = static_cast<std::size_t>(*request_.limit - returned_) - rows;
    if (selection_.count <= left) return;
    if (selection_.all) {
      selection_.all = false;
      selection_.rows.resize(left);
      for (std::size_t row = 0; row < left; ++row) selection_.rows[row] = static_cast<std::uint32_t>(row);
    }
    selection_.rows.resize(left);
    selection_.count = left;
  }

  const ScanContext context_;
  ScanRequest request_;
  const std::string timezone_;
  std::int64_t spent_ns_ = 0;  // in Next, not yet recorded
  std::optional<expr::SkippingNode> predicate_;
  ReadSession session_;
  std::shared_ptr<const Layout> layout_;
  std::optional<EntrySelector> selector_;
  std::optional<EntryFetcher> fetcher_;
  Selection selection_;          // chosen but not yet fetched; count 0: none
  std::int64_t returned_ = 0;
  EmittedRows emitted_;
  // Rows are hashed only once their segments might be deleted before the stream ends.
  bool hashing_ = false;
  std::int64_t hashes_from_ns_ = 0;   // monotonic
  std::vector<Selection> unhashed_;   // handed out, of this layout
  AnswerMemory memory_;
  MemoryHold handed_out_;             // of the batch that the reader has
  MemoryHold remembered_;             // of emitted_ and unhashed_
  std::deque<UnderWay> ahead_;        // last: they end before the rest is destroyed
};

}  // namespace

Result<std::unique_ptr<columnar::BatchStream>> OpenEntryStream(const ScanContext& context,
                                                               const ScanRequest& request) {
  auto stream = std::make_unique<EntryStream>(context, request);
  LEVEE_RETURN_IF_ERROR(stream->Start());
  return stream;
}

}  // namespace levee::store

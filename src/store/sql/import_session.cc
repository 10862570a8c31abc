// Imports: invisible segments, one small transaction that shows them.
#include <algorithm>
#include <mutex>

#include "base/adaptive_batch.h"
#include "base/cancellation.h"
#include "base/test_pause.h"
#include "store/sql/commit_rows.h"
#include "store/sql/garbage.h"
#include "store/sql/partition_runs.h"
#include "store/sql/partition_tally.h"
#include "store/sql/query.h"
#include "store/sql/range_exchange.h"
#include "store/sql/segment_writer.h"
#include "store/sql/sql_store.h"

namespace levee::store {
namespace {

constexpr char kInsertRange[] =
    "INSERT INTO ranges(table_id, first_version, last_version, is_main, published, owner, touched_ms)"
    " VALUES(?1, ?2, ?3, ?4, 0, ?5, ?6)";
constexpr char kTouchRange[] = "UPDATE ranges SET touched_ms=?2 WHERE range_id=?1 AND published=0";
constexpr char kPublishSegments[] = "UPDATE segments SET state=1 WHERE range_id=?1 AND state=0";
constexpr char kPublishRange[] = "UPDATE ranges SET published=1, last_version=?2 WHERE range_id=?1 AND published=0";
constexpr char kSetMain[] =
    "UPDATE tables SET head_version=?2, floor_version=?3, main_range=?4, head_etag=?5, head_hash=?6,"
    " last_sync_ms=?7, layout_generation=layout_generation+1 WHERE table_id=?1";
constexpr char kDemoteMain[] = "UPDATE ranges SET is_main=0, last_version=?2 WHERE range_id=?1";
constexpr char kBumpGeneration[] = "UPDATE tables SET layout_generation=layout_generation+1 WHERE table_id=?1";

// Bytes of chunks in a transaction: a segment of a hundred columns to begin with.
constexpr std::size_t kPartBytes = 8 << 20, kPartBytesMin = 256 << 10, kPartBytesMax = 64 << 20;

// Partitions that a run of sums has at most, about: it is one blob.
constexpr std::size_t kRunRowsMax = 65'536;

class SqlImportSession final : public ImportSession {
 public:
  SqlImportSession(Driver& driver, Clock& clock, std::int64_t table_id, std::int64_t range_id, const RangeSpec& range,
                   const SegmentExtras& extras)
      : driver_(driver), clock_(clock), table_id_(table_id), range_id_(range_id), range_(range), extras_(extras),
        part_({.target_ns = range.batch_latency_ms * 1'000'000, .first = kPartBytes, .least = kPartBytesMin,
               .most = kPartBytesMax}) {}
  ~SqlImportSession() override {
    if (!published_) Abandon();
  }

  Status AddEntries(const columnar::Batch& batch, bool history) override {
    if (batch.rows == 0) return {};
    LEVEE_RETURN_IF_ERROR(CheckCancelled());
    if (!history) LEVEE_RETURN_IF_ERROR(CountEntries(batch));
    return Stage(history ? SegmentKind::kHistory : SegmentKind::kActive, batch);
  }

  Status AddTombstones(const columnar::Batch& batch) override {
    return batch.rows == 0 ? Status() : Stage(SegmentKind::kTombstones, batch);
  }

  Status Publish(const std::vector<CommitRecord>& commits, const std::vector<StateRecord>& state) override {
    bool superseded = false;
    LEVEE_RETURN_IF_ERROR(PublishOnce(commits, state, superseded));
    published_ = true;
    PauseForTest("publish");
    // Somebody else imported the table meanwhile, which serves the caller as well.
    if (superseded) return DeleteRange(driver_, range_id_);
    // What was staged reaches the database file now, so that later commits have a short log.
    return driver_.Checkpoint();
  }

 private:
  // Lets the next import clean up at once. When it fails, that waits until this process is gone.
  void Abandon() {
    const CancellationScope to_the_end{Cancellation()};
    auto writer = driver_.Writer(Durability::kStaging);
    if (writer) [[maybe_unused]] const auto status = Execute(**writer, kTouchRange, range_id_, std::int64_t{0});
  }

  Status Stage(SegmentKind kind, const columnar::Batch& batch) {
    LEVEE_ASSIGN(const PreparedSegment segment, PrepareSegment(kind, batch, extras_));
    SegmentInsertion insertion(range_id_, SegmentState::kStaged, segment);
    for (bool whole = false; !whole;) {
      LEVEE_ASSIGN(whole, StagePart(insertion));
    }
    return {};
  }

  // One transaction, of the size that should take as long as is aimed at: other writers wait no longer.
  Result<bool> StagePart(SegmentInsertion& insertion) {
    LEVEE_ASSIGN(const Lease writer, driver_.Writer(Durability::kStaging));
    const std::int64_t start_ns = clock_.MonotonicNanos();
    const std::size_t before = insertion.written();
    LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
    LEVEE_RETURN_IF_ERROR(Touch(*writer));
    LEVEE_ASSIGN(DictionaryWriter dictionary, DictionaryWriter::Load(*writer, table_id_, nullptr));
    LEVEE_ASSIGN(const bool whole, insertion.Write(*writer, dictionary, part_.size()));
    LEVEE_RETURN_IF_ERROR(dictionary.Save(*writer));
    LEVEE_RETURN_IF_ERROR(transaction.Commit());
    part_.Took(insertion.written() - before, clock_.MonotonicNanos() - start_ns);
    return whole;
  }

  Status Touch(Connection& writer) {
    LEVEE_RETURN_IF_ERROR(Execute(writer, kTouchRange, range_id_, clock_.NowMicros() / 1000));
    return writer.ChangedRows() == 0 ? Lost() : Status();
  }

  std::unexpected<Error> Lost() const {
    return Fail(ErrorCode::kUnavailable, "import of table " + std::to_string(table_id_),
                "another process took what was staged for that of a dead one, or forgot the table", "run it again");
  }

  // Sums are written as they grow, invisible like the segments, so that memory stays bounded.
  Status CountEntries(const columnar::Batch& batch) {
    PartitionTally local;
    local.AddAll(batch);
    PartitionSummary sums = local.Take();
    PartitionSummary full;
    {
      const std::lock_guard lock(mutex_);
      for (const FileSums& partition : sums.sums) total_.Add(partition);
      if (sums.sums.size() >= kRunRowsMax / 4) {
        full = std::move(sums);  // a run of its own
      } else {
        tally_.Add(sums);
        if (tally_.rows() >= kRunRowsMax) full = tally_.Take();
      }
    }
    if (full.sums.empty()) return {};
    LEVEE_ASSIGN(const Lease writer, driver_.Writer(Durability::kStaging));
    LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
    LEVEE_RETURN_IF_ERROR(Touch(*writer));
    LEVEE_RETURN_IF_ERROR(InsertRun(*writer, range_id_, full));
    return transaction.Commit();
  }

  Status PublishOnce(const std::vector<CommitRecord>& commits, const std::vector<StateRecord>& state,
                     bool& superseded) {
    const PartitionSummary sums = tally_.Take();
    LEVEE_ASSIGN(const Lease writer, driver_.Writer(Durability::kDurable));
    LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
    LEVEE_ASSIGN(const RangeHead main, ReadMainHead(*writer, table_id_));
    const std::int64_t last = commits.empty() ? range_.last_version : commits.back().version;
    if (range_.replaces) {
      LEVEE_ASSIGN(const bool unchanged, IsUnchanged(*writer, table_id_, *range_.replaces));
      superseded = !unchanged;
    } else {
      superseded = range_.main && main.range_id != 0 && main.last_version >= last;
    }
    if (superseded) return {};
    if (range_.replaces) {
      LEVEE_RETURN_IF_ERROR(RetireReplaced(*writer, last));
    } else if (range_.main && main.range_id != 0) {
      // The log was cleaned up beyond the head: what the store has stays readable, as an older range.
      LEVEE_RETURN_IF_ERROR(Execute(*writer, kDemoteMain, main.range_id, main.last_version));
    }
    LEVEE_RETURN_IF_ERROR(Execute(*writer, kPublishRange, range_id_, last));
    if (writer->ChangedRows() == 0) return Lost();
    LEVEE_RETURN_IF_ERROR(Execute(*writer, kPublishSegments, range_id_));
    for (const CommitRecord& commit : commits) {
      std::optional<RecordTotals> totals;
      if (&commit == &commits.back()) totals = RecordTotals{total_.known_records, total_.files_without_records};
      LEVEE_RETURN_IF_ERROR(InsertCommit(*writer, table_id_, commit, totals));
    }
    for (const StateRecord& record : state) LEVEE_RETURN_IF_ERROR(InsertState(*writer, range_id_, record));
    LEVEE_RETURN_IF_ERROR(InsertRun(*writer, range_id_, sums));
    LEVEE_RETURN_IF_ERROR(SetSumsVersion(*writer, range_id_, last));
    if (!commits.empty()) LEVEE_RETURN_IF_ERROR(AdjustTimesAfter(*writer, table_id_, commits.back().version));
    const CommitFingerprint fingerprint = commits.empty() ? CommitFingerprint() : commits.back().fingerprint;
    if (range_.main) {
      LEVEE_RETURN_IF_ERROR(Execute(*writer, kSetMain, table_id_, last, range_.first_version, range_id_,
                                    std::string_view(fingerprint.etag),
                                    static_cast<std::int64_t>(fingerprint.content_hash), clock_.NowMicros() / 1000));
    } else {
      LEVEE_RETURN_IF_ERROR(Execute(*writer, kBumpGeneration, table_id_));
    }
    PauseForTest("publish");
    return transaction.Commit();
  }

  // What is sound of the damaged range below this one stays.
  Status RetireReplaced(Connection& writer, std::int64_t last) {
    const VersionInterval kept = LongestInterval(range_.replaces->readable, range_.first_version - 1);
    LEVEE_RETURN_IF_ERROR(RetireRange(writer, table_id_, *range_.replaces, kept, clock_.NowMicros() / 1000));
    return DeleteCommits(writer, table_id_, {range_.first_version, std::max(last, range_.replaces->last_version)});
  }

  Driver& driver_;
  Clock& clock_;
  const std::int64_t table_id_;
  const std::int64_t range_id_;
  const RangeSpec range_;
  const SegmentExtras extras_;
  AdaptiveBatch part_;  // bytes of a transaction; guarded by the writer's lease
  bool published_ = false;
  // Of the entries alive at the range's last version.
  std::mutex mutex_;
  FileSums total_;         // guarded by mutex_
  PartitionTally tally_;   // what no run has yet; guarded by mutex_
};

}  // namespace

Result<std::unique_ptr<ImportSession>> SqlStore::BeginImport(std::int64_t table_id, const RangeSpec& range) {
  LEVEE_RETURN_IF_ERROR(DeleteDeadImports(*driver_, table_id, now_ms()));
  LEVEE_ASSIGN(const Lease writer, driver_->Writer(Durability::kStaging));
  LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
  LEVEE_RETURN_IF_ERROR(ReadMainHead(*writer, table_id));
  const std::string owner = ProcessName();
  LEVEE_RETURN_IF_ERROR(Execute(*writer, kInsertRange, table_id, range.first_version, range.last_version,
                                static_cast<std::int64_t>(range.main), std::string_view(owner), now_ms()));
  const std::int64_t range_id = writer->LastInsertId();
  LEVEE_RETURN_IF_ERROR(transaction.Commit());
  return std::make_unique<SqlImportSession>(*driver_, clock_, table_id, range_id, range,
                                            segment_extras(range.main));
}

}  // namespace levee::store

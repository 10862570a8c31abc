// Applying commits on top of the head.
#include "base/test_pause.h"
#include "metrics/metrics.h"
#include "store/sql/commit_applier.h"
#include "store/sql/query.h"
#include "store/sql/sql_store.h"

namespace levee::store {
namespace {

constexpr char kInsertMainRange[] =
    "INSERT INTO ranges(table_id, first_version, last_version, is_main, published) VALUES(?1, ?2, ?2, 1, 1)";
constexpr char kSetMainRange[] = "UPDATE tables SET floor_version=?2, main_range=?3 WHERE table_id=?1";
constexpr char kMoveHead[] =
    "UPDATE tables SET head_version=?2, head_etag=?3, head_hash=?4 WHERE table_id=?1";

// How often a publish works out its effects again because compaction moved entries meanwhile.
constexpr int kRetriesMax = 100;

Status CheckVersions(std::int64_t head_version, const std::vector<CommitDelta>& commits) {
  std::int64_t expected = head_version;
  for (const CommitDelta& commit : commits) {
    const bool first_of_all = head_version < 0 && &commit == &commits.front();
    expected = first_of_all ? commit.record.version : expected + 1;
    if (commit.record.version != expected) {
      return Fail(ErrorCode::kInvalidArgument, "publish", "version " + std::to_string(commit.record.version) +
                      " does not follow version " + std::to_string(expected - 1));
    }
  }
  return {};
}

// A table that was never imported gets its range with the first commit.
Result<std::int64_t> MainRange(Connection& connection, const RangeHead& head, std::int64_t first_version) {
  if (head.range_id != 0) return head.range_id;
  LEVEE_RETURN_IF_ERROR(Execute(connection, kInsertMainRange, head.table_id, first_version));
  const std::int64_t range_id = connection.LastInsertId();
  LEVEE_RETURN_IF_ERROR(Execute(connection, kSetMainRange, head.table_id, first_version, range_id));
  return range_id;
}

// Writes the segments of `effects`, and gathers them as readers will see them.
class SegmentInserter {
 public:
  SegmentInserter(Connection& connection, std::int64_t range_id, DictionaryWriter& dictionary)
      : connection_(connection), range_id_(range_id), dictionary_(dictionary) {}

  Status Insert(CommitEffects& effects) {
    std::vector<std::int64_t> ids;
    for (PreparedSegment& segment : effects.segments) {
      LEVEE_RETURN_IF_ERROR(InsertOne(segment));
      ids.push_back(added_.back().info.id);
    }
    if (effects.tombstones) LEVEE_RETURN_IF_ERROR(InsertOne(*effects.tombstones));
    if (effects.removals.entries.empty()) return {};
    for (EntryPlace& place : effects.removals.entries) {
      if (place.segment_id < 0) place.segment_id = ids[static_cast<std::size_t>(-1 - place.segment_id)];
    }
    effects.removals.SortByPlace();
    PreparedSegment removals = PrepareRemovals(std::move(effects.removals));
    return InsertOne(removals);
  }

  std::vector<AddedSegment> Take() { return std::move(added_); }

 private:
  Status InsertOne(PreparedSegment& segment) {
    LEVEE_ASSIGN(const SegmentInfo info,
                 InsertSegment(connection_, dictionary_, range_id_, SegmentState::kPublished, segment));
    added_.push_back({.info = info, .entries = std::move(segment.micro), .removals = std::move(segment.removals)});
    return {};
  }

  Connection& connection_;
  const std::int64_t range_id_;
  DictionaryWriter& dictionary_;
  std::vector<AddedSegment> added_;
};

Status InsertRecords(Connection& connection, std::int64_t table_id, std::int64_t range_id,
                     const std::vector<CommitDelta>& commits, const CommitEffects& effects) {
  for (const CommitDelta& commit : commits) {
    const bool last = &commit == &commits.back();
    LEVEE_RETURN_IF_ERROR(InsertCommit(connection, table_id, commit.record, last ? effects.totals : std::nullopt));
    for (const StateRecord& state : commit.state) LEVEE_RETURN_IF_ERROR(InsertState(connection, range_id, state));
  }
  const CommitRecord& head = commits.back().record;
  return Execute(connection, kMoveHead, table_id, head.version, std::string_view(head.fingerprint.etag),
                 static_cast<std::int64_t>(head.fingerprint.content_hash));
}

}  // namespace

Result<std::optional<Published>> SqlStore::PublishCommits(std::int64_t table_id, const Head& expected,
                                                          std::vector<CommitDelta> commits) {
  const metrics::Timer timer(metrics::Metric::kPublishSeconds);
  if (commits.empty()) return Fail(ErrorCode::kInvalidArgument, "publish", "there are no commits");
  LEVEE_RETURN_IF_ERROR(CheckVersions(expected.version, commits));
  for (int retries = 0; retries < kRetriesMax; ++retries) {
    bool again = false;
    LEVEE_ASSIGN(auto published, TryPublish(table_id, expected, commits, again));
    if (!again) return published;
  }
  return Fail(ErrorCode::kUnavailable, "publish", "the table is compacted all the time", "try again");
}

// Everything is looked up and encoded before the write lock is taken; under it, the head is checked again.
Result<std::optional<Published>> SqlStore::TryPublish(std::int64_t table_id, const Head& expected,
                                                      std::vector<CommitDelta>& commits, bool& again) {
  ReadSession session(*driver_);
  LEVEE_ASSIGN(const auto layout, layouts_.GetMain(session, table_id));
  if (expected.incarnation != table_id || layout->head.last_version != expected.version) return std::nullopt;
  LEVEE_ASSIGN(Connection * connection, session.Connect());
  LEVEE_ASSIGN(const CommitTotals totals, ReadTotals(*connection, table_id, expected.version));
  auto effects = ApplyCommits(reader_, session, *layout, totals, commits);
  session.Release();
  if (!effects) {
    again = effects.error().code == ErrorCode::kNotFound;  // compaction took a segment away
    if (!again) return std::unexpected(std::move(effects).error());
    layouts_.Drop(layout->head.range_id);
    return std::nullopt;
  }
  LEVEE_ASSIGN(const Lease writer, driver_->Writer(Durability::kDurable));
  LEVEE_ASSIGN(Transaction transaction, Transaction::Begin(*writer, TransactionMode::kWrite));
  LEVEE_ASSIGN(RangeHead head, ReadMainHead(*writer, table_id));
  if (head.last_version != expected.version) return std::nullopt;
  again = head.layout_generation != layout->head.layout_generation;
  if (again) return std::nullopt;
  const bool first = head.range_id == 0;
  LEVEE_ASSIGN(head.range_id, MainRange(*writer, head, commits.front().record.version));
  LEVEE_ASSIGN(DictionaryWriter dictionary, DictionaryWriter::Load(*writer, table_id, layout->dictionary));
  SegmentInserter inserter(*writer, head.range_id, dictionary);
  LEVEE_RETURN_IF_ERROR(inserter.Insert(*effects));
  LEVEE_RETURN_IF_ERROR(dictionary.Save(*writer));
  LEVEE_RETURN_IF_ERROR(InsertRecords(*writer, table_id, head.range_id, commits, *effects));
  PauseForTest("publish");
  LEVEE_RETURN_IF_ERROR(transaction.Commit());
  PauseForTest("publish");
  Published published{.head = expected, .record = std::move(commits.back().record)};
  published.head.version = published.record.version;
  published.head.fingerprint = published.record.fingerprint;
  head.last_version = published.head.version;
  // What was just written need not be read again. A failure here costs the next reader that, no more.
  if (!first) {
    if (auto extended = ExtendLayout(*layout, head, dictionary.dictionary(), inserter.Take())) {
      layouts_.Put(std::move(*extended));
      layouts_.Confirm(table_id, head.layout_generation);
    }
  }
  return published;
}

}  // namespace levee::store

#include "catalog/catch_up.h"

#include <algorithm>
#include <ranges>
#include <utility>
#include <vector>

#include "base/adaptive_batch.h"
#include "base/memory_budget.h"
#include "catalog/commit_delta.h"
#include "catalog/first_import.h"
#include "catalog/freshness.h"
#include "catalog/new_bases.h"
#include "catalog/new_commits.h"
#include "catalog/table_state.h"
#include "catalog/table_turns.h"
#include "delta/commit_reader.h"
#include "metrics/metrics.h"

namespace levee::catalog {
namespace {

// What one transaction publishes at most, so that others can write in between: so much without a target for its time.
constexpr std::size_t kGroupRows = 65'536;
constexpr std::size_t kGroupRowsMin = 256, kGroupRowsMax = 4 * kGroupRows;
// A commit costs as much as so many rows.
constexpr std::size_t kCommitRows = 256;
// Somebody else wins each time only if commits land faster than they can be read.
constexpr int kAttemptsMax = 100;

// Publishes commits in version order, some at a time.
class GroupPublisher {
 public:
  GroupPublisher(Context& context, const store::TableRecord& record, store::Head head)
      : context_(context),
        record_(record),
        head_(std::move(head)),
        batch_({.target_ns = context.options().batch_latency_ms * 1'000'000,
                .first = kGroupRows,
                .least = kGroupRowsMin,
                .most = kGroupRowsMax}) {}

  // False when the head was moved by somebody else: nothing more can be published.
  Result<bool> Add(store::CommitDelta change) {
    const std::uint64_t bytes = columnar::SizeBytes(change.adds) + columnar::SizeBytes(change.removes);
    if (!held_.TryGrow(bytes)) {
      // What is there goes first.
      LEVEE_ASSIGN(const bool first, Flush());
      if (!first) return false;
      held_.GrowAnyway(bytes);
    }
    rows_ += change.adds.rows + change.removes.rows;
    state_changed_ = state_changed_ || !change.state.empty();
    group_.push_back(std::move(change));
    if (size() < batch_.size()) return true;
    return Flush();
  }

  Result<bool> Flush() {
    if (group_.empty()) return true;
    const auto count = static_cast<std::int64_t>(group_.size());
    const std::size_t items = size();
    const std::int64_t start_ns = context_.clock().MonotonicNanos();
    LEVEE_ASSIGN(auto published, context_.store().PublishCommits(record_.id, head_, std::exchange(group_, {})));
    batch_.Took(items, context_.clock().MonotonicNanos() - start_ns);
    rows_ = 0;
    held_.Release();
    if (!published) return false;
    published_ += count;
    head_ = std::move(published->head);
    head_commit_ = std::move(published->record);
    return true;
  }

  std::int64_t published() const { return published_; }
  const store::Head& head() const { return head_; }
  // Of the head, once something was published.
  const store::CommitRecord& head_commit() const { return head_commit_; }
  // Whether any commit had a protocol, metaData, txn or domainMetadata action.
  bool state_changed() const { return state_changed_; }

 private:
  // Of the group, in rows.
  std::size_t size() const { return std::max(rows_, group_.size() * kCommitRows); }

  Context& context_;
  const store::TableRecord& record_;
  store::Head head_;
  AdaptiveBatch batch_;
  MemoryHold held_{MemoryBudget::Process(), MemoryPart::kSyncs};  // of the group
  std::vector<store::CommitDelta> group_;
  std::size_t rows_ = 0;
  std::int64_t published_ = 0;
  store::CommitRecord head_commit_;
  bool state_changed_ = false;
};

struct Applied {
  bool moved = false;               // somebody else published: look again
  std::optional<Error> stopped_by;
};

// Reads and publishes. Errors of the store end it; errors of the log are kept in `stopped_by`.
Result<Applied> Apply(Context& context, objectstore::ObjectStore& objects, const Snapshot& snapshot,
                      const std::vector<delta::CommitFile>& files, GroupPublisher& publisher) {
  CommitConverter converter(snapshot.state.metadata, snapshot.state.commit.timestamp_ms);
  Applied applied;
  std::optional<Error> store_error;
  const auto publish = [&](const delta::CommitContent& commit) -> Status {
    LEVEE_ASSIGN(store::CommitDelta change, converter.Convert(commit));
    auto added = publisher.Add(std::move(change));
    if (added && *added) return {};
    applied.moved = added.has_value();
    if (!added) store_error = added.error();
    return Fail(ErrorCode::kCancelled, "sync", "stopped");
  };
  const Status read = delta::ReadCommits(objects, files, context.threads(), publish);
  if (store_error) return std::unexpected(std::move(*store_error));
  if (applied.moved) return applied;
  if (!read && read.error().code == ErrorCode::kCancelled) return std::unexpected(read.error());
  if (!read) applied.stopped_by = read.error();
  LEVEE_ASSIGN(const bool last, publisher.Flush());
  applied.moved = !last;
  return applied;
}

// True if the layout may be another one now. A failed compaction costs speed, not answers.
bool CompactIfDue(Context& context, const store::TableRecord& record) {
  auto compacted = context.store().Compact(record.id, false);
  if (!compacted && compacted.error().code != ErrorCode::kCancelled) context.Note("compaction put off: " + compacted.error().ToString());
  return !compacted || *compacted;
}

std::optional<Error> GapError(const store::TableRecord& record, std::int64_t version) {
  return Error{.code = ErrorCode::kCorrupt, .what = record.uri,
               .why = "the log has a gap: commit " + std::to_string(version) + " is missing"};
}

// A version that cannot be read may have one below it that can.
bool OnlyThisVersion(const Error& error) {
  return error.code == ErrorCode::kCorrupt || error.code == ErrorCode::kUnsupported;
}

// The way to the newest version is broken. An older checkpoint is still a base; what follows it is caught up
// with as usual. Answers whether the head moved.
Result<bool> ImportOlderBase(Context& context, const store::TableRecord& record, const delta::LogListing& listing,
                             const store::Head& head) {
  std::int64_t tried = INT64_MAX;
  for (const delta::CheckpointFiles& checkpoint : std::views::reverse(listing.checkpoints)) {
    const std::int64_t version = checkpoint.version;
    if (version <= head.version) break;
    if (std::exchange(tried, version) == version) continue;  // another kind of the same
    const auto import = ImportMain(context, record, listing, version);
    if (import) return true;
    if (!OnlyThisVersion(import.error())) return std::unexpected(import.error());
  }
  return false;
}

// The commits after the head were cleaned up before they were synced: a new range starts at a checkpoint.
// Empty: it starts below the newest version, look again. `imported` tells that there is a new range.
Result<std::optional<CatchUpOutcome>> StartBeyondGap(Context& context, const store::TableRecord& record,
                                                     const store::Head& head,
                                                     std::optional<std::int64_t> to_version, bool& imported) {
  LEVEE_ASSIGN(const auto objects, context.Objects(record.uri));
  LEVEE_ASSIGN(const delta::LogListing listing, ListWholeLog(*objects));
  auto import = ImportMain(context, record, listing, to_version);
  bool older = false;
  if (!import) {
    if (!OnlyThisVersion(import.error()) || to_version) return std::unexpected(std::move(import).error());
    LEVEE_ASSIGN(older, ImportOlderBase(context, record, listing, head));
    if (!older) return CatchUpOutcome{.head = head, .stopped_by = std::move(import).error()};
  }
  LEVEE_ASSIGN(const auto moved, context.store().ReadHead(record.id));
  if (moved && moved->version > head.version) {
    context.names().Clear();  // the table's floor is another one now
    imported = true;
    if (older) return std::optional<CatchUpOutcome>();
    return CatchUpOutcome{.head = *moved, .commits = import->commits};
  }
  const std::string& name = record.name.empty() ? record.uri : record.name;
  return Fail(ErrorCode::kDiverged, name,
              "the log was cleaned up beyond version " + std::to_string(head.version) + ", where the store ends",
              "levee forget " + name + ", then levee add " + name);
}

// Looks at the log once. Empty: somebody else moved the head, look again.
Result<std::optional<CatchUpOutcome>> TryCatchUp(Context& context, const store::TableRecord& record,
                                                 const store::Head& head, const CatchUpGoal& goal,
                                                 bool& imported) {
  LEVEE_ASSIGN(const auto objects, context.Objects(record.uri));
  LEVEE_ASSIGN(const LogState log, AskLog(context, *objects, record, head));
  CatchUpOutcome outcome{.head = head};
  const bool reached = goal.to_version && *goal.to_version <= head.version;
  if (reached || (log == LogState::kCurrent && !goal.thorough)) return outcome;
  LEVEE_ASSIGN(const TableTurns::Turn turn, TableTurns::Process().Take(context.store(), record.uri));
  // What there was to do may be done; the look at the log that follows is a fresh one.
  if (turn.waited()) return std::optional<CatchUpOutcome>();
  if (log == LogState::kBeyondGap) return StartBeyondGap(context, record, head, goal.to_version, imported);
  LEVEE_ASSIGN(NewCommits found, FindNewCommits(*objects, head, goal.to_version, goal.thorough));
  LEVEE_ASSIGN(const auto broken, FindBrokenBase(context, *objects, found));
  if (broken) std::erase_if(found.files, [&](const auto& file) { return file.version >= broken->version; });
  if (!found.files.empty()) {
    LEVEE_ASSIGN(const auto snapshot, LoadSnapshot(context, record, head, head.version));
    GroupPublisher publisher(context, record, head);
    LEVEE_ASSIGN(Applied applied, Apply(context, *objects, *snapshot, found.files, publisher));
    const bool new_layout = publisher.published() > 0 && CompactIfDue(context, record);
    if (publisher.published() > 0) context.views().Published(record.id);
    if (publisher.published() > 0 && !publisher.state_changed()) {
      RememberSnapshot(context, publisher.head(), *snapshot, publisher.head_commit());
    }
    if (applied.moved) return std::optional<CatchUpOutcome>();
    outcome = {.head = publisher.head(), .commits = publisher.published(),
               .stopped_by = std::move(applied.stopped_by)};
    if (new_layout) {
      LEVEE_ASSIGN(const auto compacted, context.store().ReadHead(record.id));
      if (compacted && compacted->version == outcome.head.version) outcome.head = *compacted;
    }
  }
  if (broken && !outcome.stopped_by) outcome.stopped_by = broken->why;
  if (found.base_beyond_gap && !outcome.stopped_by) {
    LEVEE_ASSIGN(auto beyond, StartBeyondGap(context, record, outcome.head, goal.to_version, imported));
    if (beyond) beyond->commits += outcome.commits;
    return beyond;
  }
  if (found.gap && !outcome.stopped_by) outcome.stopped_by = GapError(record, *found.gap);
  return outcome;
}

}  // namespace

Result<CatchUpOutcome> CatchUp(Context& context, const store::TableRecord& record, const store::Head& head,
                               const CatchUpGoal& goal) {
  metrics::Timer timer(metrics::Metric::kSyncSeconds);
  store::TableRecord now = record;
  store::Head current = head;
  bool imported = false;
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    LEVEE_ASSIGN(auto outcome, TryCatchUp(context, now, current, goal, imported));
    if (outcome) {
      outcome->commits += current.version - head.version;
      outcome->imported = imported;
      if (outcome->commits == 0) timer.Cancel();
      metrics::Count(metrics::Metric::kSyncCommits, outcome->commits);
      return std::move(*outcome);
    }
    LEVEE_ASSIGN(auto moved, context.store().ReadHead(record.id));
    if (!moved || moved->incarnation != head.incarnation) {
      return Fail(ErrorCode::kNotFound, record.uri, "the table was forgotten while it was synced");
    }
    current = std::move(*moved);
    if (!imported) continue;
    LEVEE_ASSIGN(auto found, context.store().FindTableByUri(record.uri));  // its floor is another one now
    if (found) now = std::move(*found);
  }
  return Fail(ErrorCode::kUnavailable, record.uri, "other processes kept moving the table's head");
}

}  // namespace levee::catalog

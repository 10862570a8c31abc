#include "catalog/import.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "base/parallel.h"
#include "base/thread_rank.h"
#include "catalog/base_entries.h"
#include "catalog/entry_runs.h"
#include "catalog/entry_timeline.h"
#include "catalog/import_memory.h"
#include "catalog/import_plan.h"
#include "catalog/spill_folder.h"
#include "columnar/segment.h"
#include "delta/checkpoint_reader.h"
#include "delta/commit_reader.h"
#include "metrics/metrics.h"

namespace levee::catalog {
namespace {

using columnar::ColumnRole;

// Neither the checkpoint's fault nor mended by an older one.
bool EndsAllAttempts(const Error& error) {
  return error.code == ErrorCode::kCancelled || error.code == ErrorCode::kResourceExhausted ||
         error.code == ErrorCode::kUnavailable;
}

// One attempt at importing one plan.
class Importer {
 public:
  Importer(const ImportContext& context, const ImportRequest& request, const delta::LogListing& listing,
           const delta::ReplayPlan& plan)
      : context_(context), request_(request), listing_(listing), plan_(plan),
        threads_(context.options.threads > 0 ? context.options.threads : MachineThreads()),
        floor_(FloorOf(plan)),
        timeline_({.keep_versions_from = floor_ + (plan.checkpoint || !plan.compacted.empty()),
                   .has_base = plan.checkpoint.has_value()}),
        held_(MemoryBudget::Process(), MemoryPart::kImports),
        memory_(ShareMemory(HoldImportMemory(context.options.memory_limit_bytes, held_), threads_)) {}

  // Runs are kept for a later import when this one fails for no fault of its own, or is killed.
  Result<ImportOutcome> Run() {
    auto outcome = TryRun();
    const bool keep = !outcome && EndsAllAttempts(outcome.error());
    if (runs_ && !keep) runs_->Discard();
    return outcome;
  }
  // True when the checkpoint could not be read, so that an older base may still do.
  bool checkpoint_failed() const { return checkpoint_failed_; }

 private:
  // The version whose state is known without single commits.
  static std::int64_t FloorOf(const delta::ReplayPlan& plan) {
    if (!plan.compacted.empty()) return plan.compacted.back().last_version;
    return plan.checkpoint ? plan.checkpoint->version : 0;
  }

  Result<ImportOutcome> TryRun();
  Status ReadBaseState();
  Status ReadAllCommits();
  void MakeRuns();
  void RemoveStale(const RunsPlace& place);
  Status ApplyCommit(const delta::CommitContent& commit);
  Status ApplyState(std::int64_t version, const std::vector<delta::StateAction>& actions);
  Status CheckState() const;
  Status ReadBaseFiles(store::ImportSession& session);
  Status WriteEntries(store::ImportSession& session);
  Status WriteTombstones(store::ImportSession& session);
  std::vector<store::CommitRecord> FinishCommits();
  store::CommitRecord BaseRecord();
  void Report(std::string_view step, std::int64_t done, std::int64_t total, std::string_view unit);

  const ImportContext& context_;
  const ImportRequest& request_;
  const delta::LogListing& listing_;
  const delta::ReplayPlan& plan_;
  const int threads_;
  const std::int64_t floor_;

  bool checkpoint_failed_ = false;
  objectstore::ParquetSource* parquet_ = nullptr;
  delta::CheckpointState base_state_;
  types::Schema base_schema_;
  std::optional<delta::Metadata> metadata_;   // the newest
  std::optional<delta::Protocol> protocol_;   // the newest
  std::vector<store::StateRecord> state_;
  std::vector<store::CommitRecord> commits_;
  EntryTimeline timeline_;
  MemoryHold held_;
  ImportMemory memory_;
  std::optional<EntryRuns> runs_;
  std::mutex mutex_;  // guards the progress callback
};

Result<ImportOutcome> Importer::TryRun() {
  const BackgroundScope background;
  LEVEE_RETURN_IF_ERROR(ReadBaseState());
  LEVEE_RETURN_IF_ERROR(ReadAllCommits());
  LEVEE_RETURN_IF_ERROR(CheckState());
  LEVEE_ASSIGN(const std::unique_ptr<store::ImportSession> session,
               context_.store.BeginImport(request_.table_id, {.first_version = floor_,
                                                              .last_version = plan_.version,
                                                              .main = request_.main,
                                                              .batch_latency_ms = context_.options.batch_latency_ms,
                                                              .replaces = request_.replaces}));
  MakeRuns();
  LEVEE_RETURN_IF_ERROR(ReadBaseFiles(*session));
  for (columnar::Batch& batch : timeline_.TakeBatches()) LEVEE_RETURN_IF_ERROR(runs_->Add(std::move(batch), nullptr));
  if (context_.options.memory_limit_bytes > 0) GiveBackFreed();
  LEVEE_RETURN_IF_ERROR(WriteEntries(*session));
  LEVEE_RETURN_IF_ERROR(WriteTombstones(*session));

  const std::vector<store::CommitRecord> commits = FinishCommits();
  LEVEE_RETURN_IF_ERROR(session->Publish(commits, state_));
  return ImportOutcome{.version = plan_.version, .first_version = floor_,
                       .commits = static_cast<std::int64_t>(plan_.commits.size()),
                       .files = commits.back().num_files,
                       .base = plan_.checkpoint ? plan_.checkpoint->Id() : std::string()};
}

Status Importer::ReadBaseState() {
  if (!plan_.checkpoint) return {};
  LEVEE_ASSIGN(parquet_, context_.load_parquet());
  auto state = delta::ReadCheckpointState(context_.objects, *parquet_, *plan_.checkpoint);
  if (!state) {
    checkpoint_failed_ = true;
    return std::unexpected(std::move(state).error());
  }
  base_state_ = std::move(*state);
  if (Status applied = ApplyState(floor_, base_state_.state); !applied) {
    checkpoint_failed_ = true;
    return applied;
  }
  if (metadata_) base_schema_ = metadata_->schema;
  return {};
}

Status Importer::ReadAllCommits() {
  timeline_.SetSchema(base_schema_);
  const auto total = static_cast<std::int64_t>(plan_.commits.size());
  std::int64_t done = 0;
  const auto apply = [&](delta::CommitContent commit) -> Status {
    LEVEE_RETURN_IF_ERROR(ApplyCommit(commit));
    if (++done % 256 == 0) Report("reading commits", done, total, "commits");
    return {};
  };
  // Compacted ranges stand for missing commits, in between the single ones.
  auto next = plan_.commits.begin();
  for (const delta::CompactedFile& compacted : plan_.compacted) {
    const auto end = std::find_if(next, plan_.commits.end(), [&](const delta::CommitFile& commit) {
      return commit.version > compacted.last_version;
    });
    LEVEE_RETURN_IF_ERROR(delta::ReadCommits(context_.objects, {next, end}, threads_, apply));
    next = end;
    LEVEE_ASSIGN(const delta::CommitContent content, delta::ReadCompacted(context_.objects, compacted));
    LEVEE_RETURN_IF_ERROR(ApplyCommit(content));
  }
  return delta::ReadCommits(context_.objects, {next, plan_.commits.end()}, threads_, apply);
}

Status Importer::ApplyCommit(const delta::CommitContent& commit) {
  LEVEE_RETURN_IF_ERROR(ApplyState(commit.version, commit.state));
  timeline_.Apply(commit);
  if (commit.version < floor_) return {};
  commits_.push_back({.version = commit.version,
                      .timestamp_ms = commit.timestamp_ms,
                      .fingerprint = {commit.object.etag, commit.content_hash},
                      .commit_info_json = commit.commit_info_json,
                      .files_added = static_cast<std::int64_t>(commit.adds.size()),
                      .files_removed = static_cast<std::int64_t>(commit.removes.size()),
                      .is_base = commit.version == floor_ && !plan_.compacted.empty()});
  return {};
}

Status Importer::ApplyState(std::int64_t version, const std::vector<delta::StateAction>& actions) {
  for (const delta::StateAction& action : actions) {
    if (action.kind == delta::StateKind::kProtocol) {
      LEVEE_ASSIGN(protocol_, delta::ParseProtocol(action.json));
    }
    if (action.kind == delta::StateKind::kMetadata) {
      LEVEE_ASSIGN(metadata_, delta::ParseMetadata(action.json));
      timeline_.SetSchema(metadata_->schema);
    }
    // Below the floor only the newest of each counts, as the state of the floor.
    state_.push_back({.kind = static_cast<std::uint8_t>(action.kind), .key = action.key,
                      .version = std::max(version, floor_), .json = action.json});
  }
  return {};
}

Status Importer::CheckState() const {
  if (!protocol_) {
    return Fail(ErrorCode::kCorrupt, context_.objects.uri(), "the log has no protocol action up to version " +
                std::to_string(plan_.version));
  }
  LEVEE_RETURN_IF_ERROR(delta::CheckReadable(*protocol_));
  if (!metadata_) {
    return Fail(ErrorCode::kCorrupt, context_.objects.uri(), "the log has no metaData action up to version " +
                std::to_string(plan_.version));
  }
  return {};
}

void Importer::MakeRuns() {
  EntryRunsOptions options{.threads = threads_,
                           .merge_bytes = memory_.merge_bytes,
                           .spill_folder = SpillFolder(context_.options)};
  for (const types::LeafColumn& leaf : metadata_->schema.Leaves()) {
    if (leaf.is_partition) options.partition_paths.push_back(leaf.physical_path);
  }
  if (plan_.checkpoint && !context_.options.runs_prefix.empty()) {
    const Hash128 hash = HashImportPlan(context_.objects, {.checkpoint = *plan_.checkpoint,
                                                           .sidecars = base_state_.sidecars,
                                                           .partition_paths = options.partition_paths,
                                                           .floor = floor_});
    options.place = {.prefix = context_.options.runs_prefix, .incarnation = request_.incarnation, .plan = hash};
    RemoveStale(*options.place);
  }
  runs_.emplace(std::move(options), [this](const std::string& note) {
    if (context_.options.on_note) context_.options.on_note(note);
  });
}

void Importer::RemoveStale(const RunsPlace& place) {
  std::optional<std::set<std::int64_t>> known;
  const auto is_known = [&](std::int64_t incarnation) {
    if (!known) {
      known.emplace();
      const auto tables = context_.store.ListTables();
      if (!tables) return true;
      for (const store::TableRecord& record : *tables) known->insert(record.incarnation);
    }
    return known->contains(incarnation);
  };
  RemoveStaleRuns(place, is_known, [this](const std::string& note) {
    if (context_.options.on_note) context_.options.on_note(note);
  });
}

Status Importer::ReadBaseFiles(store::ImportSession& session) {
  if (!plan_.checkpoint) return {};
  auto units = delta::CheckpointUnits::Open(context_.objects, *parquet_, *plan_.checkpoint, base_state_);
  Status read = units ? ReadBaseEntries({.options = context_.options,
                                         .timeline = timeline_,
                                         .runs = *runs_,
                                         .session = session,
                                         .floor = floor_},
                                        *units, base_schema_,
                                        {.threads = memory_.read_threads, .batch_bytes = memory_.batch_bytes})
                      : Status(std::unexpected(units.error()));
  if (!read) checkpoint_failed_ = read.error().code == ErrorCode::kCorrupt;
  return read;
}

Status Importer::WriteEntries(store::ImportSession& session) {
  const auto total = static_cast<std::int64_t>(runs_->rows());
  std::int64_t written = 0;
  for (const bool history : {false, true}) {
    LEVEE_RETURN_IF_ERROR(runs_->Finish(history, [&](columnar::Batch batch) -> Status {
      LEVEE_RETURN_IF_ERROR(session.AddEntries(batch, history));
      const std::lock_guard lock(mutex_);
      written += static_cast<std::int64_t>(batch.rows);
      if (context_.options.on_progress) {
        context_.options.on_progress({.step = "writing entries", .done = written, .total = total});
      }
      return {};
    }));
  }
  return {};
}

Status Importer::WriteTombstones(store::ImportSession& session) {
  std::map<std::int64_t, std::vector<delta::RemoveAction>> by_version;
  for (auto& [version, remove] : timeline_.TakeTombstones()) by_version[version].push_back(std::move(remove));
  for (const auto& [version, removes] : by_version) {
    for (std::size_t first = 0; first < removes.size(); first += columnar::kSegmentRowsMax) {
      const std::size_t last = std::min(removes.size(), first + columnar::kSegmentRowsMax);
      columnar::Batch batch = delta::RemovesToBatch(
          {removes.begin() + static_cast<std::ptrdiff_t>(first), removes.begin() + static_cast<std::ptrdiff_t>(last)},
          metadata_->schema);
      if (version > floor_) {
        columnar::ColumnVector versions;
        for (std::size_t row = 0; row < batch.rows; ++row) versions.PushInt(version);
        batch.columns.push_back({columnar::PlainKey(ColumnRole::kRemovedVersion), std::move(versions)});
      }
      LEVEE_RETURN_IF_ERROR(session.AddTombstones(batch));
    }
  }
  return {};
}

std::vector<store::CommitRecord> Importer::FinishCommits() {
  std::vector<store::CommitRecord> commits;
  if (commits_.empty() || commits_.front().version != floor_) commits.push_back(BaseRecord());
  commits.insert(commits.end(), commits_.begin(), commits_.end());
  runs_->totals().Fill(commits);
  return commits;
}

store::CommitRecord Importer::BaseRecord() {
  store::CommitRecord record{.version = floor_, .is_base = true};
  if (plan_.checkpoint) record.timestamp_ms = plan_.checkpoint->parts.front().modified_ms;
  for (const delta::CommitFile& file : listing_.commits) {
    if (file.version != floor_) continue;
    record.timestamp_ms = file.object.modified_ms;
    // The checkpoint holds the state; the commit only tells more about it.
    auto commit = delta::ReadCommit(context_.objects, file);
    if (!commit) break;
    record.timestamp_ms = commit->timestamp_ms;
    record.fingerprint = {commit->object.etag, commit->content_hash};
    record.commit_info_json = commit->commit_info_json;
    record.files_added = static_cast<std::int64_t>(commit->adds.size());
    record.files_removed = static_cast<std::int64_t>(commit->removes.size());
  }
  return record;
}

void Importer::Report(std::string_view step, std::int64_t done, std::int64_t total, std::string_view unit) {
  if (!context_.options.on_progress) return;
  const std::lock_guard lock(mutex_);
  context_.options.on_progress({.step = step, .done = done, .total = total, .unit = unit});
}

}  // namespace

Result<ImportOutcome> RunImport(const ImportContext& context, const ImportRequest& request,
                                const delta::LogListing& listing) {
  metrics::Timer timer(metrics::Metric::kImportSeconds);
  std::set<std::string> unusable;
  std::optional<Error> checkpoint_error;
  for (;;) {
    auto plan = delta::PlanReplay(listing, request.version, unusable);
    if (!plan) {
      return std::unexpected(checkpoint_error ? *checkpoint_error : std::move(plan).error());
    }
    Importer importer(context, request, listing, *plan);
    auto outcome = importer.Run();
    if (outcome) metrics::Count(metrics::Metric::kImportFiles, outcome->files);
    if (outcome || !importer.checkpoint_failed() || EndsAllAttempts(outcome.error())) return outcome;
    if (!checkpoint_error) checkpoint_error = outcome.error();
    unusable.insert(plan->checkpoint->Id());
    if (context.options.on_note) {
      context.options.on_note("checkpoint " + plan->checkpoint->Id() + " cannot be read: " +
                              outcome.error().why + " (an older base is used)");
    }
  }
}

}  // namespace levee::catalog

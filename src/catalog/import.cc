#include "catalog/import.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "base/parallel.h"
#include "catalog/entry_timeline.h"
#include "catalog/import_totals.h"
#include "catalog/run_sorter.h"
#include "columnar/segment.h"
#include "delta/checkpoint_reader.h"
#include "delta/commit_reader.h"

namespace levee::catalog {
namespace {

using columnar::ColumnRole;

std::string SpillFolder(const CatalogOptions& options) {
  if (!options.spill_folder.empty()) return options.spill_folder;
  const char* folder = std::getenv("TMPDIR");
  return folder != nullptr && *folder != '\0' ? folder : "/var/tmp";
}

std::string TextAt(const columnar::ColumnVector* column, std::size_t row) {
  return column != nullptr && column->IsValid(row) ? std::string(column->strings[row]) : std::string();
}

std::string DvIdAt(const columnar::Batch& batch, std::size_t row) {
  const std::string storage = TextAt(batch.Find(ColumnRole::kDvStorageType), row);
  if (storage.empty()) return {};
  delta::DeletionVectorDescriptor vector;
  vector.storage_type = storage;
  vector.path_or_inline = TextAt(batch.Find(ColumnRole::kDvPathOrInline), row);
  const columnar::ColumnVector* offset = batch.Find(ColumnRole::kDvOffset);
  if (offset != nullptr && offset->IsValid(row)) vector.offset = offset->ints[row];
  return vector.UniqueId();
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
                   .has_base = plan.checkpoint.has_value()}) {}

  Result<ImportOutcome> Run();
  // True when the checkpoint could not be read, so that an older base may still do.
  bool checkpoint_failed() const { return checkpoint_failed_; }

 private:
  // The version whose state is known without single commits.
  static std::int64_t FloorOf(const delta::ReplayPlan& plan) {
    if (!plan.compacted.empty()) return plan.compacted.back().last_version;
    return plan.checkpoint ? plan.checkpoint->version : 0;
  }

  Status ReadBaseState();
  Status ReadAllCommits();
  Status ApplyCommit(const delta::CommitContent& commit);
  Status ApplyState(std::int64_t version, const std::vector<delta::StateAction>& actions);
  Status CheckState() const;
  Status ReadBaseFiles(store::ImportSession& session);
  Status EndBaseEntries(columnar::Batch& batch);
  Status Route(columnar::Batch batch);
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
  ImportTotals totals_;
  std::optional<RunSorter> alive_, ended_;
  std::mutex mutex_;  // guards timeline_ while the base is read, files_read_, and the progress callback
  std::int64_t files_read_ = 0;
};

Result<ImportOutcome> Importer::Run() {
  LEVEE_RETURN_IF_ERROR(ReadBaseState());
  LEVEE_RETURN_IF_ERROR(ReadAllCommits());
  LEVEE_RETURN_IF_ERROR(CheckState());
  LEVEE_ASSIGN(const std::unique_ptr<store::ImportSession> session,
               context_.store.BeginImport(request_.table_id, {.first_version = floor_,
                                                              .last_version = plan_.version,
                                                              .main = request_.main}));
  RunSorterOptions sorting{.spill_folder = SpillFolder(context_.options), .threads = threads_};
  for (const types::LeafColumn& leaf : metadata_->schema.Leaves()) {
    if (leaf.is_partition) sorting.partition_paths.push_back(leaf.physical_path);
  }
  alive_.emplace(sorting);
  ended_.emplace(std::move(sorting));
  LEVEE_RETURN_IF_ERROR(ReadBaseFiles(*session));
  for (columnar::Batch& batch : timeline_.TakeBatches()) LEVEE_RETURN_IF_ERROR(Route(std::move(batch)));
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

Status Importer::ReadBaseFiles(store::ImportSession& session) {
  if (!plan_.checkpoint) return {};
  const auto on_adds = [&](columnar::Batch batch) -> Status {
    const auto rows = static_cast<std::int64_t>(batch.rows);
    LEVEE_RETURN_IF_ERROR(EndBaseEntries(batch));
    LEVEE_RETURN_IF_ERROR(Route(std::move(batch)));
    const std::lock_guard lock(mutex_);
    files_read_ += rows;
    if (context_.options.on_progress) {
      context_.options.on_progress({.step = "reading checkpoint", .done = files_read_, .total = 0});
    }
    return {};
  };
  const auto on_removes = [&](columnar::Batch batch) { return session.AddTombstones(batch); };
  Status read = delta::ReadCheckpointFiles(context_.objects, *parquet_, *plan_.checkpoint, base_state_,
                                           base_schema_, {.threads = threads_}, on_adds, on_removes);
  if (!read) checkpoint_failed_ = read.error().code == ErrorCode::kCorrupt;
  return read;
}

Status Importer::EndBaseEntries(columnar::Batch& batch) {
  const columnar::ColumnVector* hashes = batch.Find(ColumnRole::kKeyHash);
  if (hashes == nullptr) return Fail(ErrorCode::kInternal, "import", "entries without key hashes");
  std::unordered_map<std::size_t, const EntryEnd*> ends;
  std::vector<std::uint32_t> keep;
  bool vanished = false;
  for (std::size_t row = 0; row < batch.rows; ++row) {
    const EntryEnd* end = nullptr;
    if (timeline_.MayEndBase(hashes->ints[row])) {
      const std::string dv_id = DvIdAt(batch, row);
      const std::lock_guard lock(mutex_);
      end = timeline_.FindBaseEnd(TextAt(batch.Find(ColumnRole::kPath), row), dv_id);
    }
    if (end != nullptr && end->version <= floor_) {
      vanished = true;
      continue;
    }
    if (end != nullptr) ends.emplace(keep.size(), end);
    keep.push_back(static_cast<std::uint32_t>(row));
  }
  if (vanished) batch = columnar::GatherRows(batch, keep);
  AddEndColumns(batch, ends);
  return {};
}

Status Importer::Route(columnar::Batch batch) {
  totals_.Count(batch);
  const columnar::ColumnVector* removed = batch.Find(ColumnRole::kRemovedVersion);
  if (removed == nullptr) return alive_->Add(std::move(batch));
  Bitmap is_ended(batch.rows);
  std::vector<std::uint32_t> ended;
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    if (!removed->IsValid(row)) continue;
    is_ended.Set(row);
    ended.push_back(row);
  }
  if (!ended.empty()) LEVEE_RETURN_IF_ERROR(ended_->Add(columnar::GatherRows(batch, ended)));
  return alive_->Add(std::move(batch), is_ended);
}

Status Importer::WriteEntries(store::ImportSession& session) {
  const auto total = static_cast<std::int64_t>(alive_->rows() + ended_->rows());
  std::int64_t written = 0;
  for (const bool history : {false, true}) {
    LEVEE_RETURN_IF_ERROR((history ? ended_ : alive_)->Finish([&](columnar::Batch batch) -> Status {
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
  totals_.Fill(commits);
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
  std::set<std::string> unusable;
  std::optional<Error> checkpoint_error;
  for (;;) {
    auto plan = delta::PlanReplay(listing, request.version, unusable);
    if (!plan) {
      return std::unexpected(checkpoint_error ? *checkpoint_error : std::move(plan).error());
    }
    Importer importer(context, request, listing, *plan);
    auto outcome = importer.Run();
    if (outcome || !importer.checkpoint_failed()) return outcome;
    if (!checkpoint_error) checkpoint_error = outcome.error();
    unusable.insert(plan->checkpoint->Id());
    if (context.options.on_note) {
      context.options.on_note("checkpoint " + plan->checkpoint->Id() + " cannot be read: " +
                              outcome.error().why + " (an older base is used)");
    }
  }
}

}  // namespace levee::catalog

#include "catalog/entry_runs.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/test_pause.h"
#include "columnar/segment.h"

namespace levee::catalog {
namespace {

using columnar::ColumnRole;

Result<columnar::Batch> ReadWhole(const columnar::RunFile& file, const columnar::Run& run) {
  std::vector<columnar::ColumnKey> keys;
  for (const columnar::RunColumn& column : run.columns) keys.push_back(column.key);
  return file.ReadColumns(run, keys);
}

}  // namespace

EntryRuns::EntryRuns(EntryRunsOptions options, NoteSink note)
    : options_(std::move(options)), note_(std::move(note)), alive_(SorterOptions(RunKind::kAlive)),
      ended_(SorterOptions(RunKind::kEnded)) {}

RunSorterOptions EntryRuns::SorterOptions(RunKind kind) {
  return {.partition_paths = options_.partition_paths,
          .threads = options_.threads,
          .merge_bytes = options_.merge_bytes,
          .file = [this] { return File(); },
          .on_order = [this, kind](const columnar::EntryOrder& order) { return NoteOrder(kind, order); }};
}

Result<FoundRuns> EntryRuns::Resume(std::size_t units, const EntryTimeline& timeline,
                                    const std::function<Status(const columnar::Batch&)>& on_tombstones) {
  FoundRuns found;
  if (!options_.place) return found;
  LEVEE_ASSIGN(kept_, KeptRuns::Reopen(*options_.place, note_));
  if (!kept_) return found;
  file_ = &kept_->file();
  holding_ = false;
  found.done = Bitmap(units);
  std::vector<const columnar::Run*> alive, ended;
  std::size_t outdated = 0;
  for (const CompletedUnits& completed : kept_->found().completed) {
    const bool fresh = std::all_of(completed.units.begin(), completed.units.end(), [&](std::size_t unit) {
      return unit < units && !found.done.Get(unit);
    });
    if (!fresh) continue;  // read again in between, because other commits had ended its entries
    LEVEE_ASSIGN(const bool same_ends, HasSameEnds(completed, timeline));
    if (!same_ends) {
      outdated += completed.units.size();
      continue;
    }
    for (const std::size_t unit : completed.units) found.done.Set(unit);
    found.units += completed.units.size();
    found.files += completed.files;
    found.met_ends.insert(found.met_ends.end(), completed.met_ends.begin(), completed.met_ends.end());
    totals_.Add(completed.totals);
    for (const KeptRun& kept : completed.runs) {
      if (kept.kind == RunKind::kAlive) alive.push_back(&kept.run);
      if (kept.kind == RunKind::kEnded) ended.push_back(&kept.run);
      if (kept.kind != RunKind::kTombstones) continue;
      LEVEE_ASSIGN(const columnar::Batch removes, ReadWhole(*file_, kept.run));
      LEVEE_RETURN_IF_ERROR(on_tombstones(removes));
    }
  }
  // An order stands before the first run of its kind, so that a cut manifest has it too.
  for (const KeptOrder& kept : kept_->found().orders) {
    orders_.push_back(kept);
    const bool is_alive = kept.kind == RunKind::kAlive;
    LEVEE_RETURN_IF_ERROR((is_alive ? alive_ : ended_).Restore(kept.order, is_alive ? alive : ended));
    (is_alive ? alive : ended).clear();
  }
  if (!alive.empty() || !ended.empty()) return Fail(ErrorCode::kInternal, "import", "a kept run has no order");
  LEVEE_RETURN_IF_ERROR(alive_.StopHolding());
  LEVEE_RETURN_IF_ERROR(ended_.StopHolding());
  if (outdated > 0) {
    note_("commits that landed since end entries of " + std::to_string(outdated) + " row groups: read again");
  }
  return found;
}

// Those that had ended must have the same end, and those that were alive none. Keys are compared by their stored
// hash, which two files may share: then row groups are read again for nothing.
Result<bool> EntryRuns::HasSameEnds(const CompletedUnits& completed, const EntryTimeline& timeline) {
  if (timeline.HashBaseEnds(completed.met_ends) != completed.ends_hash) return false;
  for (const KeptRun& kept : completed.runs) {
    if (kept.kind != RunKind::kAlive) continue;
    LEVEE_ASSIGN(const columnar::Batch keys,
                 file_.load()->ReadColumns(kept.run, {columnar::PlainKey(ColumnRole::kKeyHash)}));
    const columnar::ColumnVector* hashes = keys.Find(ColumnRole::kKeyHash);
    if (hashes == nullptr) return false;
    for (const std::int64_t hash : hashes->ints) {
      if (timeline.MayEndBase(hash)) return false;
    }
  }
  return true;
}

std::shared_ptr<RunShare> EntryRuns::NewShare() const { return std::make_shared<RunShare>(); }

Status EntryRuns::Add(columnar::Batch entries, const std::shared_ptr<RunShare>& share) {
  if (!share) worth_keeping_ = false;
  (share ? share->totals_ : totals_).Count(entries);
  const columnar::ColumnVector* removed = entries.Find(ColumnRole::kRemovedVersion);
  Bitmap is_ended;
  if (removed != nullptr) {
    is_ended = Bitmap(entries.rows);
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = 0; row < entries.rows; ++row) {
      if (!removed->IsValid(row)) continue;
      is_ended.Set(row);
      rows.push_back(row);
    }
    if (!rows.empty()) LEVEE_RETURN_IF_ERROR(AddTo(RunKind::kEnded, columnar::GatherRows(entries, rows), {}, share));
  }
  if (is_ended.Count() < entries.rows) {
    LEVEE_RETURN_IF_ERROR(AddTo(RunKind::kAlive, std::move(entries), is_ended, share));
  }
  if (file_ == nullptr || !holding_.exchange(false)) return {};
  LEVEE_RETURN_IF_ERROR(alive_.StopHolding());
  return ended_.StopHolding();
}

Status EntryRuns::AddTo(RunKind kind, columnar::Batch batch, const Bitmap& left_out,
                        const std::shared_ptr<RunShare>& share) {
  OnRun on_run;
  if (share && options_.place) {
    const std::lock_guard lock(share->mutex_);
    ++share->pending_;
    on_run = [this, kind, share](const columnar::Run& run) { return Written(kind, run, *share); };
  }
  return (kind == RunKind::kAlive ? alive_ : ended_).Add(std::move(batch), left_out, std::move(on_run));
}

Status EntryRuns::AddTombstones(const columnar::Batch& removes, const std::shared_ptr<RunShare>& share) {
  if (!options_.place || removes.rows == 0) return {};
  // A table that spills nothing shall not do so for its removes: these are then read again.
  columnar::RunFile* const file = file_;
  if (file == nullptr) {
    const std::lock_guard lock(share->mutex_);
    share->unkept_ = true;
    return {};
  }
  std::vector<std::uint32_t> rows(removes.rows);
  std::iota(rows.begin(), rows.end(), 0);
  KeptRun kept{.kind = RunKind::kTombstones, .run = {}};
  LEVEE_ASSIGN(kept.run, file->Append(removes, rows));
  const std::lock_guard lock(share->mutex_);
  share->content_.runs.push_back(std::move(kept));
  return {};
}

Status EntryRuns::Complete(const std::shared_ptr<RunShare>& share, const std::vector<std::size_t>& units) {
  const std::lock_guard lock(share->mutex_);
  share->content_.units = units;
  share->content_.totals = share->totals_.changes();
  totals_.Add(share->content_.totals);
  share->closed_ = true;
  return share->pending_ == 0 ? WriteDown(*share) : Status();
}

Status EntryRuns::Written(RunKind kind, const columnar::Run& run, RunShare& share) {
  const std::lock_guard lock(share.mutex_);
  share.content_.runs.push_back({kind, run});
  --share.pending_;
  return share.closed_ && share.pending_ == 0 ? WriteDown(share) : Status();
}

Status EntryRuns::WriteDown(RunShare& share) {
  KeptRuns* kept = nullptr;
  {
    const std::lock_guard lock(mutex_);
    kept = kept_.get();
  }
  if (kept != nullptr && !share.unkept_) LEVEE_RETURN_IF_ERROR(kept->Append(EncodeRecord(share.content_)));
  share.content_ = {};
  if (kept != nullptr) PauseForTest("import-units");
  return {};
}

Status EntryRuns::NoteOrder(RunKind kind, const columnar::EntryOrder& order) {
  const std::lock_guard lock(mutex_);
  orders_.push_back({kind, order});
  return kept_ ? kept_->Append(EncodeRecord(orders_.back())) : Status();
}

Result<columnar::RunFile*> EntryRuns::File() {
  const std::lock_guard lock(mutex_);
  if (file_ != nullptr) return file_.load();
  if (options_.place && worth_keeping_) {
    LEVEE_ASSIGN(kept_, KeptRuns::Create(*options_.place));
  }
  if (kept_) {
    for (const KeptOrder& order : orders_) LEVEE_RETURN_IF_ERROR(kept_->Append(EncodeRecord(order)));
    file_ = &kept_->file();
    return file_.load();
  }
  LEVEE_ASSIGN(unnamed_, columnar::RunFile::Create(options_.spill_folder));
  file_ = unnamed_.get();
  return file_.load();
}

Status EntryRuns::Finish(bool history, const std::function<Status(columnar::Batch)>& emit) {
  return (history ? ended_ : alive_).Finish(emit);
}

void EntryRuns::Discard() {
  const std::lock_guard lock(mutex_);
  if (kept_) kept_->Remove();
}

}  // namespace levee::catalog

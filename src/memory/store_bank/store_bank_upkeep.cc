// Merging, verification, backup.
#include <algorithm>
#include <chrono>

#include "base/parallel.h"
#include "memory/bank/materialise.h"
#include "memory/store_bank/rebuild.h"
#include "memory/store_bank/verify.h"
#include "memory/store_bank/with_view.h"

namespace levee::memory {

void StoreBank::MergeInBackground() {
  std::unique_lock lock(merge_mutex_);
  const auto wanted = [this] { return merge_due_ || ending_; };
  const std::chrono::milliseconds quiet(options_.drop_lease_ms + 1);
  bool untidy = false;  // merges have left something behind
  while (true) {
    // Space is given back once nothing was merged for a while: until then the next merge takes it.
    if (!untidy) merge_wanted_.wait(lock, wanted);
    const bool rests = !wanted() && !merge_wanted_.wait_for(lock, quiet, wanted);
    if (rests || (!merge_due_ && untidy)) {
      // What is read by others who know the older layout is asked for anew: the last one out need not wait for them.
      const std::int64_t lease_ms = ending_ ? -1 : options_.drop_lease_ms;
      lock.unlock();
      [[maybe_unused]] const Status tidied = TidyUp(lease_ms);
      untidy = false;
      lock.lock();
      continue;
    }
    if (!merge_due_) return;
    merge_due_ = false;
    untidy = true;
    lock.unlock();
    MaintenanceReport report;
    // What fails here fails again, and is told, where somebody asks for it: nothing of the bank depends on it.
    while (true) {
      const auto merged = MergeOnce(PolicyNow(false), report);
      if (!merged || !*merged) break;
      merged_.notify_all();
      [[maybe_unused]] const Status moved = store_.Checkpoint();
    }
    [[maybe_unused]] const Status completed = CompleteIndexes();
    lock.lock();
  }
}

Status StoreBank::TidyUp(std::int64_t lease_ms) {
  // A step takes a few milliseconds of the writers' lock; a tenth of the file may stay free.
  constexpr std::int64_t kStepBytes = 1 << 20, kLeastBytes = 4 << 20, kKeptShare = 10;
  const std::lock_guard one(maintaining_);
  if (store_.read_only()) return {};
  LEVEE_RETURN_IF_ERROR(store_.CollectGarbage(clock_.NowMicros() / 1000, lease_ms));
  LEVEE_ASSIGN(const std::int64_t size, store_.SizeBytes());
  LEVEE_ASSIGN(std::int64_t free, store_.FreeBytes());
  if (free < std::max(kLeastBytes, size / kKeptShare)) return {};
  while (free > 0) {
    {
      const std::lock_guard lock(merge_mutex_);
      if (merge_due_) return {};
    }
    LEVEE_ASSIGN(const std::int64_t left, store_.ReleaseFreeBytes(kStepBytes));
    if (left >= free) break;  // others free as fast
    free = left;
  }
  return store_.Checkpoint();
}

MergePolicy StoreBank::PolicyNow(bool everything) const {
  MergePolicy policy{.everything = everything, .keep_since = std::nullopt};
  if (const auto keep_us = Now()->keep_us) policy.keep_since = clock_.NowMicros() - *keep_us;
  return policy;
}

int StoreBank::MergeThreads() const {
  const int threads = options_.threads > 0 ? options_.threads : MachineThreads();
  constexpr std::int64_t kRecentNs = 50'000'000;
  const bool writes = held_up_ == 0 && clock_.MonotonicNanos() - wrote_ns_ < kRecentNs;
  return std::max(1, writes ? threads - 1 : threads);
}

Result<bool> StoreBank::MergeOnce(const MergePolicy& policy, MaintenanceReport& report) {
  const std::lock_guard one(maintaining_);
  if (store_.read_only()) return false;
  std::optional<MergePlan> plan;
  std::vector<IndexDefinition> indexes;
  Interner* names = nullptr;
  {
    LEVEE_ASSIGN(const SharedView::Reading view, view_.Read());
    LEVEE_ASSIGN(plan, PlanMerge(*view, policy));
    // A note that is none is told by questions, and keeps nobody from merging.
    indexes = IndexDefinitionsOf(view->notes()).value_or(std::vector<IndexDefinition>());
    names = &view->names();  // lives as long as the view
  }
  if (!plan) return false;
  const int threads = MergeThreads();
  std::vector<std::shared_ptr<const text::Part>> texts(plan->sources.size());
  LEVEE_RETURN_IF_ERROR(ParallelFor(texts.size(), threads, [&](std::size_t i) -> Status {
    LEVEE_ASSIGN(texts[i], text_.Rows(plan->sources[i].part, *names, true));
    return {};
  }));
  const SegmentExtras extras{.write_postings = [&](std::span<const SourceRow> rows) { return text_.Merge(texts, rows); },
                             .make_index_writer = IndexWritersOf(std::move(indexes), *names)};
  LEVEE_ASSIGN(const MergeResult result, RunMerge(*plan, store_, *names, pages_, extras, threads));
  LEVEE_RETURN_IF_ERROR(view_.Refresh());
  text_.Forget(*view_.ReadAsIs());
  indexes_.Forget(*view_.ReadAsIs());
  LEVEE_RETURN_IF_ERROR(store_.CollectGarbage(clock_.NowMicros() / 1000, options_.drop_lease_ms));
  if (result.published) {
    report.merged_items += result.rows;
    report.purged_versions += result.purged;
  }
  return true;
}

Result<MaintenanceReport> StoreBank::Maintain(const MaintenanceOptions& options) {
  return AsStorageError(MaintainNow(options));
}

Result<MaintenanceReport> StoreBank::MaintainNow(const MaintenanceOptions& options) {
  MaintenanceReport report;
  const std::int64_t begin_ns = clock_.MonotonicNanos();
  LEVEE_ASSIGN(const std::int64_t size_before, store_.SizeBytes());
  if (options.repair || options.rebuild) {
    // Without the view: what is damaged may keep it from being read at all.
    const std::lock_guard one(maintaining_);
    LEVEE_ASSIGN(RebuildReport rebuilt, RebuildBank(store_, text_, options.rebuild));
    report.repaired = std::move(rebuilt.repaired);
    report.lost = std::move(rebuilt.lost);
    LEVEE_RETURN_IF_ERROR(view_.Refresh());
    text_.Forget(*view_.ReadAsIs());
    indexes_.Forget(*view_.ReadAsIs());
  }
  if (options.merge || options.purge) {
    LEVEE_RETURN_IF_ERROR(view_.Read());
    view_.SealTail();
    bool everything = true;
    while (true) {
      LEVEE_ASSIGN(const bool merged, MergeOnce(PolicyNow(everything), report));
      if (!merged) break;
      everything = false;  // once is enough: what is left is full
    }
    LEVEE_RETURN_IF_ERROR(CompleteIndexes());
  }
  if (options.compact_file) {
    LEVEE_RETURN_IF_ERROR(store_.CollectGarbage(clock_.NowMicros() / 1000 + 1, 0));
    LEVEE_RETURN_IF_ERROR(store_.ShrinkFile());
  }
  if (Now()->optimise) LEVEE_RETURN_IF_ERROR(Optimise());
  LEVEE_ASSIGN(const std::int64_t size_after, store_.SizeBytes());
  report.freed_bytes = std::max<std::int64_t>(0, size_before - size_after);
  report.seconds = static_cast<double>(clock_.MonotonicNanos() - begin_ns) / 1e9;
  return report;
}

Result<VerifyReport> StoreBank::Verify() {
  return AsStorageError(VerifyBank(store_, clock_, text_));
}

Status StoreBank::Backup(const std::string& path) {
  return AsStorageError(store_.CopyTo(path));
}

}  // namespace levee::memory

// The memory bank over a store. Writing stands in store_bank_write.cc, questions in store_bank_read.cc, upkeep in
// store_bank_upkeep.cc, custom indexes in store_bank_indexes.cc, statistics in store_bank_statistics.cc.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "base/cancellation.h"
#include "base/clock.h"
#include "base/memory_budget.h"
#include "base/schedule.h"
#include "levee/memory.h"
#include "memory/bank/commit_queue.h"
#include "memory/bank/merge.h"
#include "memory/query/find.h"
#include "memory/statistics/alerts.h"
#include "memory/statistics/history.h"
#include "memory/statistics/operation_log.h"
#include "memory/store_bank/options.h"
#include "memory/store_bank/shared_view.h"
#include "memory/store_bank/text_index.h"

namespace levee::memory {

class StoreBank final : public MemoryBank {
 public:
  // Both outlive it. VALIDATION_ERROR for a language that there is not.
  static Result<std::unique_ptr<StoreBank>> Open(store::BankStore& store, Clock& clock, StoreBankOptions options);
  // Ends a merge that runs, and does one that is due.
  ~StoreBank() override;

  const std::string& uri() const override { return store_.uri(); }

  Result<std::vector<Written>> Store(std::vector<ItemWrite> items, const WriteOptions& options) override;
  Result<std::vector<Written>> Update(std::vector<ItemChange> changes, const WriteOptions& options) override;
  Result<std::vector<Written>> Delete(std::vector<ItemRemoval> removals, const WriteOptions& options) override;

  Result<std::optional<Item>> Get(std::string_view id, const ItemVersionChoice& choice) override;
  Result<std::vector<std::optional<Item>>> GetAll(std::span<const std::string> ids,
                                                  const ItemVersionChoice& choice) override;
  Result<std::vector<ItemVersion>> History(std::string_view id, std::optional<std::int64_t> limit) override;
  Result<ItemPage> Find(const ItemQuery& query) override;
  Result<std::int64_t> Count(const ItemQuery& query) override;
  Result<std::vector<FacetCount>> Facets(const ItemQuery& query, FacetField field, std::int64_t limit) override;
  Result<std::string> Explain(const ItemQuery& query, ExplainFormat format, bool analyze) override;

  Result<std::vector<NamespaceInfo>> Namespaces() override;
  Status SetQuota(std::string_view name_space, const Quota& quota) override;
  Status AddIndex(const IndexSpec& index) override;
  Status DropIndex(std::string_view name) override;
  Result<std::vector<IndexSpec>> Indexes() override;

  Result<MemoryStats> Stats() override;
  Result<StatsHistory> StatsSince(std::int64_t since) override;
  Status UpdateSettings(const std::map<std::string, std::string>& settings) override;
  Status ClearCache() override;
  Result<MaintenanceReport> Maintain(const MaintenanceOptions& options) override;
  Result<VerifyReport> Verify() override;
  Status Backup(const std::string& path) override;

 private:
  StoreBank(store::BankStore& store, Clock& clock, StoreBankOptions options, std::shared_ptr<const text::Analyzer> analyzer);

  // --- writing
  Result<std::vector<Written>> Write(std::vector<WriteOperation> operations, const WriteOptions& options);
  // Nanoseconds of waiting for the lock.
  std::int64_t WriteAll(std::span<WriteRequest* const> requests);
  Status WriteGroup(std::span<WriteRequest* const> requests, std::int64_t& waited_ns);
  Status SetNote(std::string_view key, std::optional<std::string> value, const std::function<Status(const View&)>& check);

  // --- reading
  // The bank's own replica, as the notes of the view have it.
  const std::string& ReplicaOf(const View& view) const;
  Result<std::optional<Item>> GetFrom(const View& view, std::string_view id, const ItemVersionChoice& choice);
  Result<ItemPage> FindIn(const View& view, const ItemQuery& query, FindTrace& trace);
  Result<std::vector<Hit>> AllIn(const View& view, const ItemQuery& query, FindTrace& trace);
  // Asks again, once, where a merge has taken away what the view refers to.
  template <typename T>
  Result<T> WithView(const std::function<Result<T>(const View&)>& ask);

  // --- upkeep
  Result<MaintenanceReport> MaintainNow(const MaintenanceOptions& options);
  // Returns once what is not merged yet has room in memory: a writer that is faster than merging waits for it.
  Status WaitForMerging();
  // Lets the background merge what is sealed.
  void WakeMerger();
  Status Optimise();
  void MergeInBackground();
  // Deletes what merges dropped before the lease, and gives free space back.
  Status TidyUp(std::int64_t lease_ms);
  // False: there was nothing to merge.
  Result<bool> MergeOnce(const MergePolicy& policy, MaintenanceReport& report);
  MergePolicy PolicyNow(bool everything) const;
  // How many threads a merge may have: writers that are at it keep one.
  int MergeThreads() const;
  // Segments that lack a custom index get it, and lose those that were dropped.
  Status CompleteIndexes();
  // Reads the newest items into the cache, until it ends or there is no room without giving up others.
  void Warm(const std::stop_token& stop);

  // --- statistics
  void StartSchedule();
  // Keeps what was done since the last time, if anything was.
  Status Collect();
  // Tells of limits that what was collected since the last call passes, and what was before did not.
  void TellAlerts();
  // Of items that are kept decoded, and of pages.
  std::int64_t CacheBytes();
  // The cache's counts since the last time go to `activity`.
  void TakeCacheCounts(Activity& activity);
  void Note(const std::string& note) const;
  void TellOperation(const SlowOperation& operation) const;

  // --- settings
  // As they are now; those that may change while the bank is open are to be asked for here, not in options_.
  std::shared_ptr<const StoreBankOptions> Now() const {
    const std::lock_guard lock(options_mutex_);
    return options_now_;
  }
  void TakeUp(std::shared_ptr<const StoreBankOptions> options);
  // What questions may take, for the calling thread.
  CancellationScope LimitQuestion() const;
  // The error of a question that took too long, told as one.
  Error AsTimeout(Error error) const;
  template <typename T>
  Result<T> InTime(Result<T> answer) const {
    if (answer || answer.error().code != ErrorCode::kCancelled) return answer;
    return std::unexpected(AsTimeout(std::move(answer).error()));
  }

  store::BankStore& store_;
  Clock& clock_;
  const StoreBankOptions options_;
  RecordCache records_;
  MemoryHold cache_hold_{MemoryBudget::Process(), MemoryPart::kCaches};  // what the next may fill
  SegmentPages pages_;
  SharedView view_;
  TextIndex text_;
  ItemIndexes indexes_;
  OperationLog log_;
  CommitQueue queue_;
  std::mutex maintaining_;          // held by the one who merges
  std::atomic<std::int64_t> wrote_ns_{std::numeric_limits<std::int64_t>::min() / 2};  // when something was written last
  std::atomic<int> held_up_{0};     // writers that wait for merging

  StatisticsHistory history_;
  std::mutex collecting_;           // held by the one who collects
  std::int64_t collected_ = 0;      // guarded by collecting_; when it was done last, microseconds since the epoch
  cache::CacheCounters cache_before_;  // guarded by collecting_
  Activity unjudged_;               // guarded by collecting_; collected since TellAlerts
  AlertCrossings crossings_;        // guarded by collecting_

  std::mutex merge_mutex_;
  std::condition_variable merge_wanted_, merged_;
  bool merge_due_ = false;          // guarded by merge_mutex_
  bool ending_ = false;             // guarded by merge_mutex_
  std::thread merger_;              // started with the first merge that is due

  std::mutex updating_;             // held by the one who changes settings
  std::map<std::string_view, std::string> changed_;  // guarded by updating_; settings that are not as they were at the start
  mutable std::mutex options_mutex_;
  std::shared_ptr<const StoreBankOptions> options_now_;  // guarded by options_mutex_
  struct Jobs {
    std::size_t statistics = 0, checkpoint = 0, optimise = 0, vacuum = 0;
  };
  Jobs jobs_;                       // constant once it is open
  Schedule schedule_;               // its jobs use all above
  std::jthread warmer_;             // last: it uses the rest
};

}  // namespace levee::memory

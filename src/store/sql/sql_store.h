// store::Store over any SQL database that a Driver gives. Its parts stand in files of their own: tables.cc,
// commits.cc, state.cc, scan.cc, publish.cc, import_session.cc, compaction.cc, tombstones.cc, examine.cc, info.cc.
#pragma once

#include <memory>
#include <optional>

#include "base/clock.h"
#include "cache/level_options.h"
#include "store/sql/bank/sql_bank.h"
#include "store/sql/driver.h"
#include "store/sql/entry_count.h"
#include "store/sql/entry_stream.h"
#include "store/sql/layout_cache.h"
#include "store/sql/partition_sums.h"
#include "store/sql/retention.h"
#include "store/sql/segment_reader.h"
#include "store/sql/segment_writer.h"
#include "store/store.h"

namespace levee::store {

struct SqlStoreOptions {
  std::size_t cache_bytes = 256 << 20;
  bool key_indexes = true;              // build indexes of columns, and read them
  bool index_everything = false;        // whether they pay or not
  bool encoded_evaluation = true;       // look at columns as they are stored where decoding them does not pay
  cache::CacheSetup caches;
  std::int64_t drop_lease_ms = 60'000;  // how long readers may go on with what compaction replaced
};

class SqlStore final : public Store {
 public:
  // Checks and upgrades the schema.
  static Result<std::unique_ptr<Store>> Open(std::unique_ptr<Driver> driver, const SqlStoreOptions& options,
                                             Clock& clock);

  BankStore& bank() override { return bank_; }

  Result<std::optional<TableRecord>> FindTableByUri(std::string_view uri) override;
  Result<std::optional<TableRecord>> FindTableByName(std::string_view name) override;
  Result<std::vector<TableRecord>> ListTables() override;
  Result<TableRecord> CreateTable(std::string_view uri, std::string_view name,
                                  std::optional<std::int64_t> keep_ms) override;
  Status SetTableOptions(std::int64_t table_id, std::optional<std::string> name,
                         std::optional<std::int64_t> keep_ms) override;
  Status ForgetTable(std::int64_t table_id) override;

  Result<std::unique_ptr<ImportSession>> BeginImport(std::int64_t table_id, const RangeSpec& range) override;
  Result<std::optional<Published>> PublishCommits(std::int64_t table_id, const Head& expected,
                                                  std::vector<CommitDelta> commits) override;
  Status TouchSync(std::int64_t table_id, std::int64_t now_ms) override;
  Status SetFingerprint(std::int64_t table_id, std::int64_t version, const CommitFingerprint& fingerprint) override;
  Result<bool> Compact(std::int64_t table_id, bool force) override;

  Result<std::optional<Head>> ReadHead(std::int64_t table_id) override;
  Result<bool> HasVersion(std::int64_t table_id, std::int64_t version) override;
  Result<std::vector<std::pair<std::int64_t, std::int64_t>>> VersionRanges(std::int64_t table_id) override;
  Result<std::vector<StateRecord>> ReadState(std::int64_t table_id, std::int64_t version) override;
  Result<std::vector<CommitRecord>> ReadCommits(std::int64_t table_id, std::int64_t first, std::int64_t last,
                                                std::int64_t limit) override;
  Result<std::unique_ptr<columnar::BatchStream>> Scan(const ScanRequest& request) override;
  Result<std::int64_t> Count(const ScanRequest& request) override;
  Result<std::optional<columnar::Batch>> FindByPath(const PathRequest& request) override;
  Result<std::optional<std::int64_t>> FindCommitByTime(const TimeRequest& request) override;
  Result<std::shared_ptr<const PartitionSummary>> SummarisePartitions(std::int64_t table_id,
                                                                      std::int64_t version) override;
  Result<std::optional<std::int64_t>> CountFromSummary(const ScanRequest& request) override;
  Result<ViewState> ReadViewState(std::int64_t table_id) override;
  Result<Refreshed> RefreshViews(std::int64_t table_id, std::int64_t commits_behind) override;
  Result<std::vector<ColumnSummary>> SummariseColumns(std::int64_t table_id, std::int64_t version,
                                                      const std::vector<columnar::ColumnKey>& columns) override;
  Result<std::vector<ColumnIndex>> ColumnIndexes(std::int64_t table_id) override;
  Result<std::vector<ColumnStatistics>> ReadStatistics(std::int64_t table_id,
                                                       const std::vector<columnar::ColumnKey>& columns) override;
  Result<std::vector<columnar::ColumnKey>> ListColumns(std::int64_t table_id) override;
  Result<std::unique_ptr<columnar::BatchStream>> ReadTombstones(std::int64_t table_id, std::int64_t version) override;
  Result<std::unique_ptr<columnar::BatchStream>> ReadLoneRemoves(const ScanRequest& request) override;

  Result<Info> ReadInfo() override;
  Result<std::vector<std::string>> Verify(std::int64_t table_id) override;
  Result<TableDamage> Examine(std::int64_t table_id) override;
  Status MendRecord(std::int64_t table_id) override;
  Result<bool> RebuildDerived(std::int64_t table_id, const RangeDamage& damage) override;
  Result<bool> CutRange(std::int64_t table_id, const RangeDamage& damage, VersionInterval kept) override;
  Status EmptyTable(std::int64_t table_id) override;
  Status Checkpoint() override;

 private:
  SqlStore(std::unique_ptr<Driver> driver, const SqlStoreOptions& options, Clock& clock)
      : driver_(std::move(driver)), options_(options), clock_(clock), bank_(*driver_, clock),
        reader_(cache::OptionsOf(options.caches, cache::LevelKind::kColumns, options.cache_bytes, &SegmentCodec()),
                options.encoded_evaluation),
        columns_level_(options.caches.governor, cache::LevelKind::kColumns, reader_.cache()),
        layouts_level_(options.caches.governor, cache::LevelKind::kLayouts, layouts_) {
    if (driver_->pages() != nullptr) {
      pages_level_.emplace(options.caches.governor, cache::LevelKind::kPages, *driver_->pages());
    }
  }

  // A layout was live at most a second before a stream starts; half of the lease leaves room for that.
  ScanContext scan_context() {
    return {*driver_, reader_, layouts_, options_.drop_lease_ms * 500'000, options_.key_indexes};
  }
  // Older ranges are asked too seldom.
  SegmentExtras segment_extras(bool main_range) const {
    return {.indexes = options_.key_indexes && main_range, .index_everything = options_.index_everything,
            .statistics = main_range};
  }
  std::int64_t now_ms() { return clock_.NowMicros() / 1000; }
  // Moves the kept partition sums to the head, when that is due; before history that they need may go.
  Status AdvanceSums(std::int64_t table_id, bool force);
  Result<Refreshed> KeepMainSums(std::int64_t table_id);
  Result<std::optional<Published>> TryPublish(std::int64_t table_id, const Head& expected,
                                              std::vector<CommitDelta>& commits, bool& again);

  bool CompactionMayPay(std::int64_t table_id);

  const std::unique_ptr<Driver> driver_;
  const SqlStoreOptions options_;
  Clock& clock_;
  SqlBank bank_;
  SegmentReader reader_;
  LayoutCache layouts_;
  const cache::Membership columns_level_, layouts_level_;
  std::optional<cache::Membership> pages_level_;
  PartitionSums partition_sums_;
  RetentionTimer retention_;
};

}  // namespace levee::store

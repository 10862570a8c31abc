// For tests: a store before another one, to count, delay or fail what passes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/store.h"

namespace levee::fakes {

// Passes everything on to `store`, which outlives it. Thread-safe as that is.
class ForwardingStore : public store::Store {
 public:
  explicit ForwardingStore(store::Store& store) : store_(store) {}

  store::BankStore& bank() override { return store_.bank(); }

  Result<std::optional<store::TableRecord>> FindTableByUri(std::string_view uri) override {
    return store_.FindTableByUri(uri);
  }
  Result<std::optional<store::TableRecord>> FindTableByName(std::string_view name) override {
    return store_.FindTableByName(name);
  }
  Result<std::vector<store::TableRecord>> ListTables() override {
    return store_.ListTables();
  }
  Result<store::TableRecord> CreateTable(std::string_view uri, std::string_view name,
      std::optional<std::int64_t> keep_ms) override {
    return store_.CreateTable(uri, name, keep_ms);
  }
  Status SetTableOptions(std::int64_t table_id, std::optional<std::string> name,
      std::optional<std::int64_t> keep_ms) override {
    return store_.SetTableOptions(table_id, std::move(name), keep_ms);
  }
  Status ForgetTable(std::int64_t table_id) override {
    return store_.ForgetTable(table_id);
  }
  Result<std::unique_ptr<store::ImportSession>> BeginImport(std::int64_t table_id,
      const store::RangeSpec& range) override {
    return store_.BeginImport(table_id, range);
  }
  Result<std::optional<store::Published>> PublishCommits(std::int64_t table_id,
      const store::Head& expected, std::vector<store::CommitDelta> commits) override {
    return store_.PublishCommits(table_id, expected, std::move(commits));
  }
  Status TouchSync(std::int64_t table_id, std::int64_t now_ms) override {
    return store_.TouchSync(table_id, now_ms);
  }
  Status SetFingerprint(std::int64_t table_id, std::int64_t version,
      const store::CommitFingerprint& fingerprint) override {
    return store_.SetFingerprint(table_id, version, fingerprint);
  }
  Result<bool> Compact(std::int64_t table_id, bool force) override {
    return store_.Compact(table_id, force);
  }
  Result<std::optional<store::Head>> ReadHead(std::int64_t table_id) override {
    return store_.ReadHead(table_id);
  }
  Result<bool> HasVersion(std::int64_t table_id, std::int64_t version) override {
    return store_.HasVersion(table_id, version);
  }
  Result<std::vector<std::pair<std::int64_t, std::int64_t>>> VersionRanges(std::int64_t table_id) override {
    return store_.VersionRanges(table_id);
  }
  Result<std::vector<store::StateRecord>> ReadState(std::int64_t table_id, std::int64_t version) override {
    return store_.ReadState(table_id, version);
  }
  Result<std::vector<store::CommitRecord>> ReadCommits(std::int64_t table_id, std::int64_t first,
      std::int64_t last, std::int64_t limit) override {
    return store_.ReadCommits(table_id, first, last, limit);
  }
  Result<std::optional<std::int64_t>> FindCommitByTime(const store::TimeRequest& request) override {
    return store_.FindCommitByTime(request);
  }
  Result<std::unique_ptr<columnar::BatchStream>> Scan(const store::ScanRequest& request) override {
    return store_.Scan(request);
  }
  Result<std::optional<columnar::Batch>> FindByPath(const store::PathRequest& request) override {
    return store_.FindByPath(request);
  }
  Result<std::int64_t> Count(const store::ScanRequest& request) override {
    return store_.Count(request);
  }
  Result<std::shared_ptr<const store::PartitionSummary>> SummarisePartitions(std::int64_t table_id,
      std::int64_t version) override {
    return store_.SummarisePartitions(table_id, version);
  }
  Result<std::optional<std::int64_t>> CountFromSummary(const store::ScanRequest& request) override {
    return store_.CountFromSummary(request);
  }
  Result<store::ViewState> ReadViewState(std::int64_t table_id) override {
    return store_.ReadViewState(table_id);
  }
  Result<store::Refreshed> RefreshViews(std::int64_t table_id, std::int64_t commits_behind) override {
    return store_.RefreshViews(table_id, commits_behind);
  }
  Result<std::vector<store::ColumnSummary>> SummariseColumns(std::int64_t table_id, std::int64_t version,
      const std::vector<columnar::ColumnKey>& columns) override {
    return store_.SummariseColumns(table_id, version, columns);
  }
  Result<std::vector<store::ColumnIndex>> ColumnIndexes(std::int64_t table_id) override {
    return store_.ColumnIndexes(table_id);
  }
  Result<std::vector<store::ColumnStatistics>> ReadStatistics(std::int64_t table_id,
      const std::vector<columnar::ColumnKey>& columns) override {
    return store_.ReadStatistics(table_id, columns);
  }
  Result<std::vector<columnar::ColumnKey>> ListColumns(std::int64_t table_id) override {
    return store_.ListColumns(table_id);
  }
  Result<std::unique_ptr<columnar::BatchStream>> ReadLoneRemoves(const store::ScanRequest& request) override {
    return store_.ReadLoneRemoves(request);
  }
  Result<std::unique_ptr<columnar::BatchStream>> ReadTombstones(std::int64_t table_id,
      std::int64_t version) override {
    return store_.ReadTombstones(table_id, version);
  }
  Result<Info> ReadInfo() override {
    return store_.ReadInfo();
  }
  Result<std::vector<std::string>> Verify(std::int64_t table_id) override {
    return store_.Verify(table_id);
  }
  Result<store::TableDamage> Examine(std::int64_t table_id) override {
    return store_.Examine(table_id);
  }
  Status MendRecord(std::int64_t table_id) override {
    return store_.MendRecord(table_id);
  }
  Result<bool> RebuildDerived(std::int64_t table_id, const store::RangeDamage& damage) override {
    return store_.RebuildDerived(table_id, damage);
  }
  Result<bool> CutRange(std::int64_t table_id, const store::RangeDamage& damage,
      store::VersionInterval kept) override {
    return store_.CutRange(table_id, damage, kept);
  }
  Status EmptyTable(std::int64_t table_id) override {
    return store_.EmptyTable(table_id);
  }
  Status Checkpoint() override {
    return store_.Checkpoint();
  }

 private:
  store::Store& store_;
};

}  // namespace levee::fakes

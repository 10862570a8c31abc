// levee::Store over an engine.
#include <utility>

#include "api/change_list.h"
#include "api/file_columns.h"
#include "api/file_stream.h"
#include "api/store_options.h"
#include "api/table.h"
#include "engine/engine.h"
#include "levee/levee.h"

namespace levee {
namespace {

using catalog::View;

Commit ToCommit(const store::CommitRecord& record) {
  Commit commit{.version = record.version,
                .timestamp_ms = record.timestamp_ms,
                .commit_info_json = record.commit_info_json};
  if (record.is_base) return commit;
  commit.files_added = record.files_added;
  commit.files_removed = record.files_removed;
  commit.bytes_added = record.bytes_added;
  commit.rows_added = record.rows_added;
  return commit;
}

Result<api::FilePlan> PlanChanges(const View& view, const std::optional<std::vector<std::string>>& columns) {
  api::FilePlan plan;
  if (columns) {
    const std::vector<std::string_view> names(columns->begin(), columns->end());
    LEVEE_ASSIGN(plan, api::PlanFields(view, names));
  } else {
    LEVEE_ASSIGN(plan, api::PlanFiles(view, {.defaults = api::FileDefaults::kArrow}));
  }
  api::AddChangeColumns(plan.columns);
  return plan;
}

class EngineStore final : public Store {
 public:
  explicit EngineStore(std::unique_ptr<engine::Engine> engine) : engine_(std::move(engine)) {}

  const std::string& uri() const override { return engine_->store_uri(); }

  Result<std::unique_ptr<Table>> OpenTable(std::string_view table, const VersionChoice& choice) override {
    LEVEE_ASSIGN(auto view, catalog().Open(table, choice));
    return api::MakeTable(std::move(view), engine_);
  }
  Result<SyncReport> Sync(std::string_view table) override { return catalog().Sync(table, std::nullopt, false); }
  Result<CheckReport> Check(std::string_view table) override { return catalog().Check(table); }
  Result<RepairReport> Repair(std::string_view table, const RepairOptions& options) override {
    return catalog().Repair(table, options);
  }

  Result<std::vector<Commit>> History(std::string_view table, std::optional<std::int64_t> limit) override {
    LEVEE_ASSIGN(const auto records, catalog().History(table, limit));
    std::vector<Commit> commits;
    for (const store::CommitRecord& record : records) commits.push_back(ToCommit(record));
    return commits;
  }

  Result<ArrowStream> Changes(std::string_view table, std::int64_t from, std::optional<std::int64_t> to,
                              const std::optional<std::vector<std::string>>& columns) override {
    if (to && *to < from) {
      return Fail(ErrorCode::kInvalidArgument, "changes", "version " + std::to_string(*to) + " lies before " +
                                                              std::to_string(from));
    }
    LEVEE_ASSIGN(const auto view, catalog().Open(table, {.version = to}));
    LEVEE_ASSIGN(const api::FilePlan plan, PlanChanges(*view, columns));
    // The version that was opened, so that a commit that lands meanwhile is not half in.
    const api::ChangeRange range{from, view->state().version};
    LEVEE_ASSIGN(const auto stream, catalog().Changes(table, range.after_version, range.to_version, plan.columns));
    LEVEE_ASSIGN(api::ChangeList changes, api::ReadChanges(*stream, range));
    return api::ChangesAsArrow(std::move(changes), plan);
  }

  Result<SyncReport> Add(std::string_view table, std::string_view name) override {
    return catalog().Add(table, {.name = std::string(name)});
  }

  Result<std::vector<TableInfo>> Tables() override {
    LEVEE_ASSIGN(const auto tables, catalog().Tables());
    std::vector<TableInfo> infos;
    for (const auto& [record, commit] : tables) {
      infos.push_back({.name = record.name, .uri = record.uri, .version = record.head_version,
                       .files = commit.num_files, .bytes = commit.size_bytes, .records = commit.num_records,
                       .last_sync_ms = record.last_sync_ms});
    }
    return infos;
  }
  Status Forget(std::string_view table) override { return catalog().Forget(table); }

 private:
  catalog::Catalog& catalog() { return engine_->catalog(); }

  const std::shared_ptr<engine::Engine> engine_;
};

}  // namespace

const char* RepairStatusName(const RepairReport& report) {
  switch (report.status) {
    case RepairReport::Status::kSound: return "sound";
    case RepairReport::Status::kRepaired: return report.dry_run ? "damaged" : "repaired";
    case RepairReport::Status::kLost: return report.dry_run ? "would-lose" : "lost";
  }
  return "";
}

const char* CheckStatusName(CheckReport::Status status) {
  switch (status) {
    case CheckReport::Status::kEqual: return "equal";
    case CheckReport::Status::kDrift: return "drift";
    case CheckReport::Status::kLagging: return "lagging";
    case CheckReport::Status::kDiverged: return "diverged";
  }
  return "";
}

Result<std::unique_ptr<Store>> OpenStore(StoreOptions options) {
  LEVEE_ASSIGN(engine::EngineOptions engine_options, api::EngineOptionsFrom(options));
  LEVEE_ASSIGN(auto engine, engine::Engine::Open(std::move(engine_options)));
  return std::make_unique<EngineStore>(std::move(engine));
}

}  // namespace levee

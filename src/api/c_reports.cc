// What the C interface says of tables beside their files: commits, changes, syncs, checks, lists of tables.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/c_error.h"
#include "api/c_lists.h"
#include "api/c_objects.h"
#include "api/c_structure.h"

namespace levee::api {
namespace {

std::int64_t OrUnknown(const std::optional<std::int64_t>& number) { return number.value_or(-1); }

levee_check_status StatusOf(CheckReport::Status status) {
  switch (status) {
    case CheckReport::Status::kEqual: return LEVEE_CHECK_EQUAL;
    case CheckReport::Status::kDrift: return LEVEE_CHECK_DRIFT;
    case CheckReport::Status::kLagging: return LEVEE_CHECK_LAGGING;
    case CheckReport::Status::kDiverged: return LEVEE_CHECK_DIVERGED;
  }
  return LEVEE_CHECK_DRIFT;
}

// A report as the caller sees it, with the texts that it points to. Not moved once it is made.
struct OwnedSync : levee_sync_report {
  explicit OwnedSync(SyncReport from) : levee_sync_report{}, report(std::move(from)) {
    name = report.name.c_str();
    uri = report.uri.c_str();
    base = report.base.c_str();
    from_version = OrUnknown(report.from_version);
    to_version = report.to_version;
    commits = report.commits;
    files = report.files;
    imported = report.imported;
    seconds = report.seconds;
  }
  const SyncReport report;
};

struct OwnedCheck : levee_check_report {
  explicit OwnedCheck(CheckReport from)
      : levee_check_report{}, report(std::move(from)), missing_texts(PointersTo(report.missing)),
        unexpected_texts(PointersTo(report.unexpected)), differing_texts(PointersTo(report.differing)),
        note_texts(PointersTo(report.notes)) {
    status = StatusOf(report.status);
    store_version = report.store_version;
    log_version = report.log_version;
    missing_count = report.missing_count;
    unexpected_count = report.unexpected_count;
    differing_count = report.differing_count;
    missing = {missing_texts.data(), missing_texts.size()};
    unexpected = {unexpected_texts.data(), unexpected_texts.size()};
    differing = {differing_texts.data(), differing_texts.size()};
    notes = {note_texts.data(), note_texts.size()};
  }
  const CheckReport report;
  const std::vector<const char*> missing_texts, unexpected_texts, differing_texts, note_texts;
};

levee_commit ForC(const Commit& commit) {
  return {.version = commit.version,
          .timestamp_ms = commit.timestamp_ms,
          .commit_info_json = commit.commit_info_json.c_str(),
          .files_added = OrUnknown(commit.files_added),
          .files_removed = OrUnknown(commit.files_removed),
          .bytes_added = OrUnknown(commit.bytes_added),
          .rows_added = OrUnknown(commit.rows_added)};
}

levee_table_info ForC(const TableInfo& table) {
  return {.name = table.name.c_str(),
          .uri = table.uri.c_str(),
          .version = table.version,
          .files = table.files,
          .bytes = table.bytes,
          .records = OrUnknown(table.records),
          .last_sync_ms = table.last_sync_ms};
}

// What a list of the C interface is made of: the values, and how the caller sees each.
template <typename Value, typename Seen>
struct OwnedList {
  explicit OwnedList(std::vector<Value> from) : values(std::move(from)) {
    seen.reserve(values.size());
    for (const Value& value : values) seen.push_back(ForC(value));
  }
  const Seen* At(std::size_t index) const { return index < seen.size() ? &seen[index] : nullptr; }

  const std::vector<Value> values;
  std::vector<Seen> seen;
};

// Hands a report over, where the caller wants one.
void Give(SyncReport from, levee_sync_report** report) {
  if (report != nullptr) *report = new OwnedSync(std::move(from));
}

}  // namespace
}  // namespace levee::api

struct levee_history {
  levee::api::OwnedList<levee::Commit, levee_commit> list;
};

struct levee_table_list {
  levee::api::OwnedList<levee::TableInfo, levee_table_info> list;
};

using levee::Status;
using levee::api::Need;
using levee::api::OwnedCheck;
using levee::api::OwnedSync;
using levee::api::RunForC;

extern "C" {

levee_code levee_store_add(levee_store* store, const char* table, const char* name, levee_sync_report** report,
                           levee_error** error) {
  if (report != nullptr) *report = nullptr;
  return RunForC(error, [&]() -> Status {
    LEVEE_RETURN_IF_ERROR(Need(store, "store"));
    LEVEE_RETURN_IF_ERROR(Need(table, "table"));
    LEVEE_ASSIGN(levee::SyncReport added, store->store->Add(table, name == nullptr ? "" : name));
    levee::api::Give(std::move(added), report);
    return {};
  });
}

levee_code levee_store_sync_report(levee_store* store, const char* table, levee_sync_report** report,
                                   levee_error** error) {
  if (report != nullptr) *report = nullptr;
  return RunForC(error, [&]() -> Status {
    LEVEE_RETURN_IF_ERROR(Need(store, "store"));
    LEVEE_RETURN_IF_ERROR(Need(table, "table"));
    LEVEE_RETURN_IF_ERROR(Need(report, "report"));
    LEVEE_ASSIGN(levee::SyncReport synced, store->store->Sync(table));
    levee::api::Give(std::move(synced), report);
    return {};
  });
}

void levee_sync_report_free(levee_sync_report* report) { delete static_cast<OwnedSync*>(report); }

levee_code levee_store_check(levee_store* store, const char* table, levee_check_report** report, levee_error** error) {
  if (report != nullptr) *report = nullptr;
  return RunForC(error, [&]() -> Status {
    LEVEE_RETURN_IF_ERROR(Need(store, "store"));
    LEVEE_RETURN_IF_ERROR(Need(table, "table"));
    LEVEE_RETURN_IF_ERROR(Need(report, "report"));
    LEVEE_ASSIGN(levee::CheckReport checked, store->store->Check(table));
    *report = new OwnedCheck(std::move(checked));
    return {};
  });
}

void levee_check_report_free(levee_check_report* report) { delete static_cast<OwnedCheck*>(report); }

levee_code levee_store_forget(levee_store* store, const char* table, levee_error** error) {
  return RunForC(error, [&]() -> Status {
    LEVEE_RETURN_IF_ERROR(Need(store, "store"));
    LEVEE_RETURN_IF_ERROR(Need(table, "table"));
    return store->store->Forget(table);
  });
}

levee_code levee_store_history(levee_store* store, const char* table, int64_t limit, levee_history** history,
                               levee_error** error) {
  if (history != nullptr) *history = nullptr;
  return RunForC(error, [&]() -> Status {
    LEVEE_RETURN_IF_ERROR(Need(store, "store"));
    LEVEE_RETURN_IF_ERROR(Need(table, "table"));
    LEVEE_RETURN_IF_ERROR(Need(history, "history"));
    LEVEE_ASSIGN(auto commits,
                 store->store->History(table, limit < 0 ? std::nullopt : std::optional<std::int64_t>(limit)));
    *history = new levee_history{levee::api::OwnedList<levee::Commit, levee_commit>(std::move(commits))};
    return {};
  });
}

size_t levee_history_count(const levee_history* history) { return history == nullptr ? 0 : history->list.seen.size(); }
const levee_commit* levee_history_commit(const levee_history* history, size_t index) {
  return history == nullptr ? nullptr : history->list.At(index);
}
void levee_history_free(levee_history* history) { delete history; }

levee_code levee_store_tables(levee_store* store, levee_table_list** tables, levee_error** error) {
  if (tables != nullptr) *tables = nullptr;
  return RunForC(error, [&]() -> Status {
    LEVEE_RETURN_IF_ERROR(Need(store, "store"));
    LEVEE_RETURN_IF_ERROR(Need(tables, "tables"));
    LEVEE_ASSIGN(auto infos, store->store->Tables());
    *tables = new levee_table_list{levee::api::OwnedList<levee::TableInfo, levee_table_info>(std::move(infos))};
    return {};
  });
}

size_t levee_table_list_count(const levee_table_list* tables) { return tables == nullptr ? 0 : tables->list.seen.size(); }
const levee_table_info* levee_table_list_table(const levee_table_list* tables, size_t index) {
  return tables == nullptr ? nullptr : tables->list.At(index);
}
void levee_table_list_free(levee_table_list* tables) { delete tables; }

levee_code levee_store_changes(levee_store* store, const char* table, const levee_changes_query* query,
                               struct ArrowArrayStream* changes, levee_error** error) {
  if (changes != nullptr) *changes = ArrowArrayStream{};
  return RunForC(error, [&]() -> Status {
    LEVEE_RETURN_IF_ERROR(Need(store, "store"));
    LEVEE_RETURN_IF_ERROR(Need(table, "table"));
    LEVEE_RETURN_IF_ERROR(Need(query, "query"));
    LEVEE_RETURN_IF_ERROR(Need(changes, "changes"));
    LEVEE_ASSIGN(const levee_changes_query read,
                 levee::api::ReadStructure(query, levee_changes_query LEVEE_CHANGES_QUERY, "query"));
    if (read.from < 0) {
      return levee::Fail(levee::ErrorCode::kInvalidArgument, "argument query", "it names no version to begin after",
                         "set `from`: changes are those of the versions after it");
    }
    LEVEE_ASSIGN(const auto columns, levee::api::ReadTexts({read.columns, read.columns_count, "columns"}));
    const auto to = read.to < 0 ? std::nullopt : std::optional<std::int64_t>(read.to);
    LEVEE_ASSIGN(levee::ArrowStream stream, store->store->Changes(table, read.from, to, columns));
    *changes = stream.Take();
    return {};
  });
}

}  // extern "C"

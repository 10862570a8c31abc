#include "catalog/first_import.h"

#include <utility>

#include "base/cancellation.h"
#include "catalog/kept_runs.h"
#include "catalog/table_turns.h"

namespace levee::catalog {
namespace {

Result<store::TableRecord> FindOrCreate(Context& context, const NewTable& table, bool& created) {
  store::Store& store = context.store();
  LEVEE_ASSIGN(auto found, store.FindTableByUri(table.uri));
  if (!found) {
    auto record = store.CreateTable(table.uri, table.name, table.keep_ms);
    if (record) {
      created = true;
      return record;
    }
    if (record.error().code != ErrorCode::kAlreadyExists) return record;
    // Another process was first, unless it is the name that is taken.
    LEVEE_ASSIGN(found, store.FindTableByUri(table.uri));
    if (!found) return record;
  }
  const std::optional<std::string> name =
      table.name.empty() ? std::nullopt : std::optional<std::string>(table.name);
  if (name || table.keep_ms) LEVEE_RETURN_IF_ERROR(store.SetTableOptions(found->id, name, table.keep_ms));
  if (name) found->name = *name;
  if (table.keep_ms) found->keep_ms = table.keep_ms;
  return std::move(*found);
}

// The import's own error matters more than one of cleaning up after it.
void DropEmptyTable(Context& context, std::int64_t table_id) {
  const CancellationScope to_the_end{Cancellation()};
  if (Status forgotten = context.store().ForgetTable(table_id); !forgotten) {
    context.Note(forgotten.error().ToString());
  }
  if (!context.options().runs_prefix.empty()) RemoveRunsOf(context.options().runs_prefix, table_id);
  context.names().Clear();
}

// What another thread imported meanwhile.
Result<std::optional<ImportedTable>> FindImported(Context& context, const NewTable& table) {
  LEVEE_ASSIGN(auto found, context.store().FindTableByUri(table.uri));
  if (!found || !table.name.empty() || table.keep_ms) return std::optional<ImportedTable>();
  LEVEE_ASSIGN(auto head, context.store().ReadHead(found->id));
  if (!head || head->version < table.to_version.value_or(0)) return std::optional<ImportedTable>();
  const std::int64_t version = head->version;
  return ImportedTable{.record = std::move(*found), .head = std::move(*head), .outcome = {.version = version}};
}

}  // namespace

Result<delta::LogListing> ListWholeLog(objectstore::ObjectStore& objects) {
  LEVEE_ASSIGN(delta::LogListing listing, delta::ListLog(objects, 0));
  if (!listing.folder_exists) {
    return Fail(ErrorCode::kNotATable, objects.uri(), "no Delta log is there, and no table has this name",
                "levee tables lists the names; a path must hold a folder _delta_log");
  }
  return listing;
}

Result<ImportOutcome> ImportMain(Context& context, const store::TableRecord& record,
                                 const delta::LogListing& listing, std::optional<std::int64_t> version) {
  LEVEE_ASSIGN(const auto objects, context.Objects(record.uri));
  const ImportContext import{.store = context.store(), .objects = *objects,
                             .load_parquet = context.load_parquet(), .options = context.options()};
  LEVEE_ASSIGN(ImportOutcome outcome,
               RunImport(import, {.table_id = record.id, .incarnation = record.incarnation,
                                  .main = true, .version = version}, listing));
  // A long write-ahead log slows every reader; that somebody is in the way is no failure.
  if (Status truncated = context.store().Checkpoint(); !truncated) context.Note(truncated.error().ToString());
  return outcome;
}

Result<ImportedTable> ImportNewTable(Context& context, const NewTable& table) {
  // Before a record is made: most mistakes are wrong paths.
  LEVEE_ASSIGN(const auto objects, context.Objects(table.uri));
  LEVEE_ASSIGN(const delta::LogListing listing, ListWholeLog(*objects));
  LEVEE_ASSIGN(const TableTurns::Turn turn, TableTurns::Process().Take(context.store(), table.uri));
  if (turn.waited()) {
    LEVEE_ASSIGN(auto done, FindImported(context, table));
    if (done) return std::move(*done);
  }
  bool created = false;
  LEVEE_ASSIGN(const store::TableRecord record, FindOrCreate(context, table, created));
  context.names().Clear();
  auto outcome = ImportMain(context, record, listing, table.to_version);
  LEVEE_ASSIGN(auto head, context.store().ReadHead(record.id));
  const bool there = head && head->version >= 0;
  if (!outcome && !there) {
    // One that was called off goes on from the runs that it keeps.
    const bool goes_on = outcome.error().code == ErrorCode::kCancelled && !context.options().runs_prefix.empty();
    if (created && !goes_on) DropEmptyTable(context, record.id);
    return std::unexpected(std::move(outcome).error());
  }
  if (!there) return Fail(ErrorCode::kInternal, table.uri, "the import left no version behind");
  if (!outcome) outcome = ImportOutcome{.version = head->version};
  LEVEE_ASSIGN(auto published, context.store().FindTableByUri(table.uri));
  return ImportedTable{.record = published ? std::move(*published) : record, .head = std::move(*head),
                       .outcome = std::move(*outcome)};
}

}  // namespace levee::catalog

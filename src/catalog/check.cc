#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "catalog/check_summary.h"
#include "catalog/entry_compare.h"
#include "catalog/freshness.h"
#include "catalog/operations.h"
#include "catalog/table_state.h"

namespace levee::catalog {
namespace {

std::int64_t NewestVersion(const delta::LogListing& listing) {
  std::int64_t newest = listing.commits.empty() ? -1 : listing.commits.back().version;
  for (const delta::CheckpointFiles& checkpoint : listing.checkpoints) newest = std::max(newest, checkpoint.version);
  for (const delta::CompactedFile& compacted : listing.compacted) newest = std::max(newest, compacted.last_version);
  return newest;
}

// Replays the log at a version, passing over checkpoints that cannot be read.
Result<delta::PlainState> Replay(Context& context, objectstore::ObjectStore& objects,
                                 const delta::LogListing& listing, std::int64_t version, CheckReport& report) {
  std::set<std::string> unusable;
  for (;;) {
    LEVEE_ASSIGN(const delta::ReplayPlan plan, delta::PlanReplay(listing, version, unusable));
    objectstore::ParquetSource* parquet = nullptr;
    if (plan.checkpoint) {
      LEVEE_ASSIGN(parquet, context.load_parquet()());
    }
    auto state = delta::ReplayPlainly(objects, parquet, plan);
    if (state || !plan.checkpoint || state.error().code != ErrorCode::kCorrupt) return state;
    report.notes.push_back("checkpoint " + plan.checkpoint->Id() + " cannot be read: " + state.error().why);
    unusable.insert(plan.checkpoint->Id());
  }
}

struct Compared {
  delta::PlainState state;
  bool later_base = false;
};

// From the base that the store started from, so that every field is comparable; from a later one when
// the log no longer has that. Empty when the log cannot be replayed to the store's version any more.
Result<std::optional<Compared>> ReplayForStore(Context& context, objectstore::ObjectStore& objects,
                                               const delta::LogListing& listing, const LocatedTable& located,
                                               CheckReport& report) {
  const std::int64_t version = located.head->version;
  delta::LogListing same_base = listing;
  const std::int64_t floor = located.record().floor_version;
  std::erase_if(same_base.checkpoints, [&](const auto& checkpoint) { return checkpoint.version > floor; });
  const bool later_base = !delta::PlanReplay(same_base, version, {});
  if (later_base && !delta::PlanReplay(listing, version, {})) return std::optional<Compared>();
  LEVEE_ASSIGN(delta::PlainState state,
               Replay(context, objects, later_base ? listing : same_base, version, report));
  return std::optional(Compared{std::move(state), later_base});
}

// True when a column of doubles was kept as floats before.
bool HasWidenedFloats(const std::vector<columnar::ColumnKey>& stored, const types::Schema& schema) {
  const auto leaves = schema.Leaves();
  return std::ranges::any_of(stored, [&](const columnar::ColumnKey& key) {
    return key.type.kind == types::TypeKind::kFloat &&
           std::ranges::any_of(leaves, [&](const types::LeafColumn& leaf) {
             return leaf.physical_path == key.path && leaf.type.kind == types::TypeKind::kDouble;
           });
  });
}

Status CompareWithLog(Context& context, objectstore::ObjectStore& objects, const delta::LogListing& listing,
                      const LocatedTable& located, CheckReport& report) {
  LEVEE_ASSIGN(auto compared, ReplayForStore(context, objects, listing, located, report));
  if (!compared) {
    report.notes.push_back("the log can no longer be replayed to version " + std::to_string(report.store_version) +
                           ", so that files were not compared");
    return {};
  }
  const store::TableRecord& record = located.record();
  LEVEE_ASSIGN(const auto snapshot, LoadSnapshot(context, record, *located.head, report.store_version));
  CompareStates(snapshot->state, compared->state, report);

  // Each type that a column was kept as, so that statistics are written as the log has them.
  LEVEE_ASSIGN(auto columns, context.store().ListColumns(record.id));
  const types::Schema& schema = snapshot->state.metadata.schema;
  const bool widened_floats = HasWidenedFloats(columns, schema);
  const store::ScanRequest scan{
      .table_id = record.id,
      .filter = {.kind = store::EntryFilter::Kind::kAlive, .version = report.store_version},
      .columns = std::move(columns)};
  LEVEE_ASSIGN(const auto entries, context.store().Scan(scan));
  LEVEE_RETURN_IF_ERROR(CompareEntries(*entries, std::move(compared->state.files),
                                       {.later_base = compared->later_base, .schema = schema,
                                        .widened_floats = widened_floats}, report));
  if (std::ranges::find(listing.checksums, report.store_version) != listing.checksums.end()) {
    LEVEE_RETURN_IF_ERROR(CompareChecksum(objects, snapshot->state, report));
  }
  return {};
}

}  // namespace

Result<CheckReport> CheckTable(Context& context, std::string_view table) {
  LEVEE_ASSIGN(const LocatedTable located, LocateKnown(context, table));
  LEVEE_ASSIGN(const auto objects, context.Objects(located.record().uri));
  LEVEE_ASSIGN(const delta::LogListing listing, delta::ListLog(*objects, 0));
  CheckReport report{.store_version = located.head->version, .log_version = NewestVersion(listing)};
  auto log = AskLog(context, *objects, located.record(), *located.head);
  if (!log && log.error().code != ErrorCode::kDiverged) return std::unexpected(std::move(log).error());
  if (!log || report.log_version < report.store_version) {
    report.status = CheckReport::Status::kDiverged;
    report.notes.push_back(log ? "the log ends below the store's version" : log.error().ToString());
    return report;
  }
  LEVEE_RETURN_IF_ERROR(CompareWithLog(context, *objects, listing, located, report));
  if (report.missing_count + report.unexpected_count + report.differing_count > 0) {
    report.status = CheckReport::Status::kDrift;
  } else if (report.status == CheckReport::Status::kEqual && report.log_version > report.store_version) {
    report.status = CheckReport::Status::kLagging;
  }
  return report;
}

}  // namespace levee::catalog

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "base/memory_budget.h"
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

// The log as it is replayed, once or several times.
struct LogReplay {
  objectstore::ObjectStore& objects;
  objectstore::ParquetSource* parquet = nullptr;
  delta::ReplayPlan plan;
  delta::PlainState state;  // without files
};

// Replays the log at a version, passing over checkpoints that cannot be read.
Status Replay(Context& context, const delta::LogListing& listing, std::int64_t version,
              delta::ReplayVisitor& files, LogReplay& replay, CheckReport& report) {
  std::set<std::string> unusable;
  for (;;) {
    LEVEE_ASSIGN(replay.plan, delta::PlanReplay(listing, version, unusable));
    if (replay.plan.checkpoint) {
      LEVEE_ASSIGN(replay.parquet, context.load_parquet()());
    }
    auto state = delta::ReplayPlainly(replay.objects, replay.parquet, replay.plan, files);
    if (state) {
      replay.state = std::move(*state);
      return {};
    }
    if (!replay.plan.checkpoint || state.error().code != ErrorCode::kCorrupt) {
      return std::unexpected(std::move(state).error());
    }
    const std::string id = replay.plan.checkpoint->Id();
    report.notes.push_back("checkpoint " + id + " cannot be read: " + state.error().why);
    unusable.insert(id);
  }
}

// What the store's version is replayed from: the base that the store started from, so that every field is
// comparable, or a later one when the log no longer has that. Empty when the log cannot be replayed to that
// version.
struct ComparableLog {
  delta::LogListing listing;
  bool later_base = false;
};
std::optional<ComparableLog> ChooseBase(const delta::LogListing& listing, const LocatedTable& located) {
  const std::int64_t version = located.head->version;
  const std::int64_t floor = located.record().floor_version;
  ComparableLog log{.listing = listing};
  std::erase_if(log.listing.checkpoints, [&](const auto& checkpoint) { return checkpoint.version > floor; });
  if (delta::PlanReplay(log.listing, version, {})) return log;
  if (!delta::PlanReplay(listing, version, {})) return std::nullopt;
  return ComparableLog{.listing = listing, .later_base = true};
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

// Every checksum of the table's blobs, also of those that an answer at the head never reads. True: all are
// right.
Result<bool> VerifyBlobs(Context& context, const store::TableRecord& record, CheckReport& report) {
  LEVEE_ASSIGN(const std::vector<std::string> damaged, context.store().Verify(record.id));
  if (damaged.empty()) return true;
  report.status = CheckReport::Status::kDrift;
  for (const std::string& blob : damaged) report.notes.push_back("damaged: " + blob);
  report.notes.push_back("files were not compared");
  return false;
}

// Digests that do not fit are compared a slice at a time; each slice costs a replay and a scan.
struct Passes {
  std::uint64_t count = 1;
  std::uint64_t bytes = 0;  // of each
};
Passes PassesFor(std::int64_t files) {
  const std::uint64_t all = static_cast<std::uint64_t>(std::max<std::int64_t>(files, 0)) * DigestCollector::kBytesAFile;
  const std::uint64_t at_once = MemoryBudget::Process().limit_bytes() / 3;
  const std::uint64_t count = std::max<std::uint64_t>(1, (all + at_once - 1) / at_once);
  return {.count = count, .bytes = all / count};
}

Status CompareWithLog(Context& context, objectstore::ObjectStore& objects, const delta::LogListing& listing,
                      const LocatedTable& located, CheckReport& report) {
  const auto log = ChooseBase(listing, located);
  if (!log) {
    report.notes.push_back("the log can no longer be replayed to version " + std::to_string(report.store_version) +
                           ", so that files were not compared");
    return {};
  }
  const store::TableRecord& record = located.record();
  LEVEE_ASSIGN(const auto snapshot, LoadSnapshot(context, record, *located.head, report.store_version));
  // Each type that a column was kept as, so that statistics are written as the log has them.
  LEVEE_ASSIGN(auto columns, context.store().ListColumns(record.id));
  const types::Schema& schema = snapshot->state.metadata.schema;
  CompareOptions options{.later_base = log->later_base, .schema = schema,
                               .widened_floats = HasWidenedFloats(columns, schema)};

  const Passes passes = PassesFor(snapshot->state.commit.num_files);
  MemoryHold memory(MemoryBudget::Process(), MemoryPart::kChecks);
  LEVEE_RETURN_IF_ERROR(memory.Grow(passes.bytes));

  LogReplay replay{.objects = objects};
  const store::ScanRequest scan{
      .table_id = record.id,
      .filter = {.kind = store::EntryFilter::Kind::kAlive, .version = report.store_version},
      .columns = std::move(columns)};
  const CompareSources sources{
      .scan = [&] { return context.store().Scan(scan); },
      .replay = [&](delta::ReplayVisitor& files) -> Status {
        LEVEE_RETURN_IF_ERROR(delta::ReplayPlainly(replay.objects, replay.parquet, replay.plan, files));
        return {};
      }};
  for (std::uint64_t pass = 0; pass < passes.count; ++pass) {
    options.slice = {.index = pass, .count = passes.count};
    DigestCollector digests(schema, DigestOptionsOf(options));
    if (pass == 0) {
      LEVEE_RETURN_IF_ERROR(Replay(context, log->listing, report.store_version, digests, replay, report));
      CompareStates(snapshot->state, replay.state, report);
    } else {
      LEVEE_RETURN_IF_ERROR(sources.replay(digests));
    }
    LEVEE_RETURN_IF_ERROR(CompareEntries(sources, digests.Take(), options, report));
  }
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
  LEVEE_ASSIGN(const bool readable, VerifyBlobs(context, located.record(), report));
  if (!readable) return report;
  LEVEE_RETURN_IF_ERROR(CompareWithLog(context, *objects, listing, located, report));
  if (report.missing_count + report.unexpected_count + report.differing_count > 0) {
    report.status = CheckReport::Status::kDrift;
  } else if (report.status == CheckReport::Status::kEqual && report.log_version > report.store_version) {
    report.status = CheckReport::Status::kLagging;
  }
  return report;
}

}  // namespace levee::catalog

#include "catalog/repair.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog/first_import.h"
#include "catalog/import.h"
#include "catalog/operations.h"
#include "catalog/table_names.h"
#include "catalog/table_turns.h"
#include "catalog/version_audit.h"
#include "delta/log_listing.h"

namespace levee::catalog {
namespace {

using store::RangeDamage;
using store::VersionInterval;

// How often it looks again after others changed the table, or after a repair brought more to light.
constexpr int kRoundsMax = 8;

std::string Text(VersionInterval versions) {
  if (versions.first == versions.second) return "version " + std::to_string(versions.first);
  return "versions " + std::to_string(versions.first) + " to " + std::to_string(versions.second);
}

// The log as a range is to be read from it.
struct LogBase {
  delta::LogListing listing;
  std::int64_t first_version = 0;  // the first one that the range then has
};

std::optional<LogBase> BaseIn(delta::LogListing listing, std::int64_t version) {
  const auto plan = delta::PlanReplay(listing, version, {});
  if (!plan) return std::nullopt;
  std::int64_t first = plan->checkpoint ? plan->checkpoint->version : 0;
  if (!plan->compacted.empty()) first = plan->compacted.back().last_version;
  return LogBase{std::move(listing), first};
}

// From where the range began, if the log still reaches that far; else from the newest base, for what there is.
std::optional<LogBase> ChooseBase(const delta::LogListing& listing, const RangeDamage& range, std::int64_t version) {
  delta::LogListing from_floor = listing;
  std::erase_if(from_floor.checkpoints, [&](const auto& checkpoint) { return checkpoint.version > range.first_version; });
  if (auto base = BaseIn(std::move(from_floor), version)) return base;
  return BaseIn(listing, version);
}

class Repairer {
 public:
  Repairer(Context& context, LocatedTable located, const RepairOptions& options)
      : context_(context), store_(context.store()), located_(std::move(located)), record_(located_.record()),
        dry_run_(options.dry_run) {
    report_.dry_run = dry_run_;
  }

  Result<RepairReport> Run() {
    LEVEE_ASSIGN(const auto objects, context_.Objects(record_.uri));
    LEVEE_ASSIGN(listing_, ListWholeLog(*objects));
    LEVEE_ASSIGN(before_, store_.VersionRanges(record_.id));
    if (!located_.head) {
      // A repair, or an import, that was killed after the table was emptied.
      report_.found.push_back("the table has no versions: its import never ended");
      if (!dry_run_) LEVEE_RETURN_IF_ERROR(ImportAnew({}));
      return Finish();
    }
    for (int round = 0; round < kRoundsMax; ++round) {
      LEVEE_ASSIGN(const bool done, Round());
      if (done || dry_run_) return Finish();
    }
    return Fail(ErrorCode::kUnavailable, located_.table.display(), "it is still damaged after " +
                std::to_string(kRoundsMax) + " rounds, or others keep changing it", "run levee repair again");
  }

 private:
  // True: nothing is wrong any more.
  Result<bool> Round() {
    LEVEE_ASSIGN(store::TableDamage damage, store_.Examine(record_.id));
    if (!damage.columns.empty()) {
      Found(damage.columns);
      LEVEE_RETURN_IF_ERROR(EmptyAndImport(damage));
      return false;
    }
    if (!damage.record.empty() && !mended_) {
      Found(damage.record);
      Done("the table's row set right by its ranges and commits");
      mended_ = true;
      if (dry_run_) return false;
      LEVEE_RETURN_IF_ERROR(store_.MendRecord(record_.id));
      context_.names().Clear();
      // What a wrong row said was there counts for nothing.
      LEVEE_ASSIGN(before_, store_.VersionRanges(record_.id));
      return false;
    }
    // What the row's neighbours could not tell, the log does.
    if (!damage.record.empty()) return CondemnMain(damage, damage.record);
    if (!damage.sound()) {
      for (const RangeDamage& range : damage.ranges) LEVEE_RETURN_IF_ERROR(Repair(range));
      return false;
    }
    for (std::size_t i = 0; i < damage.ranges.size(); ++i) {
      LEVEE_RETURN_IF_ERROR(AuditVersions(store_, record_.id, damage, i));
      if (damage.ranges[i].sound()) continue;
      LEVEE_RETURN_IF_ERROR(Repair(damage.ranges[i]));
      if (!dry_run_) return false;
    }
    if (dry_run_ && !report_.found.empty()) return true;
    return CompareWithLog(damage);
  }

  // What `check` says of the head, once everything can be read.
  Result<bool> CompareWithLog(store::TableDamage& damage) {
    LEVEE_ASSIGN(const CheckReport check, CheckTable(context_, record_.uri));
    if (check.status == CheckReport::Status::kDiverged) {
      const std::string& name = located_.table.display();
      return Fail(ErrorCode::kDiverged, name,
                  "its log was rewritten: " + (check.notes.empty() ? std::string("it is another one") : check.notes.front()),
                  "levee forget " + name + ", then levee add " + name);
    }
    if (check.status != CheckReport::Status::kDrift) return true;
    const auto count = [](std::int64_t number, const char* what) { return std::to_string(number) + what; };
    std::vector<std::string> found{"files at version " + std::to_string(check.store_version) + ": " +
                                   count(check.missing_count, " missing, ") +
                                   count(check.unexpected_count, " not in the log, ") +
                                   count(check.differing_count, " differing")};
    found.insert(found.end(), check.notes.begin(), check.notes.end());
    if (compared_) {
      return Fail(ErrorCode::kInternal, located_.table.display(), "what was imported anew still differs from the log: " + found.front());
    }
    compared_ = true;
    return CondemnMain(damage, found);
  }

  // Imports the main range again. Nothing is known against its versions that the log no longer has.
  Result<bool> CondemnMain(store::TableDamage& damage, const std::vector<std::string>& why) {
    RangeDamage main{.main = true, .last_version = -1};
    for (const RangeDamage& range : damage.ranges) {
      if (range.main) main = range;
    }
    main.data = why;
    LEVEE_RETURN_IF_ERROR(Repair(main));
    return false;
  }

  Status Repair(const RangeDamage& range) {
    if (range.sound()) return {};
    Found(range.data);
    Found(range.derived);
    if (range.data.empty()) {
      Done("made anew from the store's own data: " + std::to_string(range.derived.size()) + " parts");
      if (dry_run_) return {};
      LEVEE_ASSIGN([[maybe_unused]] const bool rebuilt, store_.RebuildDerived(record_.id, range));
      return {};
    }
    const std::int64_t newest = NewestIn(listing_);
    // A head that the log has never seen is a wrong one.
    const std::int64_t version = range.main && (range.last_version > newest || range.last_version < 0) ? newest : range.last_version;
    const auto base = ChooseBase(listing_, range, version);
    if (!base && range.main) {
      return Fail(ErrorCode::kCorrupt, located_.table.display(),
                  "its newest versions are damaged, and the log can no longer be replayed to version " + std::to_string(version),
                  "the log's own damage comes first: mend it, or restore the store from a backup");
    }
    return base ? Import(range, *base, version) : Cut(range);
  }

  Status Import(const RangeDamage& range, const LogBase& base, std::int64_t version) {
    const VersionInterval kept = store::LongestInterval(range.readable, base.first_version - 1);
    Done(Text({base.first_version, version}) + " imported again from the log");
    if (kept.first <= kept.second) Done(Text(kept) + " kept, which the log no longer has");
    if (dry_run_) {
      Predict(range, kept, {base.first_version, version});
      return {};
    }
    LEVEE_ASSIGN(const auto objects, context_.Objects(record_.uri));
    const ImportContext import{.store = store_, .objects = *objects,
                               .load_parquet = context_.load_parquet(), .options = context_.options()};
    LEVEE_ASSIGN([[maybe_unused]] const ImportOutcome outcome,
                 RunImport(import, {.table_id = record_.id, .incarnation = record_.incarnation, .main = range.main,
                                    .version = version, .replaces = range}, base.listing));
    context_.names().Clear();
    return {};
  }

  // An older range that the log knows nothing of any more.
  Status Cut(const RangeDamage& range) {
    const VersionInterval kept = store::LongestInterval(range.readable, range.last_version);
    Done(kept.first <= kept.second ? Text(kept) + " kept of a damaged range" : "a range of which nothing is sound taken away");
    if (dry_run_) {
      Predict(range, kept, {0, -1});
      return {};
    }
    LEVEE_ASSIGN([[maybe_unused]] const bool cut, store_.CutRange(record_.id, range, kept));
    return {};
  }

  // Without its columns nothing of the table can be read. What it takes to import it is looked at first.
  Status EmptyAndImport(const store::TableDamage& damage) {
    RangeDamage all{.main = true, .first_version = 0, .last_version = -1};
    for (const RangeDamage& range : damage.ranges) {
      if (range.main) all = range;
      all.first_version = std::min(all.first_version, range.first_version);
    }
    const std::int64_t version = NewestIn(listing_);
    const auto base = ChooseBase(listing_, all, version);
    if (!base) {
      return Fail(ErrorCode::kCorrupt, located_.table.display(),
                  "the names of its columns are damaged, and the log can no longer be replayed");
    }
    Done(Text({base->first_version, version}) + " imported again from the log, in place of the whole table");
    if (dry_run_) {
      for (const RangeDamage& range : damage.ranges) Predict(range, {0, -1}, {base->first_version, version});
      return {};
    }
    LEVEE_RETURN_IF_ERROR(store_.EmptyTable(record_.id));
    context_.names().Clear();
    return ImportAnew(base->listing);
  }

  // Of a table without any version. `listing` empty: as it is in the log.
  Status ImportAnew(const std::optional<delta::LogListing>& listing) {
    LEVEE_ASSIGN([[maybe_unused]] const ImportOutcome outcome,
                 ImportMain(context_, record_, listing ? *listing : listing_, std::nullopt));
    context_.names().Clear();
    if (!listing) Done("imported from the log");
    return {};
  }

  // What a dry run expects to be there of a range afterwards.
  void Predict(const RangeDamage& range, VersionInterval kept, VersionInterval imported) {
    const std::int64_t last = std::min(range.last_version, NewestIn(listing_));
    for (std::int64_t version = std::max<std::int64_t>(range.first_version, 0); version <= last; ++version) {
      const bool there = (kept.first <= version && version <= kept.second) ||
                         (imported.first <= version && version <= imported.second);
      if (!there) gone_.emplace_back(version, version);
    }
  }

  Result<RepairReport> Finish() {
    LEVEE_ASSIGN(const auto after, store_.VersionRanges(record_.id));
    LEVEE_ASSIGN(const auto head, store_.ReadHead(record_.id));
    if (head) report_.version = head->version;
    const auto has = [](const std::vector<VersionInterval>& ranges, std::int64_t version) {
      return std::ranges::any_of(ranges, [&](const auto& r) { return r.first <= version && version <= r.second; });
    };
    const std::vector<VersionInterval>& looked_at = dry_run_ ? gone_ : before_;
    const std::int64_t newest = NewestIn(listing_);
    for (const auto& [first, last] : looked_at) {
      // A wrong head is no version that was there.
      for (std::int64_t version = std::max<std::int64_t>(first, 0); version <= std::min(last, std::max(newest, report_.version)); ++version) {
        if (!dry_run_ && has(after, version)) continue;
        if (delta::PlanReplay(listing_, version, {})) continue;  // the log fills it in when it is asked for
        Lost(version);
      }
    }
    if (!report_.found.empty()) report_.status = RepairReport::Status::kRepaired;
    if (!report_.lost.empty()) report_.status = RepairReport::Status::kLost;
    return std::move(report_);
  }

  void Lost(std::int64_t version) {
    auto& lost = report_.lost;
    if (!lost.empty() && version <= lost.back().second) return;
    if (!lost.empty() && lost.back().second + 1 == version) {
      lost.back().second = version;
    } else {
      lost.emplace_back(version, version);
    }
  }

  // Another round may meet the same again.
  static void AddOnce(std::vector<std::string>& texts, const std::string& text) {
    if (std::ranges::find(texts, text) == texts.end()) texts.push_back(text);
  }
  void Found(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) AddOnce(report_.found, text);
  }
  void Done(const std::string& text) { AddOnce(report_.done, text); }

  static std::int64_t NewestIn(const delta::LogListing& listing) {
    const auto plan = delta::PlanReplay(listing, std::nullopt, {});
    return plan ? plan->version : -1;
  }

  Context& context_;
  store::Store& store_;
  const LocatedTable located_;
  const store::TableRecord record_;
  const bool dry_run_;
  delta::LogListing listing_;
  std::vector<VersionInterval> before_;  // ranges of versions
  std::vector<VersionInterval> gone_;    // in a dry run: versions that would go
  bool mended_ = false;                  // the table's row
  bool compared_ = false;                // with the log, and imported anew for it
  RepairReport report_;
};

}  // namespace

Result<RepairReport> RepairTable(Context& context, std::string_view table, const RepairOptions& options) {
  LEVEE_ASSIGN(LocatedTable located, Locate(context, table));
  if (!located.table.record) {
    return Fail(ErrorCode::kNotFound, std::string(table), "it is not in the store", "levee add " + std::string(table));
  }
  LEVEE_ASSIGN(const TableTurns::Turn turn, TableTurns::Process().Take(context.store(), located.record().uri));
  return Repairer(context, std::move(located), options).Run();
}

}  // namespace levee::catalog

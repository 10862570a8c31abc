// Chooses the files that make up a version.
#include <algorithm>

#include "delta/log_listing.h"

namespace levee::delta {
namespace {

std::int64_t NewestVersion(const LogListing& listing) {
  std::int64_t newest = -1;
  if (!listing.commits.empty()) newest = listing.commits.back().version;
  if (!listing.checkpoints.empty()) newest = std::max(newest, listing.checkpoints.back().version);
  for (const CompactedFile& file : listing.compacted) newest = std::max(newest, file.last_version);
  return newest;
}

bool StartsAtZero(const LogListing& listing) {
  if (!listing.commits.empty() && listing.commits.front().version == 0) return true;
  return std::any_of(listing.compacted.begin(), listing.compacted.end(),
                     [](const CompactedFile& file) { return file.first_version == 0; });
}

std::string RangeText(std::int64_t oldest, std::int64_t newest) {
  return "the log has versions " + std::to_string(oldest) + " to " + std::to_string(newest);
}

Status CheckRange(const LogListing& listing, std::int64_t version) {
  const std::int64_t newest = NewestVersion(listing);
  if (StartsAtZero(listing) || listing.checkpoints.empty()) {
    if (version >= 0 && version <= newest) return {};
    return Fail(ErrorCode::kOutOfRange, "version " + std::to_string(version), RangeText(0, newest));
  }
  const std::int64_t oldest = listing.checkpoints.front().version;
  if (version >= oldest && version <= newest) return {};
  return Fail(ErrorCode::kOutOfRange, "version " + std::to_string(version),
              RangeText(oldest, newest) +
                  (version < oldest && version >= 0 ? "; older commits were cleaned up" : ""));
}

// The longest compacted file that holds `version` and lies within (after, last].
const CompactedFile* FindCompacted(const LogListing& listing, std::int64_t version, std::int64_t after,
                                   std::int64_t last) {
  const CompactedFile* best = nullptr;
  for (const CompactedFile& file : listing.compacted) {
    const bool holds = file.first_version <= version && version <= file.last_version;
    if (!holds || file.first_version <= after || file.last_version > last) continue;
    if (best == nullptr || file.last_version > best->last_version) best = &file;
  }
  return best;
}

std::unexpected<Error> Missing(const LogListing& listing, const ReplayPlan& plan, std::int64_t missing) {
  const auto next = std::find_if(listing.commits.begin(), listing.commits.end(),
                                 [&](const CommitFile& file) { return file.version > missing; });
  const bool at_start = missing == 0 && !plan.checkpoint;
  if (at_start) {
    std::string why = "the start of the log is gone";
    if (next != listing.commits.end()) why = "the log starts at version " + std::to_string(next->version);
    return Fail(ErrorCode::kCorrupt, std::string(kLogFolder),
                why + " and no usable checkpoint stands in for what came before");
  }
  std::string why = "version " + std::to_string(missing) + " is missing";
  if (next != listing.commits.end()) {
    why += " between " + std::to_string(missing - 1) + " and " + std::to_string(next->version);
  } else {
    why += " after " + std::to_string(missing - 1);
  }
  return Fail(ErrorCode::kCorrupt, std::string(kLogFolder), std::move(why));
}

// Fills the plan's commits and compacted files for the versions after its checkpoint.
Status PlanCommits(const LogListing& listing, ReplayPlan& plan) {
  const std::int64_t base = plan.checkpoint ? plan.checkpoint->version : -1;
  std::int64_t covered = base;  // by the checkpoint or a compacted file
  auto commit =
      std::upper_bound(listing.commits.begin(), listing.commits.end(), base,
                       [](std::int64_t version, const CommitFile& file) { return version < file.version; });
  for (std::int64_t version = base + 1; version <= plan.version;) {
    while (commit != listing.commits.end() && commit->version < version) ++commit;
    if (commit != listing.commits.end() && commit->version == version) {
      plan.commits.push_back(*commit);
      ++version;
      continue;
    }
    const CompactedFile* compacted = FindCompacted(listing, version, covered, plan.version);
    if (compacted == nullptr) return Missing(listing, plan, version);
    // Single commits inside the range would be applied twice.
    while (!plan.commits.empty() && plan.commits.back().version >= compacted->first_version)
      plan.commits.pop_back();
    plan.compacted.push_back(*compacted);
    covered = compacted->last_version;
    version = covered + 1;
  }
  return {};
}

}  // namespace

Result<ReplayPlan> PlanReplay(const LogListing& listing, std::optional<std::int64_t> version,
                              const std::set<std::string>& unusable) {
  const std::int64_t newest = NewestVersion(listing);
  if (newest < 0) {
    return Fail(ErrorCode::kNotATable, std::string(kLogFolder),
                listing.folder_exists ? "it holds neither commit nor checkpoint"
                                      : "there is no such folder, or it is empty",
                "give the folder of a Delta table");
  }
  ReplayPlan plan;
  plan.version = version.value_or(newest);
  LEVEE_RETURN_IF_ERROR(CheckRange(listing, plan.version));
  for (const CheckpointFiles& checkpoint : listing.checkpoints) {
    if (checkpoint.version <= plan.version && !unusable.contains(checkpoint.Id()))
      plan.checkpoint = checkpoint;
  }
  LEVEE_RETURN_IF_ERROR(PlanCommits(listing, plan));
  return plan;
}

}  // namespace levee::delta

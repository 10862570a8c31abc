#include "catalog/version_fill.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "catalog/first_import.h"
#include "catalog/freshness.h"
#include "delta/log_listing.h"

namespace levee::catalog {
namespace {

using Ranges = std::vector<std::pair<std::int64_t, std::int64_t>>;

// Commits of this many versions are read along, so that neighbours of the wanted version cost nothing later.
constexpr std::int64_t kSpanMax = 1'000;

// The log as it looked to a reader that may only start at or below `version`.
delta::LogListing WithoutBasesAbove(delta::LogListing listing, std::int64_t version) {
  std::erase_if(listing.checkpoints, [&](const auto& checkpoint) { return checkpoint.version > version; });
  // A compacted range that ends above it would hide it.
  std::erase_if(listing.compacted, [&](const auto& compacted) { return compacted.last_version > version; });
  return listing;
}

// The span that the log can still replay below the store's first version is there too.
void AddReadable(const delta::LogListing& listing, Ranges& ranges) {
  if (ranges.empty()) return;
  std::optional<std::int64_t> base;
  if (!listing.commits.empty() && listing.commits.front().version == 0) base = 0;
  if (!base && !listing.checkpoints.empty()) base = listing.checkpoints.front().version;
  const std::int64_t first = ranges.front().first;
  if (base && *base < first && delta::PlanReplay(listing, first, {})) ranges.front().first = *base;
}

// The same for a message alone: what the log does not tell is left out of it.
void AddFillable(Context& context, const store::TableRecord& record, Ranges& ranges) {
  auto objects = context.Objects(record.uri);
  if (!objects) return;
  if (auto listing = delta::ListLog(**objects, 0)) AddReadable(*listing, ranges);
}

// The log as a base for versions below those that the store has.
struct LogBelow {
  std::shared_ptr<objectstore::ObjectStore> objects;
  delta::LogListing listing;

  // Imports the range that ends at `last`.
  Status Fill(Context& context, const store::TableRecord& record, std::int64_t last) const {
    const ImportContext import{.store = context.store(), .objects = *objects,
                               .load_parquet = context.load_parquet(), .options = context.options()};
    auto filled = RunImport(import, {.table_id = record.id, .incarnation = record.incarnation,
                                     .main = false, .version = last}, listing);
    if (!filled) return std::unexpected(std::move(filled).error());
    return {};
  }
};

}  // namespace

std::unexpected<Error> VersionOutOfRange(const store::TableRecord& record, std::int64_t version,
                                         const Ranges& ranges) {
  std::string there;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    auto [first, last] = ranges[i];
    while (i + 1 < ranges.size() && ranges[i + 1].first <= last + 1) last = std::max(last, ranges[++i].second);
    there += (there.empty() ? "" : ", ") + std::to_string(first) + " to " + std::to_string(last);
  }
  return Fail(ErrorCode::kOutOfRange, record.name.empty() ? record.uri : record.name,
              "version " + std::to_string(version) + " is not there; versions " + there + " are");
}

namespace {

// kOutOfRange when the log cannot be replayed to `version`.
Result<LogBelow> OpenLogBelow(Context& context, const store::TableRecord& record, const store::Head& head,
                              std::int64_t version, Ranges ranges) {
  LEVEE_ASSIGN(auto objects, context.Objects(record.uri));
  // Versions of two logs must never stand side by side.
  if (auto verified = VerifyHeadCommit(context, *objects, record, head); !verified) {
    return std::unexpected(std::move(verified).error());
  }
  LEVEE_ASSIGN(const delta::LogListing whole, delta::ListLog(*objects, 0));
  LogBelow log{std::move(objects), WithoutBasesAbove(whole, version)};
  if (delta::PlanReplay(log.listing, version, {})) return log;
  AddReadable(whole, ranges);
  return VersionOutOfRange(record, version, ranges);
}

// The first range above `version`; the head when there is none.
std::int64_t NextRange(const Ranges& ranges, std::int64_t version, std::int64_t head_version) {
  std::int64_t next = head_version;
  for (const auto& range : ranges) {
    if (range.first > version) next = std::min(next, range.first);
  }
  return next;
}

}  // namespace

Status EnsureVersion(Context& context, const store::TableRecord& record, const store::Head& head,
                     std::int64_t version) {
  LEVEE_ASSIGN(const bool there, context.store().HasVersion(record.id, version));
  if (there) return {};
  LEVEE_ASSIGN(Ranges ranges, context.store().VersionRanges(record.id));
  if (version < 0 || version > head.version) {
    if (context.options().freshness.mode != Freshness::Mode::kCached) AddFillable(context, record, ranges);
    return VersionOutOfRange(record, version, ranges);
  }
  LEVEE_ASSIGN(const LogBelow log, OpenLogBelow(context, record, head, version, ranges));
  const std::int64_t next = NextRange(ranges, version, head.version);
  if (next - version <= kSpanMax && log.Fill(context, record, next)) return {};
  const Status filled = log.Fill(context, record, version);
  if (filled) return {};
  // Another process may have been first.
  LEVEE_ASSIGN(const bool there_now, context.store().HasVersion(record.id, version));
  if (there_now) return {};
  return filled;
}

Result<std::int64_t> EnsureChanges(Context& context, const store::TableRecord& record, const store::Head& head,
                                   const VersionSpan& span) {
  // The main range tells every commit after its floor.
  if (span.after >= record.floor_version) return span.last;
  const std::int64_t last = std::min(span.last, record.floor_version);
  LEVEE_ASSIGN(const Ranges ranges, context.store().VersionRanges(record.id));
  for (const auto& range : ranges) {
    if (range.first <= span.after && range.second >= last) return last;
  }
  LEVEE_ASSIGN(const LogBelow log, OpenLogBelow(context, record, head, span.after, ranges));
  LEVEE_RETURN_IF_ERROR(log.Fill(context, record, last));
  return last;
}

}  // namespace levee::catalog

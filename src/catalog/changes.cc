#include <algorithm>
#include <string>
#include <utility>

#include "catalog/fresh_head.h"
#include "catalog/operations.h"
#include "catalog/scan_streams.h"
#include "catalog/version_fill.h"

namespace levee::catalog {
namespace {

Status CheckSpan(Context& context, const FreshHead& fresh, std::int64_t from, std::int64_t to) {
  if (from > to) {
    return Fail(ErrorCode::kInvalidArgument, "changes",
                "from version " + std::to_string(from) + " to " + std::to_string(to) + " runs backwards",
                "exchange the two");
  }
  if (from >= 0 && to <= fresh.head.version) return {};
  LEVEE_ASSIGN(const auto ranges, context.store().VersionRanges(fresh.record.id));
  return VersionOutOfRange(fresh.record, from < 0 ? from : to, ranges);
}

}  // namespace

Result<std::unique_ptr<columnar::BatchStream>> ListChanges(Context& context, std::string_view table,
                                                           const ChangesRequest& request) {
  LEVEE_ASSIGN(const FreshHead fresh, ReachFreshHead(context, table, {.version = request.to}));
  const bool beyond_head = !request.to || *request.to > fresh.head.version;
  if (fresh.stopped_by && beyond_head) return std::unexpected(*fresh.stopped_by);
  const std::int64_t to = request.to.value_or(fresh.head.version);
  LEVEE_RETURN_IF_ERROR(CheckSpan(context, fresh, request.from, to));

  // An entry's ends are known within its range only, so each range tells its own commits.
  std::vector<std::unique_ptr<columnar::BatchStream>> streams;
  for (std::int64_t after = request.from; after < to;) {
    LEVEE_ASSIGN(const std::int64_t last, EnsureChanges(context, fresh.record, fresh.head, {after, to}));
    const store::ScanRequest scan{
        .table_id = fresh.record.id,
        .filter = {.kind = store::EntryFilter::Kind::kChangedIn, .version = last, .after_version = after},
        .columns = request.columns};
    LEVEE_ASSIGN(auto entries, context.store().Scan(scan));
    streams.push_back(std::move(entries));
    LEVEE_ASSIGN(auto lone_removes, context.store().ReadLoneRemoves(scan));
    streams.push_back(std::move(lone_removes));
    after = last;
  }
  return MakeConcatenation(std::move(streams));
}

}  // namespace levee::catalog

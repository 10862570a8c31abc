#include <string>
#include <utility>
#include <vector>

#include "catalog/fresh_head.h"
#include "catalog/guarded.h"
#include "catalog/log_times.h"
#include "catalog/operations.h"
#include "catalog/table_state.h"
#include "catalog/union_view.h"
#include "catalog/version_fill.h"
#include "catalog/view.h"
#include "metrics/metrics.h"

namespace levee::catalog {
namespace {

// Whether commits that cannot be read could not change the answer.
Result<bool> AnsweredByHead(Context& context, const FreshHead& fresh, const VersionChoice& choice) {
  if (choice.version) return *choice.version <= fresh.head.version;
  if (!choice.timestamp_ms) return false;
  LEVEE_ASSIGN(const auto snapshot, LoadSnapshot(context, fresh.record, fresh.head, fresh.head.version));
  return *choice.timestamp_ms <= snapshot->state.commit.timestamp_ms;
}

Result<std::int64_t> ChosenVersion(Context& context, const FreshHead& fresh, const VersionChoice& choice) {
  if (choice.timestamp_ms) return VersionAtTime(context, fresh.record, fresh.head, *choice.timestamp_ms);
  return choice.version.value_or(fresh.head.version);
}

Result<std::shared_ptr<const Snapshot>> OpenSnapshot(Context& context, std::string_view table,
                                                     const VersionChoice& choice) {
  const metrics::Timer timer(metrics::Metric::kOpenSeconds);
  if (choice.version && choice.timestamp_ms) {
    return Fail(ErrorCode::kInvalidArgument, "version", "a version and a timestamp exclude each other");
  }
  context.TickCaches();
  LEVEE_ASSIGN(const FreshHead fresh, ReachFreshHead(context, table, choice));
  if (fresh.stopped_by) {
    LEVEE_ASSIGN(const bool answered, AnsweredByHead(context, fresh, choice));
    if (!answered) return std::unexpected(*fresh.stopped_by);
  }
  LEVEE_ASSIGN(const std::int64_t version, ChosenVersion(context, fresh, choice));
  if (version != fresh.head.version) {
    LEVEE_RETURN_IF_ERROR(EnsureVersion(context, fresh.record, fresh.head, version));
  }
  return LoadSnapshot(context, fresh.record, fresh.head, version);
}

}  // namespace

Result<std::unique_ptr<View>> OpenTable(Context& context, std::string_view table, const VersionChoice& choice) {
  const std::int64_t start_ns = context.clock().MonotonicNanos();
  LEVEE_ASSIGN(auto snapshot, OpenSnapshot(context, table, choice));
  return MakeView(context, std::move(snapshot), {.sync_ns = context.clock().MonotonicNanos() - start_ns});
}

Result<std::unique_ptr<UnionView>> OpenTables(Context& context, std::span<const std::string_view> tables,
                                              const VersionChoice& choice) {
  if (tables.empty()) return Fail(ErrorCode::kInvalidArgument, "tables", "none is named");
  const std::int64_t start_ns = context.clock().MonotonicNanos();
  std::vector<UnionTable> opened;
  for (const std::string_view table : tables) {
    LEVEE_ASSIGN(auto snapshot, OpenSnapshot(context, table, choice));
    auto view = GuardView(MakeView(context, snapshot, {.records = false}));
    opened.push_back({.label = std::string(table), .snapshot = std::move(snapshot), .view = std::move(view)});
  }
  return MakeUnionView(context, std::move(opened), context.clock().MonotonicNanos() - start_ns);
}

}  // namespace levee::catalog

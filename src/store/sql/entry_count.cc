#include "store/sql/entry_count.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <vector>

#include "base/parallel.h"
#include "metrics/metrics.h"
#include "store/sql/entry_selector.h"
#include "store/sql/layout_read.h"

namespace levee::store {
namespace {

Result<std::int64_t> CountSideBySide(const ScanContext& context, EntrySelector& selector,
                                     const std::vector<std::size_t>& segments, ScanCounters& counters) {
  std::mutex mutex;
  std::int64_t entries = 0;  // guarded by mutex, as `counters` and `idle`
  // A session keeps its connection and the room that it reads into from segment to segment.
  std::vector<std::unique_ptr<ReadSession>> idle;
  const LoopOptions loop{.threads = PoolThreads(), .priority = Priority::kQuestion};
  LEVEE_RETURN_IF_ERROR(ParallelFor(segments.size(), loop, [&](std::size_t i) -> Status {
    ScanCounters work;
    std::unique_ptr<ReadSession> session;
    if (const std::lock_guard lock(mutex); !idle.empty()) {
      session = std::move(idle.back());
      idle.pop_back();
    }
    if (session == nullptr) session = std::make_unique<ReadSession>(context.driver);
    session->set_counters(&work);
    EntrySelector part = selector.OnSegment(*session, segments[i]);
    LEVEE_ASSIGN(const std::int64_t found, part.CountRest());
    session->set_counters(nullptr);
    const std::lock_guard lock(mutex);
    entries += found;
    counters.Add(work);
    idle.push_back(std::move(session));
    return {};
  }));
  return entries;
}

}  // namespace

Result<std::int64_t> CountEntries(const ScanContext& context, const ScanRequest& request) {
  const metrics::Timer timer(metrics::Metric::kCountSeconds);
  const auto count = [&](ReadSession& session, const Layout& layout) -> Result<std::int64_t> {
    EntrySelector selector(context.reader, session, layout,
                           {.filter = request.filter,
                            .predicate = request.predicate,
                            .timezone = request.timezone,
                            .access = AccessFor(context, request)});
    LEVEE_RETURN_IF_ERROR(selector.Prepare());
    std::int64_t entries = 0;
    const std::vector<std::size_t> segments = selector.WorthSharing();
    if (segments.size() > 1 && PoolThreads() > 1) {
      LEVEE_ASSIGN(entries, CountSideBySide(context, selector, segments, session.counters()));
      selector.LeaveSegments();
    }
    LEVEE_ASSIGN(const std::int64_t rest, selector.CountRest());
    entries += rest;
    CountWork(session.counters());
    return request.limit ? std::min(entries, *request.limit) : entries;
  };
  return ReadByLayout(
      {context.driver, context.layouts, request.counters},
      [&](ReadSession& session) { return LayoutFor(context, session, request); }, count);
}

}  // namespace levee::store

// Reading by a layout that compaction may make stale meanwhile.
#pragma once

#include <memory>
#include <type_traits>

#include "store/sql/layout_cache.h"
#include "store/sql/segment_reader.h"

namespace levee::store {

// How often a reader starts again when compaction takes segments away under it.
inline constexpr int kRestartsMax = 5;

// The layout in memory names a segment that is gone: it is older than a compaction and its lease.
inline void ForgetStale(LayoutCache& layouts, ReadSession& session, const Layout& layout) {
  session.Release();
  layouts.Drop(layout.head.range_id);
}

struct LayoutRead {
  Driver& driver;
  LayoutCache& layouts;
  ScanCounters* counters = nullptr;  // may be null
};

// read(session, layout), by the layout that find(session) gives; anew by a newer one when `read` answers kNotFound.
// Errors of `find` are passed on.
template <typename Find, typename Read>
std::invoke_result_t<Read, ReadSession&, const Layout&> ReadByLayout(const LayoutRead& with, const Find& find,
                                                                     const Read& read) {
  for (int restarts = 0;; ++restarts) {
    ReadSession session(with.driver, with.counters);
    LEVEE_ASSIGN(const std::shared_ptr<const Layout> layout, find(session));
    auto answer = read(session, *layout);
    if (answer || answer.error().code != ErrorCode::kNotFound || restarts == kRestartsMax) return answer;
    ForgetStale(with.layouts, session, *layout);
  }
}

}  // namespace levee::store

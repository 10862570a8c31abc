#include "store/sql/layout_cache.h"

#include <algorithm>
#include <limits>

#include "base/clock.h"
#include "cache/cache_key.h"
#include "metrics/metrics.h"
#include "store/sql/query.h"

namespace levee::store {
namespace {

constexpr std::int64_t kConfirmedForNs = 1'000'000'000;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min() / 2;

constexpr char kReadMain[] =
    "SELECT head_version, layout_generation, floor_version, main_range FROM tables WHERE table_id=?1";
constexpr char kReadOlder[] =
    "SELECT range_id, first_version, last_version FROM ranges WHERE table_id=?1 AND published=1 AND is_main=0"
    " AND first_version<=?2 AND last_version>=?2 ORDER BY range_id LIMIT 1";
constexpr char kReadChanges[] =
    "SELECT range_id, first_version, last_version FROM ranges WHERE table_id=?1 AND published=1 AND is_main=0"
    " AND first_version<=?2 AND last_version>=?3 ORDER BY range_id LIMIT 1";
constexpr char kReadOlderRanges[] =
    "SELECT first_version, last_version FROM ranges WHERE table_id=?1 AND published=1 AND is_main=0";

std::uint64_t HashOfRange(std::int64_t range_id) {
  return cache::HashOf({.owner = 0, .part = static_cast<std::uint64_t>(range_id)});
}

// The row of an older range; its layout changes with the table's.
RangeHead OlderRange(Query& query, const RangeHead& main) {
  RangeHead head;
  head.table_id = main.table_id;
  head.range_id = query.Int(0);
  head.main = false;
  head.first_version = query.Int(1);
  head.last_version = query.Int(2);
  head.layout_generation = main.layout_generation;
  return head;
}

}  // namespace

Result<RangeHead> ReadMainHead(Connection& connection, std::int64_t table_id) {
  LEVEE_ASSIGN(Query query, Query::Make(connection, kReadMain, table_id));
  LEVEE_ASSIGN(const bool row, query.Step());
  if (!row) return Fail(ErrorCode::kNotFound, "table " + std::to_string(table_id), "it is not in the store");
  RangeHead head;
  head.table_id = table_id;
  head.last_version = query.Int(0);
  head.layout_generation = query.Int(1);
  head.first_version = query.Int(2);
  head.range_id = query.Int(3);
  return head;
}

Result<std::vector<std::pair<std::int64_t, std::int64_t>>> ReadRanges(Connection& connection, std::int64_t table_id) {
  std::vector<std::pair<std::int64_t, std::int64_t>> ranges;
  LEVEE_ASSIGN(const RangeHead main, ReadMainHead(connection, table_id));
  if (main.range_id != 0) ranges.emplace_back(main.first_version, main.last_version);
  LEVEE_ASSIGN(Query query, Query::Make(connection, kReadOlderRanges, table_id));
  while (true) {
    LEVEE_ASSIGN(const bool row, query.Step());
    if (!row) break;
    ranges.emplace_back(query.Int(0), query.Int(1));
  }
  std::sort(ranges.begin(), ranges.end());
  return ranges;
}

Result<std::string> DescribeRanges(Connection& connection, std::int64_t table_id) {
  LEVEE_ASSIGN(const auto ranges, ReadRanges(connection, table_id));
  std::string text;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    auto [first, last] = ranges[i];
    while (i + 1 < ranges.size() && ranges[i + 1].first <= last + 1) last = std::max(last, ranges[++i].second);
    if (!text.empty()) text += ", ";
    text += std::to_string(first) + " to " + std::to_string(last);
  }
  return text.empty() ? "none" : text;
}

Result<RangeHead> ReadRangeHead(Connection& connection, std::int64_t table_id, std::int64_t version) {
  LEVEE_ASSIGN(const RangeHead main, ReadMainHead(connection, table_id));
  if (main.range_id != 0 && version >= main.first_version && version <= main.last_version) return main;
  LEVEE_ASSIGN(Query query, Query::Make(connection, kReadOlder, table_id, version));
  LEVEE_ASSIGN(const bool row, query.Step());
  if (!row) {
    LEVEE_ASSIGN(const std::string there, DescribeRanges(connection, table_id));
    return Fail(ErrorCode::kOutOfRange, "version " + std::to_string(version),
                "it is not in the store, which has: " + there);
  }
  return OlderRange(query, main);
}

Result<RangeHead> ReadChangeRange(Connection& connection, std::int64_t table_id, const EntryFilter& filter) {
  LEVEE_ASSIGN(const RangeHead main, ReadMainHead(connection, table_id));
  const bool in_main = main.range_id != 0 && filter.after_version >= main.first_version;
  if (in_main && filter.version <= main.last_version) return main;
  LEVEE_ASSIGN(Query query, Query::Make(connection, kReadChanges, table_id, filter.after_version, filter.version));
  LEVEE_ASSIGN(const bool row, query.Step());
  if (!row) return ReadRangeHead(connection, table_id, filter.version);
  return OlderRange(query, main);
}

const std::shared_ptr<const Layout>* LayoutCache::Use(std::int64_t range_id) {
  const auto found = layouts_.find(range_id);
  if (found == layouts_.end()) return nullptr;
  found->second.used_at = ++uses_;
  return &found->second.layout;
}

std::shared_ptr<const Layout> LayoutCache::Find(std::int64_t range_id) {
  const std::lock_guard lock(mutex_);
  if (const auto* found = Use(range_id)) {
    ++counters_.hits;
    return *found;
  }
  ++counters_.misses;
  if (evicted_.Contains(HashOfRange(range_id))) ++counters_.shadow_hits;
  return nullptr;
}

std::shared_ptr<const Layout> LayoutCache::KnownMain(std::int64_t table_id) {
  const std::lock_guard lock(mutex_);
  const auto main = mains_.find(table_id);
  if (main == mains_.end()) return nullptr;
  const auto* found = Use(main->second.range_id);
  return found == nullptr ? nullptr : *found;
}

void LayoutCache::Confirm(std::int64_t table_id, std::int64_t layout_generation) {
  const std::lock_guard lock(mutex_);
  const auto main = mains_.find(table_id);
  if (main == mains_.end()) return;
  const auto* found = Use(main->second.range_id);
  const bool same = found != nullptr && (*found)->head.layout_generation == layout_generation;
  main->second.confirmed_ns = same ? SystemClock().MonotonicNanos() : kNever;
}

std::shared_ptr<const Layout> LayoutCache::FindConfirmed(std::int64_t table_id, std::int64_t version) {
  const std::int64_t now_ns = SystemClock().MonotonicNanos();
  const std::lock_guard lock(mutex_);
  const auto main = mains_.find(table_id);
  if (main == mains_.end() || now_ns - main->second.confirmed_ns > kConfirmedForNs) return nullptr;
  const auto* found = Use(main->second.range_id);
  if (found == nullptr) return nullptr;
  const RangeHead& head = (*found)->head;
  if (head.first_version > version || version > head.last_version) return nullptr;
  ++counters_.hits;
  return *found;
}

void LayoutCache::Drop(std::int64_t range_id) {
  const std::lock_guard lock(mutex_);
  const auto found = layouts_.find(range_id);
  if (found == layouts_.end()) return;
  ++counters_.invalidations;
  Erase(found);
}

void LayoutCache::Erase(std::unordered_map<std::int64_t, Kept>::iterator kept) {
  counters_.bytes -= kept->second.size_bytes;
  const RangeHead& head = kept->second.layout->head;
  if (head.main) mains_.erase(head.table_id);
  layouts_.erase(kept);
}

void LayoutCache::MakeRoom(std::int64_t spared) {
  while (layouts_.size() > 1 && counters_.bytes > budget_bytes_) {
    auto oldest = layouts_.end();
    for (auto kept = layouts_.begin(); kept != layouts_.end(); ++kept) {
      if (kept->first == spared) continue;
      if (oldest == layouts_.end() || kept->second.used_at < oldest->second.used_at) oldest = kept;
    }
    evicted_.Add(HashOfRange(oldest->first), oldest->second.size_bytes);
    ++counters_.evictions;
    Erase(oldest);
  }
}

void LayoutCache::SetBudget(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  budget_bytes_ = bytes;
  std::int64_t newest = 0;
  std::uint64_t newest_use = 0;
  for (const auto& [range_id, kept] : layouts_) {
    if (kept.used_at < newest_use) continue;
    newest = range_id;
    newest_use = kept.used_at;
  }
  MakeRoom(newest);
}

void LayoutCache::WatchEvicted(std::uint64_t window_bytes) {
  const std::lock_guard lock(mutex_);
  evicted_.SetWindow(window_bytes);
}

cache::CacheCounters LayoutCache::counters() const {
  const std::lock_guard lock(mutex_);
  cache::CacheCounters counters = counters_;
  counters.entries = layouts_.size();
  return counters;
}

cache::CacheUse LayoutCache::use() const {
  const cache::CacheCounters counted = counters();
  const std::lock_guard lock(mutex_);
  return {"layouts", budget_bytes_, counted};
}

Result<std::shared_ptr<const Layout>> LayoutCache::Get(ReadSession& session, std::int64_t table_id,
                                                       std::int64_t version) {
  if (auto confirmed = FindConfirmed(table_id, version)) return confirmed;
  {
    LEVEE_ASSIGN(Connection * connection, session.ConnectLoosely());
    LEVEE_ASSIGN(const RangeHead head, ReadRangeHead(*connection, table_id, version));
    auto known = Find(head.range_id);
    if (known != nullptr && known->head.layout_generation == head.layout_generation &&
        known->head.last_version >= version) {
      return known;
    }
  }
  LEVEE_ASSIGN(Connection * connection, session.Connect());
  LEVEE_ASSIGN(const RangeHead head, ReadRangeHead(*connection, table_id, version));
  return GetRange(session, head, version);
}

Result<std::shared_ptr<const Layout>> LayoutCache::GetForChanges(ReadSession& session, std::int64_t table_id,
                                                                 const EntryFilter& filter) {
  LEVEE_ASSIGN(Connection * connection, session.Connect());
  LEVEE_ASSIGN(const RangeHead head, ReadChangeRange(*connection, table_id, filter));
  return GetRange(session, head, filter.version);
}

Result<std::shared_ptr<const Layout>> LayoutCache::GetMain(ReadSession& session, std::int64_t table_id) {
  LEVEE_ASSIGN(Connection * connection, session.Connect());
  LEVEE_ASSIGN(const RangeHead head, ReadMainHead(*connection, table_id));
  return GetRange(session, head, head.last_version);
}

Result<std::shared_ptr<const Layout>> LayoutCache::GetRange(ReadSession& session, const RangeHead& head,
                                                            std::int64_t version) {
  LEVEE_ASSIGN(Connection * connection, session.Connect());
  // Tables without a published range share the number 0, so nothing is kept for them.
  if (head.range_id == 0) return LoadLayout(*connection, head, nullptr);
  auto known = Find(head.range_id);
  if (known != nullptr && known->head.layout_generation == head.layout_generation &&
      known->head.last_version >= version) {
    return known;
  }
  const metrics::Span span(metrics::Metric::kLoadLayoutSpan);
  const std::int64_t start_ns = SystemClock().MonotonicNanos();
  LEVEE_ASSIGN(auto layout, LoadLayout(*connection, head, std::move(known)));
  const std::int64_t took_ns = SystemClock().MonotonicNanos() - start_ns;
  {
    const std::lock_guard lock(mutex_);
    ++counters_.loads;
    counters_.load_ns += static_cast<std::uint64_t>(took_ns);
  }
  Put(layout);
  return layout;
}

void LayoutCache::Put(std::shared_ptr<const Layout> layout) {
  const std::size_t size_bytes = SizeBytes(*layout);
  const std::int64_t range_id = layout->head.range_id;
  const std::lock_guard lock(mutex_);
  if (layout->head.main) mains_[layout->head.table_id] = {range_id, kNever};
  Kept& known = layouts_[range_id];
  known.used_at = ++uses_;
  // Somebody may have read a newer one meanwhile.
  const auto age = [](const Layout& of) { return std::pair(of.head.layout_generation, of.head.last_version); };
  if (known.layout != nullptr && age(*known.layout) > age(*layout)) return;
  counters_.bytes += size_bytes;
  counters_.bytes -= known.size_bytes;
  known.layout = std::move(layout);
  known.size_bytes = size_bytes;
  ++counters_.inserts;
  evicted_.Remove(HashOfRange(range_id));
  MakeRoom(range_id);
}

}  // namespace levee::store

#include "store/sql/layout_cache.h"

#include <algorithm>
#include <limits>

#include "base/clock.h"
#include "metrics/metrics.h"
#include "store/sql/query.h"

namespace levee::store {
namespace {

constexpr std::size_t kLayoutsMax = 256;
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

std::shared_ptr<const Layout> LayoutCache::Find(std::int64_t range_id) {
  const std::lock_guard lock(mutex_);
  const auto found = layouts_.find(range_id);
  return found == layouts_.end() ? nullptr : found->second;
}

std::shared_ptr<const Layout> LayoutCache::KnownMain(std::int64_t table_id) {
  const std::lock_guard lock(mutex_);
  const auto main = mains_.find(table_id);
  if (main == mains_.end()) return nullptr;
  const auto found = layouts_.find(main->second.range_id);
  return found == layouts_.end() ? nullptr : found->second;
}

void LayoutCache::Confirm(std::int64_t table_id, std::int64_t layout_generation) {
  const std::lock_guard lock(mutex_);
  const auto main = mains_.find(table_id);
  if (main == mains_.end()) return;
  const auto found = layouts_.find(main->second.range_id);
  const bool same = found != layouts_.end() && found->second->head.layout_generation == layout_generation;
  main->second.confirmed_ns = same ? SystemClock().MonotonicNanos() : kNever;
}

std::shared_ptr<const Layout> LayoutCache::FindConfirmed(std::int64_t table_id, std::int64_t version) {
  const std::int64_t now_ns = SystemClock().MonotonicNanos();
  const std::lock_guard lock(mutex_);
  const auto main = mains_.find(table_id);
  if (main == mains_.end() || now_ns - main->second.confirmed_ns > kConfirmedForNs) return nullptr;
  const auto found = layouts_.find(main->second.range_id);
  if (found == layouts_.end()) return nullptr;
  const RangeHead& head = found->second->head;
  return head.first_version <= version && version <= head.last_version ? found->second : nullptr;
}

void LayoutCache::Drop(std::int64_t range_id) {
  const std::lock_guard lock(mutex_);
  layouts_.erase(range_id);
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
  LEVEE_ASSIGN(auto layout, LoadLayout(*connection, head, std::move(known)));
  Put(layout);
  return layout;
}

void LayoutCache::Put(std::shared_ptr<const Layout> layout) {
  const std::lock_guard lock(mutex_);
  if (layouts_.size() >= kLayoutsMax) {
    layouts_.clear();
    mains_.clear();
  }
  if (layout->head.main) mains_[layout->head.table_id] = {layout->head.range_id, kNever};
  auto& known = layouts_[layout->head.range_id];
  // Somebody may have read a newer one meanwhile.
  const auto age = [](const Layout& of) { return std::pair(of.head.layout_generation, of.head.last_version); };
  if (known == nullptr || age(*known) <= age(*layout)) known = std::move(layout);
}

}  // namespace levee::store

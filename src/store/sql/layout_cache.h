// The layouts of the tables in use, brought up to date as tables move.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "cache/evicted_keys.h"
#include "cache/level.h"
#include "store/sql/layout.h"
#include "store/sql/segment_reader.h"

namespace levee::store {

// Thread-safe. Keeps what was used last, up to a budget, and always one: nothing can be answered without.
class LayoutCache final : public cache::Level {
 public:
  // The layout of the range that holds `version` of the table, at least as new as that. Asks the head each
  // time, so that what other processes did is seen. kNotFound: no such table; kOutOfRange, with the versions
  // that are there.
  Result<std::shared_ptr<const Layout>> Get(ReadSession& session, std::int64_t table_id, std::int64_t version);
  // The range that tells what the commits in (after, version] did.
  Result<std::shared_ptr<const Layout>> GetForChanges(ReadSession& session, std::int64_t table_id,
                                                      const EntryFilter& filter);
  // The main range at its head; `version` -1 stands for a table without one.
  Result<std::shared_ptr<const Layout>> GetMain(ReadSession& session, std::int64_t table_id);
  // Keeps the layout that a publish of this process made.
  void Put(std::shared_ptr<const Layout> layout);
  // The main range as far as it is known without asking; null: it is not.
  std::shared_ptr<const Layout> KnownMain(std::int64_t table_id);
  // The head was just read: a known main range of this generation is good for another while, in which Get need
  // not ask. Segments that compaction drops meanwhile outlive that by far.
  void Confirm(std::int64_t table_id, std::int64_t layout_generation);
  // Forgets what is known of a range, so that the next Get reads it anew.
  void Drop(std::int64_t range_id);

  void SetBudget(std::uint64_t bytes) override;
  void WatchEvicted(std::uint64_t window_bytes) override;
  cache::CacheCounters counters() const override;
  cache::CacheUse use() const;

 private:
  Result<std::shared_ptr<const Layout>> GetRange(ReadSession& session, const RangeHead& head, std::int64_t version);
  std::shared_ptr<const Layout> Find(std::int64_t range_id);
  // The main range, if it has `version` and was confirmed just now.
  std::shared_ptr<const Layout> FindConfirmed(std::int64_t table_id, std::int64_t version);

  struct Kept {
    std::shared_ptr<const Layout> layout;
    std::size_t size_bytes = 0;  // when it was put; bounds made since are not in it
    std::uint64_t used_at = 0;
  };

  // With mutex_ held. Null: it is not there.
  const std::shared_ptr<const Layout>* Use(std::int64_t range_id);
  void Erase(std::unordered_map<std::int64_t, Kept>::iterator kept);
  // Leaves `spared` alone.
  void MakeRoom(std::int64_t spared);

  struct Main {
    std::int64_t range_id = 0;
    std::int64_t confirmed_ns = 0;  // monotonic
  };

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::unordered_map<std::int64_t, Kept> layouts_;  // by range
  std::unordered_map<std::int64_t, Main> mains_;    // by table
  std::uint64_t budget_bytes_ = kBudgetBytes;
  std::uint64_t uses_ = 0;
  cache::EvictedKeys evicted_;
  cache::CacheCounters counters_;

  static constexpr std::uint64_t kBudgetBytes = 256 << 20;  // until somebody says otherwise
};

// The range that holds `version`, as the database has it now.
Result<RangeHead> ReadRangeHead(Connection& connection, std::int64_t table_id, std::int64_t version);
// The range that has both versions of a kChangedIn filter; when none has, the one that holds the later.
Result<RangeHead> ReadChangeRange(Connection& connection, std::int64_t table_id, const EntryFilter& filter);
// The main range; kNotFound when there is no such table, range_id 0 when nothing is published.
Result<RangeHead> ReadMainHead(Connection& connection, std::int64_t table_id);
// "3 to 10, 20 to 25".
Result<std::string> DescribeRanges(Connection& connection, std::int64_t table_id);
Result<std::vector<std::pair<std::int64_t, std::int64_t>>> ReadRanges(Connection& connection, std::int64_t table_id);

}  // namespace levee::store

// What the store says of itself.
#include "store/sql/migrations.h"
#include "store/sql/query.h"
#include "store/sql/sql_store.h"

namespace levee::store {
namespace {

// What readers keep of pages at most where no governor says so: eight of them 2 MiB each.
constexpr std::uint64_t kPagesAloneBytes = 16 << 20;

constexpr char kCountTables[] = "SELECT count(*) FROM tables";
constexpr char kCountBehind[] =
    "SELECT count(*) FROM tables t JOIN ranges r ON r.range_id=t.main_range"
    " WHERE t.head_version >= 0 AND (r.summary_version IS NULL OR r.summary_version < t.head_version)";
// History: ended entries, ends of entries, tombstones.
constexpr char kSumSegments[] =
    "SELECT coalesce(sum(CASE WHEN kind IN (1, 3) THEN size_bytes ELSE 0 END), 0),"
    " coalesce(sum(CASE WHEN kind IN (1, 3) THEN 0 ELSE size_bytes END), 0) FROM segments WHERE state=1";

}  // namespace

Result<Store::Info> SqlStore::ReadInfo() {
  Info info;
  info.uri = driver_->uri();
  info.caches = {reader_.cache().UseAs("columns"), layouts_.use()};
  if (driver_->pages() != nullptr) {
    const std::uint64_t budget = options_.caches.governor == nullptr
                                     ? kPagesAloneBytes
                                     : options_.caches.governor->BudgetOf(cache::LevelKind::kPages);
    info.caches.push_back({"pages", budget, driver_->pages()->counters()});
  }
  const PoolUse pool = driver_->pool();  // before the question itself takes a connection
  info.connections_open = pool.open;
  info.connections_in_use = pool.in_use;
  LEVEE_ASSIGN(const Lease reader, driver_->Reader());
  LEVEE_ASSIGN(info.schema_version, reader->SchemaVersion());
  LEVEE_ASSIGN(info.size_bytes, driver_->SizeBytes());
  {
    LEVEE_ASSIGN(Query query, Query::Make(*reader, kCountTables));
    LEVEE_RETURN_IF_ERROR(query.Step());
    info.tables = query.Int(0);
  }
  {
    LEVEE_ASSIGN(Query query, Query::Make(*reader, kCountBehind));
    LEVEE_RETURN_IF_ERROR(query.Step());
    info.views_behind = query.Int(0);
  }
  LEVEE_ASSIGN(Query query, Query::Make(*reader, kSumSegments));
  LEVEE_RETURN_IF_ERROR(query.Step());
  info.active_bytes = query.Int(0);
  info.history_bytes = query.Int(1);
  return info;
}

}  // namespace levee::store

#include "catalog/table_names.h"

#include <utility>

#include "catalog/context.h"
#include "objectstore/object_store.h"

namespace levee::catalog {
namespace {

constexpr std::int64_t kRememberedNs = 1'000'000'000;
constexpr std::size_t kEntriesMax = 4'096;

Result<NamedTable> LookUp(store::Store& store, std::string_view table) {
  LEVEE_ASSIGN(auto by_name, store.FindTableByName(table));
  if (by_name) {
    std::string uri = by_name->uri;
    return NamedTable{.uri = std::move(uri), .record = std::move(by_name)};
  }
  LEVEE_ASSIGN(std::string uri, objectstore::CanonicalTableUri(table));
  LEVEE_ASSIGN(auto by_uri, store.FindTableByUri(uri));
  return NamedTable{.uri = std::move(uri), .record = std::move(by_uri)};
}

}  // namespace

Result<NamedTable> TableNames::Resolve(store::Store& store, Clock& clock, std::string_view table) {
  const std::int64_t now_ns = clock.MonotonicNanos();
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(table);
    if (found != entries_.end() && now_ns - found->second.found_ns < kRememberedNs) return found->second.table;
  }
  if (table.empty()) return Fail(ErrorCode::kInvalidArgument, "table", "its name is empty",
                                  "give a registered name, a path or a URI");
  LEVEE_ASSIGN(NamedTable named, LookUp(store, table));
  if (named.record) {
    const std::lock_guard lock(mutex_);
    if (entries_.size() >= kEntriesMax) entries_.clear();
    entries_.insert_or_assign(std::string(table), Entry{named, now_ns});
  }
  return named;
}

void TableNames::Clear() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
}

Result<LocatedTable> Locate(Context& context, std::string_view table) {
  for (int attempt = 0;; ++attempt) {
    LEVEE_ASSIGN(NamedTable named, context.names().Resolve(context.store(), context.clock(), table));
    if (!named.record) return LocatedTable{.table = std::move(named)};
    LEVEE_ASSIGN(auto head, context.store().ReadHead(named.record->id));
    const bool stale = !head || head->incarnation != named.record->incarnation;
    if (stale && attempt == 0) {
      context.names().Clear();  // forgotten, and perhaps added again, by another process
      continue;
    }
    if (head && (stale || head->version < 0)) head.reset();
    return LocatedTable{.table = std::move(named), .head = std::move(head)};
  }
}

Result<LocatedTable> LocateKnown(Context& context, std::string_view table) {
  LEVEE_ASSIGN(LocatedTable located, Locate(context, table));
  if (!located.head) {
    return Fail(ErrorCode::kNotFound, std::string(table), "no such table in the store",
                "levee tables lists them, levee add TABLE imports one");
  }
  return located;
}

}  // namespace levee::catalog

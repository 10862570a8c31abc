// Predicates bound once and used again: a repeated question costs a look-up instead of a parse.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/status.h"
#include "cache/sharded_cache.h"
#include "expr/predicate.h"

namespace levee::query {

// What a predicate is bound against.
struct PredicateScope {
  std::uint64_t schema_identity = 0;  // equal for equal schemas, else different
  const expr::ColumnResolver& resolver;
  expr::BindOptions options;
};

// Thread-safe. Errors are not kept, nor predicates that depend on the statement's time.
class PredicateCache {
 public:
  explicit PredicateCache(std::size_t capacity_bytes) : cache_(capacity_bytes) {}

  // As expr::BindPredicate.
  Result<std::shared_ptr<const expr::BoundPredicate>> Bind(std::string_view text, const PredicateScope& scope);

  cache::CacheCounters counters() const { return cache_.counters(); }
  cache::CacheUse use() const { return cache_.UseAs("predicates"); }

 private:
  cache::ShardedCache cache_;
};

// True when the text may read the clock (CURRENT_DATE, CURRENT_TIMESTAMP, NOW), also inside a literal.
bool MayReadClock(std::string_view predicate);

}  // namespace levee::query

// Predicates bound and planned once and used again: a repeated question costs a look-up instead of a parse.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/status.h"
#include "cache/sharded_cache.h"
#include "expr/predicate.h"
#include "query/planner.h"

namespace levee::query {

// What a predicate is bound against.
struct PredicateScope {
  std::uint64_t schema_identity = 0;  // equal for equal schemas, else different
  const expr::ColumnResolver& resolver;
  expr::BindOptions options;
  const std::vector<expr::GeneratedColumn>* generated = nullptr;  // null: none; equal for equal schema identities
};

// A bound predicate after the rules.
struct PlannedPredicate {
  expr::BoundPredicate bound;
  Hash128 identity;      // of what it asks, not of its text: equal for equal normalised predicates of a schema
  std::vector<RuleUse> uses;
  std::int64_t ns = 0;  // that the rules took
};

// Thread-safe. Errors are not kept, nor predicates that depend on the statement's time.
class PredicateCache {
 public:
  explicit PredicateCache(std::size_t capacity_bytes, RuleSet rules = {}) : cache_(capacity_bytes), rules_(rules) {}
  PredicateCache(cache::CacheOptions options, RuleSet rules) : cache_(std::move(options)), rules_(rules) {}

  // As expr::BindPredicate, then PlanPredicate. `cached` (may be null) becomes whether it was at hand.
  Result<std::shared_ptr<const PlannedPredicate>> Bind(std::string_view text, const PredicateScope& scope,
                                                       bool* cached = nullptr);

  cache::CacheCounters counters() const { return cache_.counters(); }
  cache::ShardedCache& cache() { return cache_; }

 private:
  cache::ShardedCache cache_;
  const RuleSet rules_;
};

// True when the text may read the clock (CURRENT_DATE, CURRENT_TIMESTAMP, NOW), also inside a literal.
bool MayReadClock(std::string_view predicate);

}  // namespace levee::query

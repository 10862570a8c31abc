// Answers kept for the next equal question.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "base/hash.h"
#include "cache/sharded_cache.h"
#include "columnar/batch.h"
#include "query/plan.h"
#include "query/shared_rows.h"

namespace levee::query {

// What an answer depends on, so that a key can not go stale: `source` stands for the rows themselves (a table's
// incarnation, version and layout), `predicate` for what the rules made of the predicate, with the clock read.
struct Question {
  enum class Kind : std::uint8_t { kRows, kCount, kGroups, kSummary } kind = Kind::kRows;
  cache::CacheKey source;
  Hash128 predicate;                   // zeros: every row
  const Columns* columns = nullptr;    // of rows
  const std::vector<SortKey>* order = nullptr;  // null or empty: any; of groups what they are by
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> rows;    // a quota
};

cache::CacheKey KeyOf(const Question& question);

// A larger answer costs more to copy than it spares, and would push many small ones out.
inline constexpr std::size_t kAnswerBytesMax = 1 << 20;

// For CacheOptions::codec of a result cache.
const cache::ValueCodec& ResultCodec();

// Thread-safe.
class ResultCache {
 public:
  explicit ResultCache(cache::CacheOptions options) : cache_(std::move(options)) {}

  // False with a budget of 0: then a question need not ask.
  bool enabled() const { return cache_.capacity_bytes() > 0; }

  // A stream over what was kept, each batch copied as it is read; null: there is none.
  std::unique_ptr<columnar::BatchStream> FindRows(const cache::CacheKey& key);
  // Passes `rows` through and keeps them once they were read to their end; not when they take more than
  // `LargestBytes`.
  std::unique_ptr<columnar::BatchStream> PassAndKeep(const cache::CacheKey& key,
                                                  std::unique_ptr<columnar::BatchStream> rows);
  // `load_ns`: what they took to find.
  void KeepRows(const cache::CacheKey& key, std::shared_ptr<const SharedRows> rows, std::int64_t load_ns);
  std::optional<std::int64_t> FindCount(const cache::CacheKey& key);
  void KeepCount(const cache::CacheKey& key, std::int64_t count);

  // Of one answer that is kept.
  std::size_t LargestBytes() const;
  cache::ShardedCache& cache() { return cache_; }

 private:
  cache::ShardedCache cache_;
};

}  // namespace levee::query

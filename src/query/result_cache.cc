#include "query/result_cache.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "columnar/packed_columns.h"

namespace levee::query {
namespace {

using columnar::Batch;
using columnar::BatchStream;

// A count, with what the cache needs for it.
constexpr std::size_t kCountBytes = 64;

// What a count is charged with is below any threshold, so that rows alone are offered.
class RowsCodec final : public cache::ValueCodec {
 public:
  std::optional<Bytes> Pack(const cache::CacheKey&, const void* value) const override {
    return columnar::PackBatches(static_cast<const SharedRows*>(value)->batches);
  }
  Result<std::shared_ptr<const void>> Unpack(const cache::CacheKey&, ByteSpan packed) const override {
    auto rows = std::make_shared<SharedRows>();
    LEVEE_ASSIGN(rows->batches, columnar::UnpackBatches(packed));
    return rows;
  }
};

class KeepingStream final : public BatchStream {
 public:
  KeepingStream(ResultCache& results, const cache::CacheKey& key, std::unique_ptr<BatchStream> rows)
      : results_(results), key_(key), rows_(std::move(rows)), largest_bytes_(results.LargestBytes()),
        kept_(std::make_shared<SharedRows>()), start_ns_(SystemClock().MonotonicNanos()) {}

  Result<std::unique_ptr<Batch>> Next() override {
    LEVEE_ASSIGN(std::unique_ptr<Batch> batch, rows_->Next());
    if (kept_ == nullptr) return batch;
    if (batch == nullptr) {
      results_.KeepRows(key_, std::move(kept_), SystemClock().MonotonicNanos() - start_ns_);
      return batch;
    }
    kept_->size_bytes += KeptBytes(*batch);
    if (kept_->size_bytes > largest_bytes_) {
      kept_.reset();
    } else {
      kept_->batches.push_back(*batch);
    }
    return batch;
  }

 private:
  ResultCache& results_;
  const cache::CacheKey key_;
  const std::unique_ptr<BatchStream> rows_;
  const std::size_t largest_bytes_;
  std::shared_ptr<SharedRows> kept_;  // null: too large, or at its end
  const std::int64_t start_ns_;
};

template <typename T>
void Append(std::string& text, const T& value) {
  text.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

void AppendColumn(std::string& text, const columnar::ColumnKey& column) {
  Append(text, column.role);
  Append(text, column.type.kind);
  Append(text, column.type.precision);
  Append(text, column.type.scale);
  Append(text, column.path.size());
  text += column.path;
}

}  // namespace

cache::CacheKey KeyOf(const Question& question) {
  std::string text;
  text.reserve(96);
  Append(text, question.source.owner);
  Append(text, question.source.part);
  Append(text, question.predicate.low);
  Append(text, question.predicate.high);
  // A flag before each part that may be missing, a length before each text: no two questions write one text.
  Append(text, question.limit.has_value());
  Append(text, question.limit.value_or(0));
  Append(text, question.rows.has_value());
  Append(text, question.rows.value_or(0));
  Append(text, question.order != nullptr ? question.order->size() : std::size_t{0});
  if (question.order != nullptr) {
    for (const SortKey& key : *question.order) {
      AppendColumn(text, key.column);
      Append(text, key.descending);
      Append(text, key.empty_is_null);
    }
  }
  Append(text, question.kind);
  if (question.columns != nullptr) {
    for (const columnar::ColumnKey& column : *question.columns) AppendColumn(text, column);
  }
  const Hash128 hash = HashWide(text);
  return {.owner = hash.high, .part = hash.low};
}

const cache::ValueCodec& ResultCodec() {
  static const RowsCodec codec;
  return codec;
}

std::size_t ResultCache::LargestBytes() const { return std::min(kAnswerBytesMax, cache_.LargestCharge()); }

std::unique_ptr<BatchStream> ResultCache::FindRows(const cache::CacheKey& key) {
  auto rows = cache_.Find<SharedRows>(key);
  return rows == nullptr ? nullptr : StreamOf(std::move(rows));
}

std::unique_ptr<BatchStream> ResultCache::PassAndKeep(const cache::CacheKey& key, std::unique_ptr<BatchStream> rows) {
  return std::make_unique<KeepingStream>(*this, key, std::move(rows));
}

void ResultCache::KeepRows(const cache::CacheKey& key, std::shared_ptr<const SharedRows> rows, std::int64_t load_ns) {
  const std::size_t size_bytes = rows->size_bytes;
  cache_.Insert<SharedRows>(key, std::move(rows), size_bytes, {.load_ns = load_ns});
}

std::optional<std::int64_t> ResultCache::FindCount(const cache::CacheKey& key) {
  const auto count = cache_.Find<std::int64_t>(key);
  return count == nullptr ? std::nullopt : std::optional(*count);
}

void ResultCache::KeepCount(const cache::CacheKey& key, std::int64_t count) {
  cache_.Insert<std::int64_t>(key, std::make_shared<const std::int64_t>(count), kCountBytes);
}

}  // namespace levee::query

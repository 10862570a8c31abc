// Pages: records of bytes packed into chunks of the store, each record found by the page and its slot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "cache/sharded_cache.h"
#include "memory/bank/record_codec.h"
#include "memory/cache/record_cache.h"
#include "store/bank.h"

namespace levee::memory {

// A page and its envelope fit a leaf of SQLite's tree at 16 KiB, so that reading one never follows overflow pages. A
// record that is longer has a page of its own.
inline constexpr std::size_t kPageBytes = 16'200;
inline constexpr std::size_t kPageSlotsMax = 1u << 16;

// Where a record is: the place of its page in a segment's list, and the slot there.
struct Location {
  std::uint32_t page = 0;
  std::uint32_t slot = 0;

  std::int64_t packed() const { return std::int64_t{page} << 16 | slot; }
  static Location Of(std::int64_t packed) {
    return {static_cast<std::uint32_t>(packed >> 16), static_cast<std::uint32_t>(packed & 0xffff)};
  }
};

// Packs records in the order in which they come.
class PageBuilder {
 public:
  // `codec`: of the records, which has its dictionary in that chunk; null: they stay as they are.
  explicit PageBuilder(std::shared_ptr<const RecordCodec> codec = nullptr, std::int64_t dictionary = 0)
      : codec_(std::move(codec)), dictionary_(dictionary) {}
  // Of the pages that this builder makes, counted from 0.
  Location Add(ByteSpan record);
  // The pages so far, sealed; the last one is closed.
  std::vector<Bytes> Take();

 private:
  void Close();

  const std::shared_ptr<const RecordCodec> codec_;
  const std::int64_t dictionary_;
  Bytes stored_;                     // the record at hand, compressed
  std::vector<Bytes> pages_;
  std::uint32_t closed_ = 0;
  std::vector<std::uint32_t> ends_;  // of the open page's records
  Bytes records_;
};

// A page that was read and verified. Immutable.
class Page {
 public:
  // kCorrupt names the chunk.
  static Result<std::shared_ptr<const Page>> Open(std::int64_t chunk, ByteSpan sealed);
  std::size_t slots() const { return ends_.size(); }
  // As it is stored. kCorrupt where there is no such slot.
  Result<ByteSpan> Record(std::uint32_t slot) const;
  // The chunk of the records' dictionary; 0: they are as they are.
  std::int64_t dictionary() const { return dictionary_; }
  const std::shared_ptr<const Bytes>& payload() const { return payload_; }

 private:
  std::int64_t chunk_ = 0, dictionary_ = 0;
  std::shared_ptr<const Bytes> payload_;
  std::vector<std::uint32_t> ends_;
  std::size_t records_at_ = 0;
};

// Whether a record that was read is kept decoded.
enum class Keeping : std::uint8_t { kForOthers, kNot };

// Reads pages and other chunks, and keeps those that are wanted often. Thread-safe.
class SegmentPages {
 public:
  // What is passed by reference outlives it.
  SegmentPages(store::BankStore& store, RecordCache& records, cache::CacheOptions options)
      : store_(store), records_(records), cache_(std::move(options)) {}

  Result<std::shared_ptr<const Page>> ReadPage(std::int64_t chunk);
  // A record of a page, decompressed; `holder` keeps its bytes.
  Result<ByteSpan> ReadRecord(std::int64_t chunk, std::uint32_t slot, Keeping keeping, std::shared_ptr<const Bytes>& holder);
  Result<std::shared_ptr<const RecordCodec>> ReadCodec(std::int64_t dictionary);
  // The payload of a sealed chunk.
  Result<std::shared_ptr<const Bytes>> ReadBlob(std::int64_t chunk, std::uint32_t magic);
  cache::ShardedCache& cache() { return cache_; }

 private:
  store::BankStore& store_;
  RecordCache& records_;
  cache::ShardedCache cache_;  // chunk number -> page or payload
};

}  // namespace levee::memory

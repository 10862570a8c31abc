// Pages: records of bytes packed into chunks of the store, each record found by the page and its slot.
#pragma once

#include <array>
#include <atomic>
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
  // One that has been compressed with the same dictionary.
  Location AddStored(ByteSpan stored);
  std::int64_t dictionary() const { return dictionary_; }
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

// A page that was read and verified. Refers to its bytes.
class Page {
 public:
  // kCorrupt names the chunk.
  static Result<Page> Open(std::int64_t chunk, ByteSpan sealed);
  std::size_t slots() const { return slots_; }
  // As it is stored. kCorrupt where there is no such slot.
  Result<ByteSpan> Record(std::uint32_t slot) const;
  // The chunk of the records' dictionary; 0: they are as they are.
  std::int64_t dictionary() const { return dictionary_; }

 private:
  std::uint32_t EndOf(std::uint32_t slot) const;

  std::int64_t chunk_ = 0, dictionary_ = 0;
  std::uint32_t slots_ = 0;
  ByteSpan ends_, records_;
};

// One that is kept. Immutable.
struct KeptPageBytes {
  Bytes sealed;
  Page page;  // in `sealed`
};

// Whether a record that was read is kept decoded.
enum class Keeping : std::uint8_t { kForOthers, kNot };

// A record as its page has it.
struct StoredRecord {
  ByteSpan bytes;
  std::shared_ptr<const Bytes> holder;  // keeps the bytes
  std::int64_t dictionary = 0;          // of the page
};

// Reads pages and other chunks, and keeps those that are wanted often. Thread-safe.
class SegmentPages {
 public:
  // What is passed by reference outlives it.
  SegmentPages(store::BankStore& store, RecordCache& records, cache::CacheOptions options)
      : store_(store), records_(records), cache_(std::move(options)) {}

  // A record of a page, decompressed; `holder` keeps its bytes.
  Result<ByteSpan> ReadRecord(std::int64_t chunk, std::uint32_t slot, Keeping keeping, std::shared_ptr<const Bytes>& holder);
  // The same as its page has it. A page is kept once a second of its records is asked for, and of who reads many rows once,
  // at the first: what is asked for alone is taken out of what the store lends.
  Result<StoredRecord> ReadStored(std::int64_t chunk, std::uint32_t slot, Keeping keeping);
  Result<std::shared_ptr<const RecordCodec>> ReadCodec(std::int64_t dictionary);
  // The payload of a sealed chunk.
  Result<std::shared_ptr<const Bytes>> ReadBlob(std::int64_t chunk, std::uint32_t magic);
  cache::ShardedCache& cache() { return cache_; }

 private:
  Result<std::shared_ptr<const KeptPageBytes>> KeepPage(std::int64_t chunk);
  // Whether it is not the first time, of late.
  bool IsAskedAgain(std::int64_t chunk);

  store::BankStore& store_;
  RecordCache& records_;
  cache::ShardedCache cache_;  // chunk number -> page or payload
  std::array<std::atomic<std::int64_t>, 4'096> asked_{};  // pages of which one record was read
};

}  // namespace levee::memory

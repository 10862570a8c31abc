// A segment: rows that merging has put into the store, by column. Format: docs/formats/memory.md.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "memory/bank/interner.h"
#include "memory/bank/pages.h"
#include "memory/bank/part.h"
#include "memory/bank/segment_directory.h"
#include "memory/bank/segment_keys.h"
#include "memory/bank/totals.h"
#include "store/bank.h"

namespace levee::memory {

// Immutable but for `ended`. Reading is thread-safe.
class StoredSegment final : public Part {
 public:
  // What is passed by reference outlives it. kCorrupt names the segment.
  static Result<std::shared_ptr<StoredSegment>> Open(std::int64_t id, ByteSpan directory, store::BankStore& store,
                                                     SegmentPages& pages, Interner& names);

  std::int64_t id() const { return id_; }
  const SegmentDirectory& directory() const { return directory_; }
  std::int64_t last_written() const { return directory_.last_written; }
  std::int64_t next_expiry() const { return next_expiry_; }
  // How many of its rows the store says are ended.
  std::size_t stored_ended() const { return stored_ended_; }
  // Takes up what the store says is ended, and adds the items that are there to `totals`.
  Status TakeEnded(ByteSpan sealed, Totals& totals);

  // Whether the other has the same rows in the same chunks: one that was replaced by it for its indexes alone.
  bool has_rows_of(const StoredSegment& other) const { return directory_.keys == other.directory_.keys; }
  // Takes over what the other has loaded of them. Before anybody else uses this one.
  void TakeLoaded(StoredSegment& other);

  std::uint32_t rows() const override { return directory_.rows; }
  Status LoadNames() override;
  Result<const RowColumns*> Columns() override;
  // Loaded on first need; stay where they are.
  Result<const SegmentKeys*> Keys();
  Result<std::vector<std::uint64_t>> Hashes() override;
  Result<ColdRecord> Cold(std::uint32_t row) override { return ReadCold(row, Keeping::kForOthers); }
  Result<ColdRecord> ColdOnce(std::uint32_t row) override { return ReadCold(row, Keeping::kNot); }
  void PrefetchCold(std::uint32_t row) override {
    if (const auto* locations = locations_.load(std::memory_order_acquire)) __builtin_prefetch(&(*locations)[row]);
  }
  Result<ColdRecord> Embedding(std::uint32_t row) override;
  Result<bool> RowsOfTag(std::uint32_t tag, std::span<const std::uint32_t>& rows) override;
  bool is_sorted() const override { return true; }
  std::string name() const override { return "segment " + std::to_string(id_); }

  // A custom index as it was encoded; empty: it has none of that name.
  Result<Bytes> ReadIndex(std::string_view name) const;

  // For merging: where each row's records are. Loaded on first need.
  Result<const std::vector<std::int64_t>*> Locations();
  Result<const std::vector<std::int64_t>*> EmbeddingLocations();

  // The record as its page has it.
  Result<StoredRecord> ColdAsStored(std::uint32_t row);

  // For saving what is left of a damaged one: a column as it is stored, nothing where it was left out.
  Result<std::vector<std::int64_t>> ReadColumn(SegmentColumn column) const;
  // What the segment's own numbers of names are in the view's.
  Result<const std::vector<std::uint32_t>*> Names();

 private:
  struct TagLists {
    std::unordered_map<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>> ranges;  // tag -> [begin, end)
    std::vector<std::uint32_t> rows;
  };

  StoredSegment(std::int64_t id, store::BankStore& store, SegmentPages& pages, Interner& names)
      : id_(id), store_(store), pages_(pages), names_(names) {}
  Result<std::unique_ptr<const std::vector<std::uint32_t>>> ReadNames() const;
  Result<std::unique_ptr<const RowColumns>> LoadColumns(const std::vector<std::uint32_t>& numbers) const;
  Result<std::unique_ptr<const SegmentKeys>> LoadKeys() const;
  Result<std::unique_ptr<const std::vector<std::int64_t>>> LoadLocations(SegmentColumn column) const;
  struct RecordPlace {
    std::int64_t chunk = 0;
    std::uint32_t slot = 0;
  };
  Result<RecordPlace> PlaceOf(std::uint32_t row);
  Result<ColdRecord> ReadCold(std::uint32_t row, Keeping keeping);
  std::unexpected<Error> Corrupt(const std::string& why) const;

  // Loads `value` once.
  template <typename T, typename Load>
  Result<const T*> Once(std::atomic<const T*>& value, Load&& load) {
    if (const T* there = value.load(std::memory_order_acquire)) return there;
    const std::lock_guard lock(mutex_);
    if (const T* there = value.load(std::memory_order_relaxed)) return there;
    LEVEE_ASSIGN(std::unique_ptr<const T> made, load());
    const T* const raw = made.get();
    kept_.emplace_back(std::move(made));
    value.store(raw, std::memory_order_release);
    return raw;
  }

  const std::int64_t id_;
  store::BankStore& store_;
  SegmentPages& pages_;
  Interner& names_;
  SegmentDirectory directory_;
  std::int64_t next_expiry_ = kNever;
  std::size_t stored_ended_ = 0;

  std::mutex mutex_;                                // held while something is loaded
  std::vector<std::shared_ptr<const void>> kept_;  // guarded by mutex_; what the pointers below refer to
  std::atomic<const std::vector<std::uint32_t>*> numbers_{nullptr};
  std::atomic<const RowColumns*> columns_{nullptr};
  std::atomic<const SegmentKeys*> keys_{nullptr};
  std::atomic<const TagLists*> tags_{nullptr};
  std::atomic<const std::vector<std::int64_t>*> locations_{nullptr}, embeddings_{nullptr};
};

}  // namespace levee::memory

// A part of the bank: rows that a query looks through, whether they are in memory or in a segment of the store.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bitmap.h"
#include "base/bytes.h"
#include "base/status.h"
#include "memory/bank/row_columns.h"

namespace levee::memory {

// A cold record, and whoever keeps its bytes alive.
struct ColdRecord {
  std::shared_ptr<const Bytes> holder;  // null: the part does
  ByteSpan bytes;
};

// Which rows of a part are ended, and when. Not thread-safe.
class EndedRows {
 public:
  bool Has(std::uint32_t row) const { return row < bits_.size() && bits_.Get(row); }
  // kNever: it is not.
  std::int64_t At(std::uint32_t row) const {
    if (!Has(row)) return kNever;
    return times_.at(row);
  }
  // A row ends once, at the earliest time that is told.
  void End(std::uint32_t row, std::int64_t at) {
    while (bits_.size() <= row) bits_.PushBack(false);
    const auto [place, is_new] = times_.try_emplace(row, at);
    if (!is_new) place->second = std::min(place->second, at);
    bits_.Set(row);
  }
  std::size_t count() const { return times_.size(); }
  const std::unordered_map<std::uint32_t, std::int64_t>& times() const { return times_; }
  const Bitmap& bits() const { return bits_; }

 private:
  Bitmap bits_;  // may be shorter than the part
  std::unordered_map<std::uint32_t, std::int64_t> times_;
};

// Rows never change, but for being ended. Reading is thread-safe while nobody appends.
class Part {
 public:
  virtual ~Part() = default;
  virtual std::uint32_t rows() const = 0;
  // Makes every name of its rows known to the view's names: before that, what is not known may yet be there.
  virtual Status LoadNames() { return {}; }
  // Loaded on first need; stay where they are.
  virtual Result<const RowColumns*> Columns() = 0;
  // Of the id of each row.
  virtual Result<std::vector<std::uint64_t>> Hashes() = 0;
  virtual Result<ColdRecord> Cold(std::uint32_t row) = 0;
  // For who reads many rows once: it is not kept for others.
  virtual Result<ColdRecord> ColdOnce(std::uint32_t row) { return Cold(row); }
  // Cold will be called for the row soon.
  virtual void PrefetchCold(std::uint32_t /*row*/) {}
  // Empty: it has none.
  virtual Result<ColdRecord> Embedding(std::uint32_t row) = 0;
  // Ascending; only of tags that the part keeps lists of. False: look at every row.
  virtual Result<bool> RowsOfTag(std::uint32_t tag, std::span<const std::uint32_t>& rows) = 0;
  // Rows ascend as `updated` descends, equal ones as ids ascend.
  virtual bool is_sorted() const = 0;
  virtual std::string name() const = 0;  // for explanations and errors
  // Every row has ended: questions about the present need not look.
  bool is_history() const { return ended.count() == rows(); }

  EndedRows ended;  // guarded by the lock of the view that the part is in
};

}  // namespace levee::memory

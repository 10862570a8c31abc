// A custom index over one part of the bank: its rows in the order of the index's keys.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "memory/bank/interner.h"
#include "memory/bank/part.h"
#include "memory/query/order.h"
#include "memory/query/value_range.h"

namespace levee::memory {

// What a question asks of a key: each list of ranges must hold. None: nothing.
using KeyDemand = std::vector<std::span<const ValueRange>>;

// Of a part whose rows change no more. Immutable, thread-safe.
class PartIndex {
 public:
  // Reads every record where a key needs that: as dear as a question that looks at every item's metadata.
  static Result<std::shared_ptr<const PartIndex>> Build(Part& part, std::span<const OrderKey> keys, const Interner& names);

  // The part's rows by their keys, equal ones ascending.
  std::span<const std::uint32_t> rows() const { return rows_; }

  struct Span {
    std::uint32_t begin = 0, end = 0;  // of rows()
  };
  struct Looked {
    std::vector<Span> spans;   // together the rows that the used keys admit
    std::size_t keys_used = 0; // the first ones; what was asked of the others is yet to be checked
    std::uint32_t rows = 0;
  };
  // One demand for each key.
  Looked Look(std::span<const KeyDemand> demands) const;

  // Where the rows with the same first `keys` keys as the one at `position` end.
  std::uint32_t GroupEnd(std::uint32_t position, std::size_t keys) const;
  std::uint32_t GroupBegin(std::uint32_t position, std::size_t keys) const;
  // How many rows have no value for the first key; they come last.
  std::uint32_t missing() const { return missing_; }
  // How many different values the first `keys` keys have together.
  std::size_t groups() const { return columns_.front().values.size(); }
  const SortValue& FirstKeyAt(std::uint32_t position) const {
    return columns_.front().values[columns_.front().ordinals[rows_[position]]];
  }
  // The first position whose first key is not before the value.
  std::uint32_t LowerBound(const SortValue& value) const;

  std::size_t memory_bytes() const;

 private:
  struct Column {
    std::vector<SortValue> values;        // different ones, ascending
    std::vector<std::uint32_t> ordinals;  // of each row, its value's place there
  };
  struct Interval {
    std::uint32_t begin = 0, end = 0;  // of ordinals
  };
  static Result<Column> BuildColumn(Part& part, const OrderKey& key, const Interner& names);
  std::vector<Interval> IntervalsOf(const Column& column, const KeyDemand& demand) const;
  void Descend(Span span, std::size_t key, std::span<const std::vector<Interval>> intervals, Looked& looked) const;

  std::vector<Column> columns_;  // one for each key
  std::vector<std::uint32_t> rows_;
  std::uint32_t missing_ = 0;
};

}  // namespace levee::memory

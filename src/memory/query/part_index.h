// A custom index over one part of the bank: its rows in the order of the index's keys.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "memory/bank/interner.h"
#include "memory/bank/part.h"
#include "memory/query/key_reader.h"
#include "memory/query/order.h"
#include "memory/query/value_range.h"

namespace levee::memory {

// What a question asks of a key: each list of ranges must hold. None: nothing.
using KeyDemand = std::vector<std::span<const ValueRange>>;

// Of a part whose rows change no more. Immutable, thread-safe.
class PartIndex {
 public:
  struct Column {
    std::vector<SortValue> values;        // different ones, ascending
    std::vector<std::uint32_t> ordinals;  // of each row, its value's place there
  };
  // Reads every record where a key needs that: as dear as a question that looks at every item's metadata.
  static Result<std::shared_ptr<const PartIndex>> Build(Part& part, std::span<const OrderKey> keys, const Interner& names);
  // Of so many rows; one column for each key.
  PartIndex(std::vector<Column> columns, std::uint32_t rows);

  const std::vector<Column>& columns() const { return columns_; }

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
  struct Interval {
    std::uint32_t begin = 0, end = 0;  // of ordinals
  };
  std::vector<Interval> IntervalsOf(const Column& column, const KeyDemand& demand) const;
  void Descend(Span span, std::size_t key, std::span<const std::vector<Interval>> intervals, Looked& looked) const;

  const std::vector<Column> columns_;  // one for each key
  std::vector<std::uint32_t> rows_;
  std::uint32_t missing_ = 0;
};

// Makes one of rows that come one by one.
class PartIndexBuilder {
 public:
  // `keys` outlive it.
  explicit PartIndexBuilder(std::span<const OrderKey> keys) : keys_(keys), columns_(keys.size()) {}

  // The reader's row is the next.
  void Add(KeyReader& reader);
  // Of different values.
  std::size_t text_bytes() const { return text_bytes_; }
  // Once.
  std::shared_ptr<const PartIndex> Finish();

 private:
  struct ValueHash {
    std::size_t operator()(const SortValue& value) const {
      return std::hash<std::string>()(value.text) ^ std::hash<long double>()(value.number);
    }
  };
  struct Column {
    std::unordered_map<SortValue, std::uint32_t, ValueHash> numbers;  // in the order in which values were first seen
    std::vector<std::uint32_t> rows;                                  // of each, its value's number
  };
  static PartIndex::Column Sorted(Column column);

  const std::span<const OrderKey> keys_;
  std::vector<Column> columns_;
  std::uint32_t rows_ = 0;
  std::size_t text_bytes_ = 0;
};

}  // namespace levee::memory

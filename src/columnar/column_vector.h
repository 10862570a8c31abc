// Typed values of one column in memory, decoded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bitmap.h"
#include "types/data_type.h"
#include "types/value.h"

namespace levee::columnar {

// Strings back to back: value i is bytes[offsets[i], offsets[i + 1]).
struct StringValues {
  std::vector<std::uint32_t> offsets{0};
  std::string bytes;

  std::size_t size() const { return offsets.size() - 1; }
  std::string_view operator[](std::size_t row) const {
    return std::string_view(bytes).substr(offsets[row], offsets[row + 1] - offsets[row]);
  }
  void PushBack(std::string_view value) {
    bytes.append(value);
    offsets.push_back(static_cast<std::uint32_t>(bytes.size()));
  }
};

// The least and the greatest of each 64 numbers of a column, by its physical type; NaN where one of them is.
struct WordBounds {
  std::vector<std::int64_t> least_ints, most_ints;
  std::vector<double> least_doubles, most_doubles;
};

// A column's values and which of them are there. One of `ints`, `doubles`, `strings` is used,
// as `physical` says. A null's value is 0, 0.0 or "". Not thread-safe while written.
struct ColumnVector {
  types::PhysicalType physical = types::PhysicalType::kInt64;
  std::vector<std::int64_t> ints;
  std::vector<double> doubles;
  StringValues strings;
  Bitmap validity;  // empty: every value is there
  std::size_t rows = 0;
  // Of numbers that change no more, for those who compare them all with one; null: not made.
  std::shared_ptr<const WordBounds> word_bounds;

  bool has_nulls() const { return validity.size() != 0; }
  bool IsValid(std::size_t row) const { return validity.size() == 0 || validity.Get(row); }

  void PushNull();
  void PushInt(std::int64_t value);
  void PushDouble(double value);
  void PushString(std::string_view value);
  void PushValue(const types::PhysicalValue& value);
  types::PhysicalValue At(std::size_t row) const;

  // Appends rows [first, first + count) of `other`, of the same physical type.
  void AppendRange(const ColumnVector& other, std::size_t first, std::size_t count);
  // Appends the given rows of `other`, in their order.
  void AppendRows(const ColumnVector& other, const std::vector<std::uint32_t>& row_numbers);
  // Whether MarkWords would make `word_bounds`: it is not made, and there are numbers, none of them null.
  bool CanMarkWords() const;
  void MarkWords();
  // Bytes of memory that the values hold.
  std::size_t SizeBytes() const;
};

}  // namespace levee::columnar

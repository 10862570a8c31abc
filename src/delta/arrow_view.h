// Reading values out of arrays of the Arrow C data interface, by row, without copies.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "levee/arrow_abi.h"
#include "types/value.h"

namespace levee::delta {

enum class ArrowKind : std::uint8_t {
  kNone,  // no such column, or the null type
  kBoolean,
  kInteger,    // signed or unsigned, 8 to 64 bits
  kReal,       // 32 or 64 bits
  kText,       // utf8 or binary, with 32-bit or 64-bit offsets
  kDate,       // days
  kTimestamp,  // see Micros and has_zone
  kDecimal,    // 128 bits
  kStruct,
  kList,  // a map is a list of (key, value)
  kMap,
  kOther,
};

// A column of a batch: views the schema and the array, which the caller keeps. A default-constructed
// one has only nulls. Rows are relative to the batch (of a list's elements: to the elements' array).
class ArrowColumn {
 public:
  ArrowColumn() = default;
  // The batch itself, as a struct. kCorrupt when schema and array do not fit each other.
  static Result<ArrowColumn> OfBatch(const ArrowSchema& schema, const ArrowArray& array);

  ArrowKind kind() const { return kind_; }
  bool exists() const { return array_ != nullptr; }
  std::string_view name() const {
    return schema_ == nullptr || schema_->name == nullptr ? "" : schema_->name;
  }

  bool IsNull(std::int64_t row) const;
  bool Boolean(std::int64_t row) const;
  std::int64_t Integer(std::int64_t row) const;  // of dates and timestamps too, in their unit
  double Real(std::int64_t row) const;
  std::string_view Text(std::int64_t row) const;
  types::Int128 Decimal(std::int64_t row) const;

  // A timestamp in microseconds; empty when that would lose digits or overflow.
  std::optional<std::int64_t> Micros(std::int64_t row) const;

  bool is_single_precision() const { return width_ == 4; }
  bool has_zone() const { return has_zone_; }
  int decimal_scale() const { return decimal_scale_; }

  // Members of a struct. Child is one without rows when there is none of that name.
  std::vector<ArrowColumn> Children() const;
  ArrowColumn Child(std::string_view name) const;

  // The elements of a list or map, and which of them are the row's.
  ArrowColumn Elements() const;
  struct Range {
    std::int64_t begin = 0;
    std::int64_t end = 0;
  };
  Range ElementsOf(std::int64_t row) const;

 private:
  ArrowColumn(const ArrowSchema* schema, const ArrowArray* array, std::int64_t base);
  void ParseFormat(std::string_view format);
  template <typename T>
  const T* Values(int buffer) const {
    return static_cast<const T*>(array_->buffers[buffer]);
  }
  ArrowColumn Dictionary() const;

  const ArrowSchema* schema_ = nullptr;
  const ArrowArray* array_ = nullptr;
  std::int64_t base_ = 0;  // the array's offset with those of the structs above it
  ArrowKind kind_ = ArrowKind::kNone;
  bool is_dictionary_ = false;
  bool is_unsigned_ = false;
  bool has_zone_ = false;
  std::uint8_t width_ = 0;  // bytes of a value, or of an offset
  int decimal_scale_ = 0;
  std::int64_t unit_per_second_ = 0;
};

}  // namespace levee::delta

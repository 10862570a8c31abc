// Columns that are filled row by row, each touched only in the rows where it has a value.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "columnar/batch.h"

namespace levee::delta {

// One column; a row that is never set becomes null. Rows are set in ascending order, each at most once.
class RowColumn {
 public:
  explicit RowColumn(columnar::ColumnKey key);

  void SetInt(std::size_t row, std::int64_t value) {
    Prepare(row);
    values_.ints.push_back(value);
    Count();
  }
  void SetDouble(std::size_t row, double value) {
    Prepare(row);
    values_.doubles.push_back(value);
    Count();
  }
  void SetString(std::size_t row, std::string_view value) {
    Prepare(row);
    values_.strings.PushBack(value);
    Count();
  }
  void SetValue(std::size_t row, const types::PhysicalValue& value);

  types::PhysicalType physical() const { return values_.physical; }
  bool HasRow(std::size_t row) const { return values_.rows > row; }
  bool empty() const { return !used_; }
  std::size_t SizeBytes() const;
  // The column with nulls up to `rows`; starts anew.
  columnar::BatchColumn Finish(std::size_t rows);

 private:
  void Prepare(std::size_t row) {
    if (!used_) Start();
    PadTo(row);
  }
  // Makes room for as much as the last batch had.
  void Start();
  void PadTo(std::size_t row) {
    if (values_.rows < row) Pad(row);
  }
  void Pad(std::size_t row);
  void Count() {
    ++values_.rows;
    if (values_.validity.size() != 0) values_.validity.PushBack(true);
  }

  columnar::ColumnKey key_;
  columnar::ColumnVector values_;
  bool used_ = false;
  std::size_t expected_rows_ = 0;
  std::size_t expected_bytes_ = 0;
};

// The columns of a batch under construction.
class RowColumns {
 public:
  // The column of a role that is not by column.
  RowColumn& Plain(columnar::ColumnRole role);
  // A new column; stays valid as long as this object.
  RowColumn& Add(columnar::ColumnKey key);
  // Columns without any value are left out. Starts anew, with the same columns.
  columnar::Batch Finish(std::size_t rows);
  // Bytes of the values so far.
  std::size_t SizeBytes() const;

 private:
  static constexpr std::size_t kRoles = 64;
  std::array<RowColumn*, kRoles> plain_{};
  std::vector<std::unique_ptr<RowColumn>> columns_;
};

}  // namespace levee::delta

#include "delta/row_columns.h"

#include <utility>
#include <variant>

namespace levee::delta {

RowColumn::RowColumn(columnar::ColumnKey key) : key_(std::move(key)) {
  values_.physical = types::PhysicalTypeOf(key_.type);
}

void RowColumn::SetValue(std::size_t row, const types::PhysicalValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) SetInt(row, *number);
  if (const auto* real = std::get_if<double>(&value)) SetDouble(row, *real);
  if (const auto* text = std::get_if<std::string>(&value)) SetString(row, *text);
}

void RowColumn::Start() {
  used_ = true;
  switch (values_.physical) {
    case types::PhysicalType::kInt64: values_.ints.reserve(expected_rows_); break;
    case types::PhysicalType::kDouble: values_.doubles.reserve(expected_rows_); break;
    case types::PhysicalType::kString:
      values_.strings.offsets.reserve(expected_rows_ + 1);
      values_.strings.bytes.reserve(expected_bytes_);
      break;
  }
}

void RowColumn::Pad(std::size_t row) {
  if (values_.validity.size() == 0) values_.validity = Bitmap(values_.rows, true);
  for (std::size_t i = values_.rows; i < row; ++i) values_.validity.PushBack(false);
  switch (values_.physical) {
    case types::PhysicalType::kInt64: values_.ints.resize(row); break;
    case types::PhysicalType::kDouble: values_.doubles.resize(row); break;
    case types::PhysicalType::kString:
      values_.strings.offsets.resize(row + 1, values_.strings.offsets.back());
      break;
  }
  values_.rows = row;
}

std::size_t RowColumn::SizeBytes() const {
  const std::size_t width = physical() == types::PhysicalType::kString ? sizeof(std::uint32_t) : sizeof(std::int64_t);
  return values_.rows * width + values_.strings.bytes.size() + values_.validity.size() / 8;
}

columnar::BatchColumn RowColumn::Finish(std::size_t rows) {
  PadTo(rows);
  columnar::BatchColumn column{key_, std::exchange(values_, {})};
  values_.physical = column.values.physical;
  expected_rows_ = rows;
  expected_bytes_ = column.values.strings.bytes.size() + column.values.strings.bytes.size() / 16;
  used_ = false;
  return column;
}

RowColumn& RowColumns::Plain(columnar::ColumnRole role) {
  RowColumn*& column = plain_[static_cast<std::size_t>(role)];
  if (column == nullptr) column = &Add(columnar::PlainKey(role));
  return *column;
}

RowColumn& RowColumns::Add(columnar::ColumnKey key) {
  return *columns_.emplace_back(std::make_unique<RowColumn>(std::move(key)));
}

columnar::Batch RowColumns::Finish(std::size_t rows) {
  columnar::Batch batch;
  batch.rows = rows;
  for (const auto& column : columns_) {
    if (!column->empty()) batch.columns.push_back(column->Finish(rows));
  }
  return batch;
}

std::size_t RowColumns::SizeBytes() const {
  std::size_t bytes = 0;
  for (const auto& column : columns_) bytes += column->SizeBytes();
  return bytes;
}

}  // namespace levee::delta

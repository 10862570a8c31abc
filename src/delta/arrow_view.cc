#include "delta/arrow_view.h"

#include <charconv>
#include <cstring>

namespace levee::delta {
namespace {

bool Bit(const void* bits, std::int64_t at) {
  return (static_cast<const std::uint8_t*>(bits)[at >> 3] >> (at & 7)) & 1;
}

Status CheckShape(const ArrowSchema& schema, const ArrowArray& array) {
  if (schema.format == nullptr || schema.n_children != array.n_children) {
    return Fail(ErrorCode::kCorrupt, "Arrow array", "its shape is not the one its schema says");
  }
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    LEVEE_RETURN_IF_ERROR(CheckShape(*schema.children[i], *array.children[i]));
  }
  return {};
}

struct IntegerFormat {
  char code;
  std::uint8_t width;
  bool is_unsigned;
};
constexpr IntegerFormat kIntegers[] = {{'c', 1, false}, {'C', 1, true}, {'s', 2, false}, {'S', 2, true},
                                       {'i', 4, false}, {'I', 4, true}, {'l', 8, false}, {'L', 8, true}};

}  // namespace

Result<ArrowColumn> ArrowColumn::OfBatch(const ArrowSchema& schema, const ArrowArray& array) {
  LEVEE_RETURN_IF_ERROR(CheckShape(schema, array));
  return ArrowColumn(&schema, &array, 0);
}

ArrowColumn::ArrowColumn(const ArrowSchema* schema, const ArrowArray* array, std::int64_t base)
    : schema_(schema), array_(array), base_(base + array->offset) {
  ParseFormat(schema->format);
  if (schema->dictionary != nullptr && array->dictionary != nullptr) {
    is_dictionary_ = true;
    kind_ = Dictionary().kind();
  }
}

void ArrowColumn::ParseFormat(std::string_view format) {
  kind_ = ArrowKind::kOther;
  for (const IntegerFormat& integer : kIntegers) {
    if (format.size() != 1 || format[0] != integer.code) continue;
    kind_ = ArrowKind::kInteger;
    width_ = integer.width;
    is_unsigned_ = integer.is_unsigned;
  }
  if (format == "n") kind_ = ArrowKind::kNone;
  if (format == "b") kind_ = ArrowKind::kBoolean;
  if (format == "f" || format == "g") kind_ = ArrowKind::kReal, width_ = format == "f" ? 4 : 8;
  if (format == "u" || format == "z") kind_ = ArrowKind::kText, width_ = 4;
  if (format == "U" || format == "Z") kind_ = ArrowKind::kText, width_ = 8;
  if (format == "tdD") kind_ = ArrowKind::kDate, width_ = 4;
  if (format == "+s") kind_ = ArrowKind::kStruct;
  if (format == "+m") kind_ = ArrowKind::kMap, width_ = 4;
  if (format == "+l" || format == "+L") kind_ = ArrowKind::kList, width_ = format == "+l" ? 4 : 8;
  if (format.starts_with("ts") && format.size() >= 4) {
    kind_ = ArrowKind::kTimestamp;
    width_ = 8;
    has_zone_ = format.size() > 4;
    unit_per_second_ = format[2] == 's'   ? 1
                       : format[2] == 'm' ? 1'000
                       : format[2] == 'u' ? 1'000'000
                                          : 1'000'000'000;
  }
  // "d:precision,scale" has 128 bits, any other width is named after a second comma.
  if (format.starts_with("d:") && format.find(',') == format.rfind(',')) {
    const std::string_view scale = format.substr(format.find(',') + 1);
    std::from_chars(scale.data(), scale.data() + scale.size(), decimal_scale_);
    kind_ = ArrowKind::kDecimal;
    width_ = 16;
  }
}

ArrowColumn ArrowColumn::Dictionary() const {
  return ArrowColumn(schema_->dictionary, array_->dictionary, 0);
}

bool ArrowColumn::IsNull(std::int64_t row) const {
  if (array_ == nullptr || kind_ == ArrowKind::kNone) return true;
  // A null count of zero comes with or without a bitmap.
  if (array_->null_count == 0 || array_->n_buffers == 0 || array_->buffers[0] == nullptr) return false;
  return !Bit(array_->buffers[0], base_ + row);
}

bool ArrowColumn::Boolean(std::int64_t row) const { return Bit(array_->buffers[1], base_ + row); }

std::int64_t ArrowColumn::Integer(std::int64_t row) const {
  const std::int64_t at = base_ + row;
  switch (width_) {
    case 1: return is_unsigned_ ? std::int64_t{Values<std::uint8_t>(1)[at]} : Values<std::int8_t>(1)[at];
    case 2: return is_unsigned_ ? std::int64_t{Values<std::uint16_t>(1)[at]} : Values<std::int16_t>(1)[at];
    case 4: return is_unsigned_ ? std::int64_t{Values<std::uint32_t>(1)[at]} : Values<std::int32_t>(1)[at];
    default: return Values<std::int64_t>(1)[at];
  }
}

double ArrowColumn::Real(std::int64_t row) const {
  return width_ == 4 ? static_cast<double>(Values<float>(1)[base_ + row]) : Values<double>(1)[base_ + row];
}

std::string_view ArrowColumn::Text(std::int64_t row) const {
  if (is_dictionary_) return Dictionary().Text(Integer(row));
  const std::int64_t at = base_ + row;
  const char* const bytes = Values<char>(2);
  if (width_ == 8) {
    const std::int64_t* const offsets = Values<std::int64_t>(1);
    return {bytes + offsets[at], static_cast<std::size_t>(offsets[at + 1] - offsets[at])};
  }
  const std::int32_t* const offsets = Values<std::int32_t>(1);
  return {bytes + offsets[at], static_cast<std::size_t>(offsets[at + 1] - offsets[at])};
}

types::Int128 ArrowColumn::Decimal(std::int64_t row) const {
  types::Int128 value;
  std::memcpy(&value, Values<char>(1) + (base_ + row) * 16, sizeof(value));
  return value;
}

std::optional<std::int64_t> ArrowColumn::Micros(std::int64_t row) const {
  constexpr std::int64_t kMicros = 1'000'000;
  const std::int64_t value = Integer(row);
  if (unit_per_second_ > kMicros) {
    const std::int64_t divisor = unit_per_second_ / kMicros;
    return value % divisor == 0 ? std::optional(value / divisor) : std::nullopt;
  }
  std::int64_t micros = 0;
  if (__builtin_mul_overflow(value, kMicros / unit_per_second_, &micros)) return std::nullopt;
  return micros;
}

std::vector<ArrowColumn> ArrowColumn::Children() const {
  std::vector<ArrowColumn> children;
  if (kind_ != ArrowKind::kStruct) return children;
  for (std::int64_t i = 0; i < schema_->n_children; ++i) {
    children.push_back(ArrowColumn(schema_->children[i], array_->children[i], base_));
  }
  return children;
}

ArrowColumn ArrowColumn::Child(std::string_view name) const {
  if (kind_ != ArrowKind::kStruct) return {};
  for (std::int64_t i = 0; i < schema_->n_children; ++i) {
    if (schema_->children[i]->name == name)
      return ArrowColumn(schema_->children[i], array_->children[i], base_);
  }
  return {};
}

ArrowColumn ArrowColumn::Elements() const {
  if ((kind_ != ArrowKind::kList && kind_ != ArrowKind::kMap) || schema_->n_children != 1) return {};
  return ArrowColumn(schema_->children[0], array_->children[0], 0);
}

ArrowColumn::Range ArrowColumn::ElementsOf(std::int64_t row) const {
  const std::int64_t at = base_ + row;
  if (width_ == 8) return {Values<std::int64_t>(1)[at], Values<std::int64_t>(1)[at + 1]};
  return {Values<std::int32_t>(1)[at], Values<std::int32_t>(1)[at + 1]};
}

}  // namespace levee::delta

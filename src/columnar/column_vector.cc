#include "columnar/column_vector.h"

#include <algorithm>

#include "base/check.h"
#include "columnar/validity.h"

namespace levee::columnar {
namespace {

void AppendValidity(ColumnVector& to, const ColumnVector& from, std::size_t first, std::size_t count) {
  if (count == 0 || (!to.has_nulls() && !from.has_nulls())) return;
  AppendValidityBits(from.has_nulls() ? from.validity.words().data() : nullptr, first, count, to);
}

void AppendStrings(StringValues& to, const StringValues& from, std::size_t first, std::size_t count) {
  const std::uint32_t from_begin = from.offsets[first];
  const std::uint32_t shift = static_cast<std::uint32_t>(to.bytes.size()) - from_begin;
  to.bytes.append(from.bytes, from_begin, from.offsets[first + count] - from_begin);
  const std::size_t at = to.offsets.size();
  to.offsets.resize(at + count);
  for (std::size_t i = 0; i < count; ++i) to.offsets[at + i] = from.offsets[first + 1 + i] + shift;
}

template <typename T>
void Gather(std::vector<T>& to, const std::vector<T>& from, const std::vector<std::uint32_t>& row_numbers) {
  const std::size_t at = to.size();
  to.resize(at + row_numbers.size());
  for (std::size_t i = 0; i < row_numbers.size(); ++i) to[at + i] = from[row_numbers[i]];
}

void GatherStrings(StringValues& to, const StringValues& from,
                   const std::vector<std::uint32_t>& row_numbers) {
  std::size_t bytes = to.bytes.size();
  const std::size_t at = to.offsets.size();
  to.offsets.resize(at + row_numbers.size());
  for (std::size_t i = 0; i < row_numbers.size(); ++i) {
    bytes += from.offsets[row_numbers[i] + 1] - from.offsets[row_numbers[i]];
    to.offsets[at + i] = static_cast<std::uint32_t>(bytes);
  }
  to.bytes.reserve(bytes);
  for (const std::uint32_t row : row_numbers) {
    to.bytes.append(from.bytes, from.offsets[row], from.offsets[row + 1] - from.offsets[row]);
  }
}

constexpr std::size_t kWordRows = 64;

template <typename T>
void FindBounds(const std::vector<T>& values, std::vector<T>& least, std::vector<T>& most) {
  for (std::size_t first = 0; first < values.size(); first += kWordRows) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = values.begin() + static_cast<std::ptrdiff_t>(std::min(first + kWordRows, values.size()));
    const auto [lowest, highest] = std::minmax_element(begin, end);
    // A NaN compares with nothing, so that neither the word's other numbers nor it can be told without a look.
    const auto nan = std::find_if(begin, end, [](T value) { return value != value; });
    least.push_back(nan == end ? *lowest : *nan);
    most.push_back(nan == end ? *highest : *nan);
  }
}

}  // namespace

void ColumnVector::PushNull() {
  if (!has_nulls()) validity = Bitmap(rows, true);
  validity.PushBack(false);
  switch (physical) {
    case types::PhysicalType::kInt64: ints.push_back(0); break;
    case types::PhysicalType::kDouble: doubles.push_back(0); break;
    case types::PhysicalType::kString: strings.PushBack({}); break;
  }
  ++rows;
}

void ColumnVector::PushInt(std::int64_t value) {
  LEVEE_DCHECK(physical == types::PhysicalType::kInt64);
  if (has_nulls()) validity.PushBack(true);
  ints.push_back(value);
  ++rows;
}

void ColumnVector::PushDouble(double value) {
  LEVEE_DCHECK(physical == types::PhysicalType::kDouble);
  if (has_nulls()) validity.PushBack(true);
  doubles.push_back(value);
  ++rows;
}

void ColumnVector::PushString(std::string_view value) {
  LEVEE_DCHECK(physical == types::PhysicalType::kString);
  if (has_nulls()) validity.PushBack(true);
  strings.PushBack(value);
  ++rows;
}

void ColumnVector::PushValue(const types::PhysicalValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return PushInt(*integer);
  if (const auto* real = std::get_if<double>(&value)) return PushDouble(*real);
  if (const auto* text = std::get_if<std::string>(&value)) return PushString(*text);
  PushNull();
}

types::PhysicalValue ColumnVector::At(std::size_t row) const {
  if (!IsValid(row)) return std::monostate{};
  switch (physical) {
    case types::PhysicalType::kInt64: return ints[row];
    case types::PhysicalType::kDouble: return doubles[row];
    case types::PhysicalType::kString: return std::string(strings[row]);
  }
  return std::monostate{};
}

void ColumnVector::AppendRange(const ColumnVector& other, std::size_t first, std::size_t count) {
  LEVEE_CHECK(physical == other.physical && first + count <= other.rows);
  AppendValidity(*this, other, first, count);
  switch (physical) {
    case types::PhysicalType::kInt64:
      ints.insert(ints.end(), other.ints.begin() + first, other.ints.begin() + first + count);
      break;
    case types::PhysicalType::kDouble:
      doubles.insert(doubles.end(), other.doubles.begin() + first, other.doubles.begin() + first + count);
      break;
    case types::PhysicalType::kString: AppendStrings(strings, other.strings, first, count); break;
  }
  rows += count;
}

void ColumnVector::AppendRows(const ColumnVector& other, const std::vector<std::uint32_t>& row_numbers) {
  LEVEE_CHECK(physical == other.physical);
  if (row_numbers.empty()) return;
  if (has_nulls() || other.has_nulls()) {
    if (!has_nulls()) validity = Bitmap(rows, true);
    for (const std::uint32_t row : row_numbers) validity.PushBack(other.IsValid(row));
  }
  switch (physical) {
    case types::PhysicalType::kInt64: Gather(ints, other.ints, row_numbers); break;
    case types::PhysicalType::kDouble: Gather(doubles, other.doubles, row_numbers); break;
    case types::PhysicalType::kString: GatherStrings(strings, other.strings, row_numbers); break;
  }
  rows += row_numbers.size();
}

bool ColumnVector::CanMarkWords() const {
  return word_bounds == nullptr && physical != types::PhysicalType::kString && !has_nulls() && rows >= 2 * kWordRows;
}

void ColumnVector::MarkWords() {
  if (!CanMarkWords()) return;
  WordBounds bounds;
  if (physical == types::PhysicalType::kInt64) {
    FindBounds(ints, bounds.least_ints, bounds.most_ints);
  } else {
    FindBounds(doubles, bounds.least_doubles, bounds.most_doubles);
  }
  word_bounds = std::make_shared<const WordBounds>(std::move(bounds));
}

std::size_t ColumnVector::SizeBytes() const {
  const std::size_t bounds_bytes = word_bounds == nullptr ? 0 : sizeof(WordBounds) + rows / kWordRows * 16;
  return ints.capacity() * sizeof(std::int64_t) + doubles.capacity() * sizeof(double) +
         strings.offsets.capacity() * sizeof(std::uint32_t) + strings.bytes.capacity() +
         validity.words().capacity() * sizeof(std::uint64_t) + bounds_bytes;
}

}  // namespace levee::columnar

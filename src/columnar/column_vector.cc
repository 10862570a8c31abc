#include "columnar/column_vector.h"

#include <algorithm>

#include "base/check.h"

namespace levee::columnar {
namespace {

// The mask of the `count` low bits; count is 1 to 64.
std::uint64_t LowBits(std::size_t count) { return ~std::uint64_t{0} >> (64 - count); }

// The `count` bits of `from` at `first`, in the low bits; count is 1 to 64.
std::uint64_t BitsAt(const std::vector<std::uint64_t>& words, std::size_t first, std::size_t count) {
  const std::size_t word = first >> 6;
  const std::size_t shift = first & 63;
  std::uint64_t bits = words[word] >> shift;
  if (shift != 0 && shift + count > 64) bits |= words[word + 1] << (64 - shift);
  return bits & LowBits(count);
}

// Sets rows [at, at + count), unset so far, from the low bits of `bits`; count is 1 to 64.
void OrBits(std::vector<std::uint64_t>& words, std::size_t at, std::uint64_t bits, std::size_t count) {
  const std::size_t shift = at & 63;
  words[at >> 6] |= bits << shift;
  if (shift != 0 && shift + count > 64) words[(at >> 6) + 1] |= bits >> (64 - shift);
}

// A bitmap of `size` rows that begins with `bitmap`, the new rows unset.
Bitmap Grown(Bitmap&& bitmap, std::size_t size) {
  if (bitmap.size() == 0) return Bitmap(size);
  // A small addition to a long bitmap: cheaper in place than a copy of all words.
  if (bitmap.size() / 32 > size - bitmap.size()) {
    while (bitmap.size() < size) bitmap.PushBack(false);
    return std::move(bitmap);
  }
  Bitmap grown(size);
  std::copy(bitmap.words().begin(), bitmap.words().end(), grown.words().begin());
  return grown;
}

void AppendValidity(ColumnVector& to, const ColumnVector& from, std::size_t first, std::size_t count) {
  if (count == 0 || (!to.has_nulls() && !from.has_nulls())) return;
  const std::size_t old_rows = to.rows;
  if (!to.has_nulls()) to.validity = Bitmap(old_rows, true);
  to.validity = Grown(std::move(to.validity), old_rows + count);
  for (std::size_t i = 0; i < count; i += 64) {
    const std::size_t bits = std::min<std::size_t>(64, count - i);
    const std::uint64_t word = from.has_nulls() ? BitsAt(from.validity.words(), first + i, bits) : LowBits(bits);
    OrBits(to.validity.words(), old_rows + i, word, bits);
  }
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

void GatherStrings(StringValues& to, const StringValues& from, const std::vector<std::uint32_t>& row_numbers) {
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
    validity = Grown(std::move(validity), rows + row_numbers.size());
    for (std::size_t i = 0; i < row_numbers.size(); ++i) {
      if (other.IsValid(row_numbers[i])) validity.Set(rows + i);
    }
  }
  switch (physical) {
    case types::PhysicalType::kInt64: Gather(ints, other.ints, row_numbers); break;
    case types::PhysicalType::kDouble: Gather(doubles, other.doubles, row_numbers); break;
    case types::PhysicalType::kString: GatherStrings(strings, other.strings, row_numbers); break;
  }
  rows += row_numbers.size();
}

std::size_t ColumnVector::SizeBytes() const {
  return ints.capacity() * sizeof(std::int64_t) + doubles.capacity() * sizeof(double) +
         strings.offsets.capacity() * sizeof(std::uint32_t) + strings.bytes.capacity() +
         validity.words().capacity() * sizeof(std::uint64_t);
}

}  // namespace levee::columnar

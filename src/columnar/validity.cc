#include "columnar/validity.h"

#include <algorithm>

namespace levee::columnar {
namespace {

// The mask of the `count` low bits; count is 1 to 64.
std::uint64_t LowBits(std::size_t count) { return ~std::uint64_t{0} >> (64 - count); }

// The `count` bits at `first`, in the low bits; count is 1 to 64.
std::uint64_t BitsAt(const std::uint64_t* words, std::size_t first, std::size_t count) {
  const std::size_t word = first >> 6;
  const std::size_t shift = first & 63;
  std::uint64_t bits = words[word] >> shift;
  if (shift + count > 64) bits |= words[word + 1] << (64 - shift);
  return bits & LowBits(count);
}

// A bitmap of `size` rows that begins with `bitmap`, the new rows unset.
Bitmap Grown(Bitmap&& bitmap, std::size_t size) {
  // A small addition to a long bitmap: cheaper in place than a copy of all words.
  if (bitmap.size() / 32 > size - bitmap.size()) {
    while (bitmap.size() < size) bitmap.PushBack(false);
    return std::move(bitmap);
  }
  Bitmap grown(size);
  std::copy(bitmap.words().begin(), bitmap.words().end(), grown.words().begin());
  return grown;
}

}  // namespace

void AppendValidityBits(const std::uint64_t* words, std::size_t first, std::size_t count,
                        ColumnVector& column) {
  if (!column.has_nulls()) column.validity = Bitmap(column.rows, true);
  column.validity = Grown(std::move(column.validity), column.rows + count);
  std::vector<std::uint64_t>& to = column.validity.words();
  for (std::size_t i = 0; i < count; i += 64) {
    const std::size_t bits = std::min<std::size_t>(64, count - i);
    const std::uint64_t word = words == nullptr ? LowBits(bits) : BitsAt(words, first + i, bits);
    const std::size_t at = column.rows + i;
    const std::size_t shift = at & 63;
    to[at >> 6] |= word << shift;
    if (shift + bits > 64) to[(at >> 6) + 1] |= word >> (64 - shift);
  }
}

}  // namespace levee::columnar

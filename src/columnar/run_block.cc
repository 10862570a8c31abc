#include "columnar/run_block.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

namespace levee::columnar {
namespace {

constexpr std::size_t kHeaderBytes = 9;  // width in bytes, least value
constexpr std::size_t kSharedMax = 255;  // in one byte

void PutLength(std::size_t length, Bytes& out) {
  for (; length >= 0x80; length >>= 7) out.push_back(static_cast<std::uint8_t>(length | 0x80));
  out.push_back(static_cast<std::uint8_t>(length));
}

std::size_t TakeLength(const std::uint8_t*& at) {
  std::size_t length = *at & 0x7f;
  for (int shift = 7; *at++ >= 0x80; shift += 7) length |= static_cast<std::size_t>(*at & 0x7f) << shift;
  return length;
}

std::size_t SharedPrefix(std::string_view a, std::string_view b) {
  const std::size_t most = std::min({a.size(), b.size(), kSharedMax});
  std::size_t shared = 0;
  while (shared + 8 <= most) {
    std::uint64_t left, right;
    std::memcpy(&left, a.data() + shared, 8);
    std::memcpy(&right, b.data() + shared, 8);
    if (left != right) return shared + static_cast<std::size_t>(std::countr_zero(left ^ right)) / 8;
    shared += 8;
  }
  while (shared < most && a[shared] == b[shared]) ++shared;
  return shared;
}

}  // namespace

void PackIntegers(std::span<const std::int64_t> values, Bytes& out) {
  std::int64_t least = values.empty() ? 0 : values[0], most = least;
  for (const std::int64_t value : values) {
    least = std::min(least, value);
    most = std::max(most, value);
  }
  const auto base = static_cast<std::uint64_t>(least);
  const std::size_t bits = static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(most) - base));
  const std::size_t width = (bits + 7) / 8;
  const std::size_t begin = out.size();
  const std::size_t size = kHeaderBytes + width * values.size();
  // Each store writes 8 bytes, of which the next one overwrites what is not its own.
  out.resize(begin + size + kRunBlockSlack);
  std::uint8_t* to = out.data() + begin;
  *to++ = static_cast<std::uint8_t>(width);
  std::memcpy(to, &base, sizeof(base));
  to += sizeof(base);
  if (width != 0) {
    for (const std::int64_t value : values) {
      const std::uint64_t offset = static_cast<std::uint64_t>(value) - base;
      std::memcpy(to, &offset, sizeof(offset));
      to += width;
    }
  }
  out.resize(begin + size);
}

void UnpackIntegers(const std::uint8_t* block, std::size_t first, std::size_t count, std::int64_t* to) {
  const std::size_t width = *block;
  std::uint64_t base;
  std::memcpy(&base, block + 1, sizeof(base));
  if (width == 0) return void(std::fill_n(to, count, static_cast<std::int64_t>(base)));
  const std::uint64_t mask = ~std::uint64_t{0} >> (64 - 8 * width);
  const std::uint8_t* at = block + kHeaderBytes + first * width;
  for (std::size_t i = 0; i < count; ++i, at += width) {
    std::uint64_t offset;
    std::memcpy(&offset, at, sizeof(offset));
    to[i] = static_cast<std::int64_t>((offset & mask) + base);
  }
}

void StringPacker::Add(std::string_view value) {
  const std::size_t shared = SharedPrefix(last_, value);
  out_.push_back(static_cast<std::uint8_t>(shared));
  PutLength(value.size() - shared, out_);
  const std::size_t at = out_.size();
  out_.resize(at + value.size() - shared);
  std::memcpy(out_.data() + at, value.data() + shared, value.size() - shared);
  last_ = value;
}

void UnpackStrings(const std::uint8_t* block, std::size_t first, std::size_t count,
                   StringValues& to) {
  const std::uint8_t* at = block;
  std::string before;  // of the rows that only lead up to `first`
  for (std::size_t i = 0; i < first; ++i) {
    before.resize(*at++);
    const std::size_t length = TakeLength(at);
    before.append(reinterpret_cast<const char*>(at), length);
    at += length;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t shared = *at++;
    const std::size_t length = TakeLength(at);
    const std::size_t begin = to.bytes.size();
    const std::size_t last = i == 0 ? 0 : to.offsets[to.offsets.size() - 2];
    // What is shared stands in the string before, which may move when the bytes grow.
    to.bytes.resize(begin + shared + length);
    std::memcpy(to.bytes.data() + begin, i == 0 ? before.data() : to.bytes.data() + last, shared);
    std::memcpy(to.bytes.data() + begin + shared, at, length);
    at += length;
    to.offsets.push_back(static_cast<std::uint32_t>(to.bytes.size()));
  }
}

}  // namespace levee::columnar

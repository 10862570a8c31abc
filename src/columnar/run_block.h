// A block of a spilled column: whole numbers in as few bytes as the block's range needs, strings by
// what they do not share with the one before. Lives for one import; no format of the store.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "columnar/column_vector.h"

namespace levee::columnar {

inline constexpr std::size_t kRunBlockRows = 512;
// What a reader may read past a block's end.
inline constexpr std::size_t kRunBlockSlack = 8;

// Appends the packed form of at most kRunBlockRows values.
void PackIntegers(std::span<const std::int64_t> values, Bytes& out);
// Unpacks values [first, first + count) of the block at `block`, which came from PackIntegers; kRunBlockSlack
// bytes after it can be read.
void UnpackIntegers(const std::uint8_t* block, std::size_t first, std::size_t count, std::int64_t* to);

// Appends strings by what they share with the one before them in the block.
class StringPacker {
 public:
  explicit StringPacker(Bytes& out) : out_(out) {}
  // `value` is read again at the next call.
  void Add(std::string_view value);

 private:
  Bytes& out_;
  std::string_view last_;
};

// Appends strings [first, first + count) of the block at `block`, which StringPacker wrote, to `to`.
void UnpackStrings(const std::uint8_t* block, std::size_t first, std::size_t count, StringValues& to);

}  // namespace levee::columnar

// How the values of a block become bytes: the interface, and the table of what there is.
//
// An encoding is made for one column of one segment: MakeEncoder may look at all its values (to
// build a dictionary) and answers null when the values do not suit it. Then each block is encoded
// alone. Null rows never reach an encoding as such: the caller fills them with a cheap value and
// keeps their bitmap. See docs/adding-an-encoding.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "base/status.h"
#include "columnar/column_vector.h"
#include "columnar/encodings/integer_range.h"

namespace levee::columnar {

// Strings that somebody else keeps: string i is bytes[offsets[i], offsets[i + 1]).
struct StringSlice {
  const std::uint32_t* offsets = nullptr;
  const char* bytes = nullptr;
  std::size_t rows = 0;

  std::string_view operator[](std::size_t row) const {
    return {bytes + offsets[row], offsets[row + 1] - offsets[row]};
  }
  std::string_view all() const { return {bytes + offsets[0], offsets[rows] - offsets[0]}; }
  StringSlice Part(std::size_t first, std::size_t count) const { return {offsets + first, bytes, count}; }
};

class IntegerEncoder {
 public:
  virtual ~IntegerEncoder() = default;
  // Appends one block of at most kBlockRows values.
  virtual void EncodeBlock(std::span<const std::int64_t> values, ByteWriter& out) = 0;
  // What decoding needs for the whole chunk, kept once in it.
  virtual Bytes Header() const { return {}; }
};

class StringEncoder {
 public:
  virtual ~StringEncoder() = default;
  virtual void EncodeBlock(const StringSlice& values, ByteWriter& out) = 0;
  virtual Bytes Header() const { return {}; }
};

// Decoders are immutable. A malformed block is kCorrupt, never a read or write out of bounds.
class IntegerDecoder {
 public:
  virtual ~IntegerDecoder() = default;
  // Fills `out`, which has the block's number of rows.
  virtual Status DecodeBlock(ByteSpan block, std::span<std::int64_t> out) const = 0;
  // out[i] = the value of row rows[i] of a block of `block_rows` rows. Without random access the
  // default decodes the block and picks.
  virtual Status DecodeRows(ByteSpan block, std::size_t block_rows, std::span<const std::uint32_t> rows,
                            std::int64_t* out) const;
  // Clears in `kept`, a bit a row, the rows whose value is not kept, from what is stored. False: it cannot tell, and
  // `kept` is as it was.
  virtual Result<bool> KeepWithin([[maybe_unused]] ByteSpan block, [[maybe_unused]] std::size_t block_rows,
                                  [[maybe_unused]] const RangeFilter& filter,
                                  [[maybe_unused]] std::span<std::uint64_t> kept) const {
    return false;
  }
};

class StringDecoder {
 public:
  virtual ~StringDecoder() = default;
  // Appends the block's `block_rows` strings.
  virtual Status DecodeBlock(ByteSpan block, std::size_t block_rows, StringValues& out) const = 0;
  virtual Status DecodeRows(ByteSpan block, std::size_t block_rows, std::span<const std::uint32_t> rows,
                            StringValues& out) const;
  // The texts that blocks name by their number, appended to `out`; false: the encoding keeps none.
  virtual bool AppendDictionary([[maybe_unused]] StringValues& out) const { return false; }
  // Of an encoding with a dictionary: fills `codes`, which has the block's number of rows, with numbers of its texts.
  virtual Status DecodeCodes(ByteSpan block, std::span<std::int64_t> codes) const;
};

struct Encoding {
  std::uint8_t number;  // on disk: append, never renumber
  std::string_view name;
  // True when DecodeRows costs as the rows, not as the block.
  bool random_access;
  // How much smaller it must be, in percent, to be chosen: than the best before it in the table, and
  // without random access than the best with it.
  unsigned least_gain_percent;
  // Each may be null: not for that type of values.
  std::unique_ptr<IntegerEncoder> (*make_integer_encoder)(std::span<const std::int64_t> values);
  Result<std::unique_ptr<IntegerDecoder>> (*make_integer_decoder)(ByteSpan header);
  std::unique_ptr<StringEncoder> (*make_string_encoder)(const StringSlice& values);
  Result<std::unique_ptr<StringDecoder>> (*make_string_decoder)(ByteSpan header);
};

// All encodings, by ascending number.
std::span<const Encoding> Encodings();
// Null when there is none of that number.
const Encoding* FindEncoding(std::uint8_t number);

// The error of a decoder: `why` names what does not fit.
std::unexpected<Error> CorruptBlock(std::string_view why);

}  // namespace levee::columnar

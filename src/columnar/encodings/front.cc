// `front`: each string as the length that it shares with the one before, and the rest.
//
// Block: packed shared lengths, packed lengths of the rests, the rests.
#include <algorithm>
#include <array>
#include <cstring>

#include "columnar/encodings/makers.h"
#include "columnar/encodings/packed_integers.h"
#include "columnar/encodings/string_block.h"

namespace levee::columnar {
namespace {

class Encoder : public StringEncoder {
 public:
  void EncodeBlock(const StringSlice& values, ByteWriter& out) override {
    std::array<std::int64_t, kBlockRows> shared;
    std::array<std::int64_t, kBlockRows> rest;
    std::string_view last;
    for (std::size_t i = 0; i < values.rows; ++i) {
      const std::string_view value = values[i];
      const std::size_t limit = std::min(last.size(), value.size());
      std::size_t same = 0;
      while (same < limit && last[same] == value[same]) ++same;
      shared[i] = static_cast<std::int64_t>(same);
      rest[i] = static_cast<std::int64_t>(value.size() - same);
      last = value;
    }
    PutPackedIntegers(std::span(shared).first(values.rows), out);
    PutPackedIntegers(std::span(rest).first(values.rows), out);
    for (std::size_t i = 0; i < values.rows; ++i) {
      out.PutBytes(AsBytes(values[i].substr(static_cast<std::size_t>(shared[i]))));
    }
  }
};

class Decoder : public StringDecoder {
 public:
  Status DecodeBlock(ByteSpan block, std::size_t block_rows, StringValues& out) const override {
    ByteReader reader(block);
    BlockLengths shared;
    BlockLengths rest;
    LEVEE_RETURN_IF_ERROR(ReadLengths(reader, block_rows, shared));
    LEVEE_RETURN_IF_ERROR(ReadLengths(reader, block_rows, rest));
    if (reader.remaining() != rest.total) return CorruptBlock("text of the wrong size");
    std::int64_t last = 0;
    for (std::size_t i = 0; i < block_rows; ++i) {
      if (shared.lengths[i] > last) return CorruptBlock("a string that shares more than there is");
      last = shared.lengths[i] + rest.lengths[i];
    }
    LEVEE_ASSIGN(char* text, GrowText(out, shared.total + rest.total));
    const std::uint8_t* from = reader.GetBytes(rest.total).data();
    std::size_t last_size = 0;
    for (std::size_t i = 0; i < block_rows; ++i) {
      const auto same = static_cast<std::size_t>(shared.lengths[i]);
      const auto added = static_cast<std::size_t>(rest.lengths[i]);
      if (same != 0) std::memcpy(text, text - last_size, same);
      if (added != 0) std::memcpy(text + same, from, added);
      from += added;
      last_size = same + added;
      text += last_size;
      rest.lengths[i] += shared.lengths[i];
    }
    AppendOffsets(std::span(rest.lengths).first(block_rows), out);
    return {};
  }
};

}  // namespace

std::unique_ptr<StringEncoder> MakeFrontEncoder(const StringSlice&) { return std::make_unique<Encoder>(); }

Result<std::unique_ptr<StringDecoder>> MakeFrontDecoder(ByteSpan) { return std::make_unique<Decoder>(); }

}  // namespace levee::columnar

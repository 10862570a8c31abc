// `plain` of strings: packed lengths, then the bytes.
#include <cstring>

#include "columnar/encodings/makers.h"
#include "columnar/encodings/string_block.h"

namespace levee::columnar {
namespace {

class Encoder : public StringEncoder {
 public:
  void EncodeBlock(const StringSlice& values, ByteWriter& out) override {
    PutLengths(values, out);
    out.PutBytes(AsBytes(values.all()));
  }
};

class Decoder : public StringDecoder {
 public:
  Status DecodeBlock(ByteSpan block, std::size_t block_rows, StringValues& out) const override {
    ByteReader reader(block);
    BlockLengths lengths;
    LEVEE_RETURN_IF_ERROR(ReadLengths(reader, block_rows, lengths));
    if (reader.remaining() != lengths.total) return CorruptBlock("text of the wrong size");
    LEVEE_ASSIGN(char* const text, GrowText(out, lengths.total));
    std::memcpy(text, reader.GetBytes(lengths.total).data(), lengths.total);
    AppendOffsets(std::span(lengths.lengths).first(block_rows), out);
    return {};
  }

  Status DecodeRows(ByteSpan block, std::size_t block_rows, std::span<const std::uint32_t> rows,
                    StringValues& out) const override {
    ByteReader reader(block);
    BlockLengths lengths;
    LEVEE_RETURN_IF_ERROR(ReadLengths(reader, block_rows, lengths));
    if (reader.remaining() != lengths.total) return CorruptBlock("text of the wrong size");
    const std::string_view text = AsText(reader.GetBytes(lengths.total));
    std::size_t row = 0;
    std::size_t at = 0;
    for (const std::uint32_t wanted : rows) {
      for (; row < wanted; ++row) at += static_cast<std::size_t>(lengths.lengths[row]);
      out.PushBack(text.substr(at, static_cast<std::size_t>(lengths.lengths[row])));
    }
    return {};
  }
};

}  // namespace

std::unique_ptr<StringEncoder> MakePlainStringEncoder(const StringSlice&) {
  return std::make_unique<Encoder>();
}

Result<std::unique_ptr<StringDecoder>> MakePlainStringDecoder(ByteSpan) {
  return std::make_unique<Decoder>();
}

}  // namespace levee::columnar

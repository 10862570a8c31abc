// `lz4`: packed lengths, then the block's text as one LZ4 block.
#include <lz4.h>

#include "columnar/encodings/makers.h"
#include "columnar/encodings/string_block.h"

namespace levee::columnar {
namespace {

// No LZ4 block grows by more than this on decompression.
constexpr std::size_t kRatioMax = 256;

class Encoder : public StringEncoder {
 public:
  void EncodeBlock(const StringSlice& values, ByteWriter& out) override {
    PutLengths(values, out);
    const std::string_view text = values.all();
    const std::size_t at = out.size();
    const int bound = LZ4_compressBound(static_cast<int>(text.size()));
    out.bytes().resize(at + static_cast<std::size_t>(bound));
    const int size = LZ4_compress_default(text.data(), reinterpret_cast<char*>(out.bytes().data() + at),
                                          static_cast<int>(text.size()), bound);
    out.bytes().resize(at + static_cast<std::size_t>(size));
  }
};

class Decoder : public StringDecoder {
 public:
  Status DecodeBlock(ByteSpan block, std::size_t block_rows, StringValues& out) const override {
    ByteReader reader(block);
    BlockLengths lengths;
    LEVEE_RETURN_IF_ERROR(ReadLengths(reader, block_rows, lengths));
    const ByteSpan packed = reader.GetBytes(reader.remaining());
    if (lengths.total > packed.size() * kRatioMax) return CorruptBlock("an LZ4 block of the wrong size");
    const std::size_t at = out.bytes.size();
    LEVEE_ASSIGN(char* const text, GrowText(out, lengths.total));
    const int size = LZ4_decompress_safe(reinterpret_cast<const char*>(packed.data()), text,
                                         static_cast<int>(packed.size()), static_cast<int>(lengths.total));
    if (size < 0 || static_cast<std::size_t>(size) != lengths.total) {
      out.bytes.resize(at);
      return CorruptBlock("an LZ4 block that does not decompress");
    }
    AppendOffsets(std::span(lengths.lengths).first(block_rows), out);
    return {};
  }
};

}  // namespace

std::unique_ptr<StringEncoder> MakeLz4Encoder(const StringSlice& values) {
  // Beyond LZ4's own limit; zstd has none.
  if (values.all().size() > LZ4_MAX_INPUT_SIZE) return nullptr;
  return std::make_unique<Encoder>();
}

Result<std::unique_ptr<StringDecoder>> MakeLz4Decoder(ByteSpan) { return std::make_unique<Decoder>(); }

}  // namespace levee::columnar

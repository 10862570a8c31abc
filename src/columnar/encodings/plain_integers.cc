// `plain`: eight bytes a value, little-endian.
#include <cstring>

#include "columnar/encodings/makers.h"

namespace levee::columnar {
namespace {

class Encoder : public IntegerEncoder {
 public:
  void EncodeBlock(std::span<const std::int64_t> values, ByteWriter& out) override {
    out.PutBytes({reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()});
  }
};

class Decoder : public IntegerDecoder {
 public:
  Status DecodeBlock(ByteSpan block, std::span<std::int64_t> out) const override {
    if (block.size() != out.size_bytes()) return CorruptBlock("a plain block of the wrong size");
    if (!out.empty()) std::memcpy(out.data(), block.data(), block.size());
    return {};
  }

  Status DecodeRows(ByteSpan block, std::size_t block_rows, std::span<const std::uint32_t> rows,
                    std::int64_t* out) const override {
    if (block.size() != block_rows * sizeof(std::int64_t))
      return CorruptBlock("a plain block of the wrong size");
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::memcpy(out + i, block.data() + rows[i] * sizeof(std::int64_t), sizeof(std::int64_t));
    }
    return {};
  }
};

}  // namespace

std::unique_ptr<IntegerEncoder> MakePlainIntegerEncoder(std::span<const std::int64_t>) {
  return std::make_unique<Encoder>();
}

Result<std::unique_ptr<IntegerDecoder>> MakePlainIntegerDecoder(ByteSpan) {
  return std::make_unique<Decoder>();
}

}  // namespace levee::columnar

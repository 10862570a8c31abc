// `for`: one run of packed integers a block; a constant block takes no bits.
#include "columnar/encodings/makers.h"
#include "columnar/encodings/packed_integers.h"

namespace levee::columnar {
namespace {

class Encoder : public IntegerEncoder {
 public:
  void EncodeBlock(std::span<const std::int64_t> values, ByteWriter& out) override {
    PutPackedIntegers(values, out);
  }
};

class Decoder : public IntegerDecoder {
 public:
  Status DecodeBlock(ByteSpan block, std::span<std::int64_t> out) const override {
    ByteReader reader(block);
    const auto values = PackedIntegers::Parse(reader, out.size());
    if (!values) return CorruptBlock("a frame of reference that is cut short");
    values->Unpack(out.data());
    return {};
  }

  Status DecodeRows(ByteSpan block, std::size_t block_rows, std::span<const std::uint32_t> rows,
                    std::int64_t* out) const override {
    ByteReader reader(block);
    const auto values = PackedIntegers::Parse(reader, block_rows);
    if (!values) return CorruptBlock("a frame of reference that is cut short");
    for (std::size_t i = 0; i < rows.size(); ++i) out[i] = (*values)[rows[i]];
    return {};
  }

  Result<bool> KeepWithin(ByteSpan block, std::size_t block_rows, const RangeFilter& filter,
                          std::span<std::uint64_t> kept) const override {
    ByteReader reader(block);
    const auto values = PackedIntegers::Parse(reader, block_rows);
    if (!values) return CorruptBlock("a frame of reference that is cut short");
    return values->KeepWithin(filter, kept);
  }
};

}  // namespace

std::unique_ptr<IntegerEncoder> MakeFrameOfReferenceEncoder(std::span<const std::int64_t>) {
  return std::make_unique<Encoder>();
}

Result<std::unique_ptr<IntegerDecoder>> MakeFrameOfReferenceDecoder(ByteSpan) {
  return std::make_unique<Decoder>();
}

}  // namespace levee::columnar
